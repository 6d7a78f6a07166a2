import Foundation
import Testing

@testable import Geometry

@Suite struct GaussianBoxTests {
  /// The overlap ∫ √(f g) of two densities by the midpoint rule over ±8 standard deviations, which converges faster than any power.
  private func overlap(_ a: GaussianBox, _ b: GaussianBox) throws -> Double {
    let (inverseA, inverseB) = (try #require(a.covariance.inverse), try #require(b.covariance.inverse))
    let reach = 8 * max(a.covariance.trace, b.covariance.trace).squareRoot() + (a.mean - b.mean).length
    let count = 400
    let step = 2 * reach / Double(count)
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count {
        let p = a.mean + Point(-reach + (Double(i) + 0.5) * step, -reach + (Double(j) + 0.5) * step)
        sum += exp(-(inverseA.quadraticForm(p - a.mean) + inverseB.quadraticForm(p - b.mean)) / 4)
      }
    }
    let norm = 2 * Double.pi * (a.covariance.determinant * b.covariance.determinant).squareRoot().squareRoot()
    return sum * step * step / norm
  }

  @Test func theCovarianceIsTheSecondMomentOfTheFilledRectangle() {
    let box = OrientedBox(center: Point(30, 20), width: 12, height: 5, angle: 0.6)
    // The mean over the middles of n × n cells has the variance w²/12 · (1 − 1/n²) along a side of w.
    let n = 60
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for i in 0..<n {
      for j in 0..<n {
        let local = Point((Double(i) + 0.5) / Double(n) - 0.5, (Double(j) + 0.5) / Double(n) - 0.5)
        let p = Matrix2(rotation: box.angle) * Point(local.x * box.width, local.y * box.height)
        (xx, xy, yy) = (xx + p.x * p.x, xy + p.x * p.y, yy + p.y * p.y)
      }
    }
    let correction = Double(n * n) * (1 - 1 / Double(n * n))
    let moments = SymmetricMatrix2(xx: xx / correction, xy: xy / correction, yy: yy / correction)
    #expect(GaussianBox(box).covariance.distance(to: moments) < 1e-11)
    #expect(GaussianBox(box).mean == box.center)
  }

  @Test func boxAndMomentsAreARoundTrip() {
    var noise = Noise()
    for _ in 0..<1000 {
      let box = noise.box().canonical
      let back = GaussianBox(box).orientedBox
      #expect(back.center == box.center)
      #expect(back.width.isNear(box.width, relative: 1e-11) && back.height.isNear(box.height, relative: 1e-11))
      // The angle of a near-square is as uncertain as its sides are alike.
      let doubt = 1e-14 * box.width / max(1e-9, box.width - box.height)
      #expect(abs(Angle.axisDifference(from: back.angle, to: box.angle)) < 1e-13 + doubt)
    }
  }

  @Test func uprightBoxesAgreeWithTheirOrientedTwins() {
    for box in [AxisBox(left: 3, top: 4, width: 10, height: 6), AxisBox(left: -3, top: 4, width: 2, height: 60)] {
      let (upright, oriented) = (GaussianBox(box), GaussianBox(OrientedBox(box)))
      #expect(upright.mean == oriented.mean)
      #expect(upright.covariance.relativeDistance(to: oriented.covariance) < 1e-15)
    }
  }

  @Test func shiftedTwinsAreAnEighthOfTheSquaredOffsetApart() {
    // Equal covariances σ²: B = d²/(8 σ²).
    let a = GaussianBox(mean: Point(10, 10), covariance: SymmetricMatrix2(xx: 9, xy: 0, yy: 4))
    let b = GaussianBox(mean: Point(16, 10), covariance: a.covariance)
    #expect(a.bhattacharyyaDistance(to: b).isNear(36.0 / 72))
    #expect(a.hellingerDistance(to: b).isNear((1 - exp(-0.5)).squareRoot()))
    #expect(a.probIoU(with: b).isNear(1 - (1 - exp(-0.5)).squareRoot()))
  }

  @Test func concentricCirclesAreAsFarApartAsTheirMeansOfVariance() {
    // Variances a and b at one place: B = ln((a + b)/2 / √(a b)).
    let a = GaussianBox(mean: .zero, covariance: .identity * 4)
    let b = GaussianBox(mean: .zero, covariance: .identity * 16)
    #expect(a.bhattacharyyaDistance(to: b).isNear(Foundation.log(10.0 / 8)))
  }

  @Test func theDistanceIsTheOverlapOfTheDensities() throws {
    var noise = Noise()
    for _ in 0..<6 {
      let a = GaussianBox(mean: noise.point(5), covariance: SymmetricMatrix2(major: 9, minor: 4, angle: noise.next() * 3))
      let b = GaussianBox(mean: noise.point(5), covariance: SymmetricMatrix2(major: 25, minor: 3, angle: noise.next() * 3))
      #expect(exp(-a.bhattacharyyaDistance(to: b)).isNear(try overlap(a, b), relative: 1e-9))
    }
  }

  @Test func theDistanceIsAMetricOfShapeThatNoAffineMapChanges() throws {
    var noise = Noise()
    for _ in 0..<500 {
      let (a, b) = (GaussianBox(noise.box()), GaussianBox(noise.box()))
      let distance = a.bhattacharyyaDistance(to: b)
      #expect(distance >= 0)
      #expect(distance.isNear(b.bhattacharyyaDistance(to: a)))
      #expect(a.bhattacharyyaDistance(to: a).isWithin(1e-12, of: 0))
      let h = a.hellingerDistance(to: b)
      #expect(h >= 0 && h <= 1 && (a.probIoU(with: b) + h).isNear(1))
      let map = Homography(2, 0.3, 5, -0.4, 1.5, -9, 0, 0, 1)
      let (mappedA, mappedB) = (try #require(map.transform(a)), try #require(map.transform(b)))
      #expect(mappedA.bhattacharyyaDistance(to: mappedB).isNear(distance, relative: 1e-9))
    }
  }

  @Test func theHellingerDistanceObeysTheTriangleInequality() {
    var noise = Noise()
    for _ in 0..<1000 {
      let (a, b, c) = (GaussianBox(noise.box()), GaussianBox(noise.box()), GaussianBox(noise.box()))
      #expect(a.hellingerDistance(to: c) <= a.hellingerDistance(to: b) + b.hellingerDistance(to: c) + 1e-12)
    }
  }

  @Test func aBoxWithoutAreaIsInfinitelyFar() {
    let flat = GaussianBox(AxisBox(left: 0, top: 0, width: 10, height: 0))
    let box = GaussianBox(AxisBox(left: 0, top: 0, width: 10, height: 5))
    #expect(flat.bhattacharyyaDistance(to: box) == .infinity)
    #expect(flat.probIoU(with: box) == 0)
    #expect(flat.orientedBox.height == 0)
  }

  @Test func aShapeInLogarithmsIsTheSameBox() throws {
    let box = GaussianBox(OrientedBox(center: Point(1, 2), width: 9, height: 3, angle: -1))
    let shape = try #require(LogCovariance(box.covariance))
    #expect(GaussianBox(mean: box.mean, shape: shape).covariance.relativeDistance(to: box.covariance) < 1e-13)
  }
}
