import Foundation
import Testing

@testable import Geometry

@Suite struct HomographyTests {
  @Test func pointsGoWhereTheHomogeneousProductSays() {
    let map = Homography(1, 2, 3, 4, 5, 6, 0.1, 0.2, 1)
    // (1·10 + 2·20 + 3, 4·10 + 5·20 + 6) / (0.1·10 + 0.2·20 + 1) = (53, 146) / 6.
    let mapped = map.apply(Point(10, 20))
    #expect(mapped.x.isNear(53.0 / 6) && mapped.y.isNear(146.0 / 6))
    #expect(map.denominator(at: Point(10, 20)).isNear(6))
    #expect(Homography.translation(Point(3, -4)).apply(Point(1, 1)) == Point(4, -3))
    #expect(Homography.scaling(2, 3).apply(Point(1, 1)) == Point(2, 3))
  }

  @Test func theProductAppliesTheRightFactorFirst() {
    let product = Homography.scaling(2, 2) * Homography.translation(Point(1, 0))
    #expect(product.apply(Point(0, 0)) == Point(2, 0))
  }

  @Test func aFactorChangesNothing() {
    var noise = Noise()
    for _ in 0..<200 {
      let map = noise.homography()
      let factor = noise.next(in: 0.1...50)
      let scaled = Homography(rowMajor: map.rowMajor.map { $0 * factor })
      let p = noise.point(300)
      #expect(scaled.map { ($0.apply(p) - map.apply(p)).length < 1e-10 } == true)
      #expect(scaled.map { zip($0.normalized.rowMajor, map.rowMajor).allSatisfy { $0.isWithin(1e-12, of: $1) } } == true)
      #expect(scaled?.determinant.isNear(map.determinant * factor * factor * factor, relative: 1e-10) == true)
    }
  }

  @Test func nineNumbersAreARoundTripAndOtherCountsAreRefused() {
    let map = Homography(1, 2, 3, 4, 5, 6, 7, 8, 9)
    #expect(map.rowMajor == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(Homography(rowMajor: map.rowMajor) == map)
    #expect(Homography(rowMajor: []) == nil)
    #expect(Homography(rowMajor: Array(repeating: 1, count: 10)) == nil)
  }

  @Test func whatCannotBeUndoneHasNoInverse() {
    #expect(Homography(1, 2, 3, 2, 4, 6, 0, 0, 1).inverse == nil)
    #expect(Homography(0, 0, 0, 0, 0, 0, 0, 0, 0).inverse == nil)
    #expect(Homography(.nan, 0, 0, 0, 1, 0, 0, 0, 1).inverse == nil)
    #expect(!Homography(1, 0, .infinity, 0, 1, 0, 0, 0, 1).isFinite)
  }

  @Test func theInverseOfAMapThatSwapsTheOriginWithInfinityIsKept() throws {
    // h₃₃ of the map and of its inverse is 0: neither can be scaled to 1.
    let map = Homography(0, 0, 1, 0, 1, 0, 1, 0, 0)
    let inverse = try #require(map.inverse)
    let p = Point(4, 6)
    #expect((inverse.apply(map.apply(p)) - p).length < 1e-14)
    #expect(map.normalized == map)
  }

  @Test func theJacobianIsThatOfCentralDifferences() {
    var noise = Noise()
    for _ in 0..<500 {
      let (map, p) = (noise.homography(), Point(noise.next(in: 0...640), noise.next(in: 0...360)))
      let jacobian = map.jacobian(at: p)
      let alongX = centralDifference(at: 0, step: 1e-3) { [map.apply(p + Point($0, 0)).x, map.apply(p + Point($0, 0)).y] }
      let alongY = centralDifference(at: 0, step: 1e-3) { [map.apply(p + Point(0, $0)).x, map.apply(p + Point(0, $0)).y] }
      #expect(jacobian.a.isWithin(1e-8, of: alongX[0]) && jacobian.c.isWithin(1e-8, of: alongX[1]))
      #expect(jacobian.b.isWithin(1e-8, of: alongY[0]) && jacobian.d.isWithin(1e-8, of: alongY[1]))
    }
  }

