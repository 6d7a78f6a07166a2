import Foundation
import Testing

@testable import Geometry

@Suite struct LogCovarianceTests {
  /// exp of [[p + q, r], [r, p − q]] by its power series after halving the argument ten times, and squaring back.
  private func exponential(_ log: LogCovariance) -> SymmetricMatrix2 {
    let scale = 1.0 / 1024
    let m = Matrix2((log.p + log.q) * scale, log.r * scale, log.r * scale, (log.p - log.q) * scale)
    var (sum, power, factorial) = (Matrix2.identity, Matrix2.identity, 1.0)
    for order in 1...12 {
      power = power * m
      factorial *= Double(order)
      sum = Matrix2(
        sum.a + power.a / factorial, sum.b + power.b / factorial, sum.c + power.c / factorial, sum.d + power.d / factorial)
    }
    for _ in 0..<10 { sum = sum * sum }
    return SymmetricMatrix2(xx: sum.a, xy: sum.b, yy: sum.d)
  }

  /// Logarithms of boxes from squares to 1:20, also where the code changes from series to closed forms.
  private func samples() -> [LogCovariance] {
    var noise = Noise()
    let elongations = [0, 1e-9, 5e-5, 1.5e-4, 0.005, 0.0099, 0.0101, 0.05, 0.3, 1, 2, 3]
    return elongations.flatMap { elongation in
      (0..<20).map { _ in
        let direction = Point(angle: noise.next(in: -4...4)) * elongation
        return LogCovariance(p: noise.next(in: -2...6), q: direction.x, r: direction.y)
      }
    }
  }

  @Test func theCovarianceIsTheMatrixExponential() {
    for log in samples() {
      #expect(log.covariance.relativeDistance(to: exponential(log)) < 1e-11)
    }
  }

  @Test func logarithmAndExponentialAreARoundTrip() throws {
    for log in samples() {
      let back = try #require(LogCovariance(log.covariance))
      // The determinant of a thin matrix loses as many digits as its ratio of variances, e⁶ at most here.
      #expect(back.p.isWithin(1e-12, of: log.p))
      #expect(back.q.isWithin(1e-12, of: log.q) && back.r.isWithin(1e-12, of: log.r))
    }
  }

  @Test func theLogarithmOfADiagonalIsTheLogarithmOfItsEntries() throws {
    let e = exp(1.0)
    let log = try #require(LogCovariance(SymmetricMatrix2(xx: e * e, xy: 0, yy: 1)))
    #expect(log.p.isNear(1) && log.q.isNear(1) && log.r == 0)
    #expect(LogCovariance(.identity) == LogCovariance(p: 0, q: 0, r: 0))
  }

  @Test func aBoxHasItsSidesRatioAndAngleInIt() throws {
    let box = OrientedBox(center: .zero, width: 40, height: 10, angle: 0.7)
    let log = try #require(LogCovariance(GaussianBox(box).covariance))
    #expect(log.elongation.isNear(Foundation.log(4.0)))
    #expect(log.angle.isNear(0.7))
    // p is the mean logarithm of the variances: ln(w h / 12).
    #expect(log.p.isNear(Foundation.log(400.0 / 12)))
  }

  @Test func scalingShiftsTheAreaAndTurningTurnsTheFormTwice() throws {
    var noise = Noise()
    for _ in 0..<500 {
      let covariance = noise.covariance()
      let log = try #require(LogCovariance(covariance))
      let scaled = try #require(LogCovariance(covariance * 7))
      #expect(scaled.p.isWithin(1e-12, of: log.p + Foundation.log(7.0)))
      #expect(scaled.q.isWithin(1e-10, of: log.q) && scaled.r.isWithin(1e-10, of: log.r))
      let angle = noise.next() * 2
      let turned = try #require(LogCovariance(Matrix2(rotation: angle).transform(covariance)))
      let form = Matrix2(rotation: 2 * angle) * Point(log.q, log.r)
      #expect((Point(turned.q, turned.r) - form).length < 1e-9)
    }
  }

  /// The step is the cube root of the double's epsilon, where a central difference is most exact: about 10⁻¹⁰ of the value.
  @Test func derivativesAreThoseOfCentralDifferences() {
    for log in samples() {
      let derivatives = log.covarianceDerivatives
      let scale = log.covariance.trace
      for (analytic, shifted) in [
        (derivatives.p, { LogCovariance(p: log.p + $0, q: log.q, r: log.r) }),
        (derivatives.q, { LogCovariance(p: log.p, q: log.q + $0, r: log.r) }),
        (derivatives.r, { LogCovariance(p: log.p, q: log.q, r: log.r + $0) }),
      ] as [(SymmetricMatrix2, (Double) -> LogCovariance)] {
        let numeric = centralDifference(at: 0, step: 6e-6) { shifted($0).covariance.entries }
        for (a, n) in zip(analytic.entries, numeric) { #expect(a.isWithin(1e-9 * scale, of: n)) }
      }
    }
  }

  @Test func whatIsNoCovarianceHasNoLogarithm() {
    for matrix in [
      SymmetricMatrix2(xx: 0, xy: 0, yy: 0), SymmetricMatrix2(xx: 1, xy: 2, yy: 1), SymmetricMatrix2(xx: -1, xy: 0, yy: -1),
      SymmetricMatrix2(xx: .nan, xy: 0, yy: 1), SymmetricMatrix2(xx: .infinity, xy: 0, yy: 1),
    ] {
      #expect(LogCovariance(matrix) == nil)
    }
  }
}