  @Test func theJacobianOfAProductIsTheProductOfTheJacobians() {
    var noise = Noise()
    for _ in 0..<500 {
      let (a, b, p) = (noise.homography(), noise.homography(), noise.point(300))
      let chain = a.jacobian(at: b.apply(p)) * b.jacobian(at: p)
      let whole = (a * b).jacobian(at: p)
      #expect(
        zip([chain.a, chain.b, chain.c, chain.d], [whole.a, whole.b, whole.c, whole.d]).allSatisfy { $0.isWithin(1e-11, of: $1) })
    }
  }

  // MARK: Boxes

  @Test func anAffineMapMovesABoxExactly() throws {
    let map = Homography(0, -2, 100, 2, 0, 50, 0, 0, 1)  // A quarter turn, twice as large.
    let box = GaussianBox(OrientedBox(center: Point(10, 20), width: 8, height: 4, angle: 0))
    let moved = try #require(map.transform(box)).orientedBox
    #expect((moved.center - Point(60, 70)).length < 1e-12)
    #expect(moved.width.isNear(16) && moved.height.isNear(8))
    #expect(abs(moved.angle).isNear(.pi / 2))
  }

  /// The covariance of what a map makes of a Gaussian, by a product of two Gauss-Hermite rules of five nodes (Abramowitz and Stegun,
  /// table 25.10), exact for polynomials to the ninth degree.
  private func mappedCovariance(_ map: Homography, _ box: GaussianBox) -> SymmetricMatrix2 {
    let nodes: [(Double, Double)] = [
      (0, 0.945308720482942), (0.958572464613819, 0.393619323152241), (-0.958572464613819, 0.393619323152241),
      (2.020182870456086, 0.019953242059046), (-2.020182870456086, 0.019953242059046),
    ]
    let (major, minor, angle) = box.covariance.eigen
    var samples: [(Point, Double)] = []
    for (u, wu) in nodes {
      for (v, wv) in nodes {
        let local = Point(u * (2 * major).squareRoot(), v * (2 * minor).squareRoot())
        samples.append((map.apply(box.mean + Matrix2(rotation: angle) * local), wu * wv / .pi))
      }
    }
    let mean = samples.reduce(Point.zero) { $0 + $1.0 * $1.1 }
    return samples.reduce(SymmetricMatrix2(xx: 0, xy: 0, yy: 0)) { sum, sample in
      let d = sample.0 - mean
      return sum + SymmetricMatrix2(xx: d.x * d.x, xy: d.x * d.y, yy: d.y * d.y) * sample.1
    }
  }

  @Test func aProjectiveMapMovesABoxUpToTheStatedError() throws {
    var noise = Noise()
    for _ in 0..<300 {
      let map = noise.homography()
      let box = GaussianBox(mean: Point(noise.next(in: 0...640), noise.next(in: 0...360)), covariance: noise.covariance())
      let moved = try #require(map.transform(box))
      let gradient = Point(map.h31, map.h32)
      let kappa = (box.covariance.quadraticForm(gradient)).squareRoot() / abs(map.denominator(at: box.mean))
      #expect(moved.covariance.relativeDistance(to: mappedCovariance(map, box)) < 10 * kappa * kappa + 1e-9)
    }
  }

  @Test func aBoxAcrossTheHorizonHasNoImage() {
    // The horizon is the line x = 100.
    let map = Homography(1, 0, 0, 0, 1, 0, -0.01, 0, 1)
    let near = GaussianBox(OrientedBox(center: Point(95, 50), width: 30, height: 10, angle: 0))
    let far = GaussianBox(OrientedBox(center: Point(20, 50), width: 30, height: 10, angle: 0))
    let on = GaussianBox(mean: Point(100, 50), covariance: SymmetricMatrix2(xx: 0, xy: 0, yy: 0))
    #expect(map.transform(near) == nil)
    #expect(map.transform(on) == nil)
    #expect(map.transform(far) != nil)
    #expect(Homography(.nan, 0, 0, 0, 1, 0, 0, 0, 1).transform(far) == nil)
  }
}
