import Foundation
import Splines

/// One term of a stored energy: a curve that is nowhere negative and does not fall outwards beyond its grid.
///
/// The coefficients are softplus functions of the learned numbers, those of the ends lie above their second neighbours: a B-spline with
/// coefficients of at least zero is at least zero, and the slope at an end of the grid is (c_{m+2} − c_m)/(2h).
public struct PassiveEnergy: Sendable, Hashable {
  /// The energy over its state; at least 0 everywhere.
  public private(set) var curve: CubicSpline
  /// The learned numbers, one a coefficient.
  public var parameters: [Double] {
    didSet { curve.set(PassiveEnergy.coefficients(parameters)) }
  }

  /// - Parameter parameters: The learned numbers, one a coefficient of the grid.
  /// - Throws: `SplineError` for another number of them, or one that is not finite.
  public init(grid: SplineGrid, parameters: [Double]) throws(SplineError) {
    guard parameters.count == grid.coefficientCount else {
      throw .coefficientCount(found: parameters.count, expected: grid.coefficientCount)
    }
    curve = try CubicSpline(grid: grid, coefficients: PassiveEnergy.coefficients(parameters))
    self.parameters = parameters
  }

  /// The energy nearest to a curve: the fit of its values, with what passivity forbids lifted.
  public static func fit(_ function: (Double) -> Double, on grid: SplineGrid) throws(SplineError) -> PassiveEnergy {
    // Ten points an interval determine every coefficient.
    let x = (0...grid.intervals * 10).map { grid.lower + (grid.upper - grid.lower) * Double($0) / Double(grid.intervals * 10) }
    let spline = try CubicSpline.fit(grid: grid, x: x, y: x.map(function), ridge: 0)
    let c = spline.coefficients
    // An energy is known up to a constant; a thousandth of its span keeps the logarithm finite.
    let least = c.min() ?? 0
    let lift = max(1e-3 * ((c.max() ?? 0) - least), 1e-6) - min(least, 0)
    var parameters = c.map { inverse($0 + lift) }
    parameters[0] = inverse(max(c[0] - c[2], 1e-9))
    parameters[c.count - 1] = inverse(max(c[c.count - 1] - c[c.count - 3], 1e-9))
    return try PassiveEnergy(grid: grid, parameters: parameters)
  }

  private static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }
  /// The z with softplus(z) = value > 0.
  private static func inverse(_ value: Double) -> Double { value > 30 ? value : log(expm1(value)) }

  private static func coefficients(_ parameters: [Double]) -> [Double] {
    var c = parameters.map(softplus)
    let last = c.count - 1
    c[0] += c[2]
    c[last] += c[last - 2]
    return c
  }

  /// Leads a gradient with respect to the coefficients back to the learned numbers.
  func pullBack(_ gradient: [Double]) -> [Double] {
    var result = gradient
    let last = gradient.count - 1
    result[2] += gradient[0]
    result[last - 2] += gradient[last]
    for index in result.indices { result[index] /= 1 + exp(-parameters[index]) }
    return result
  }

  /// The mean slope between two positions, with its derivatives with respect to both and to the coefficients.
  ///
  /// The slope is piecewise quadratic, so Simpson's rule between knots is exact, also where value(x') − value(x) would cancel.
  func meanSlope(from x: Double, to y: Double) -> (value: Double, from: Double, to: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: parameters.count)
    func add(_ position: Double, _ share: Double) {
      let weights = curve.grid.weights(at: position)
      for index in 0..<4 { gradient[weights.first + index] += share * weights.slope[index] }
    }
    let length = y - x
    // Closer positions than this see one slope; the limits of both derivatives are half the curvature.
    guard abs(length) > 1e-9 * (1 + abs(x)) else {
      let point = curve.evaluate((x + y) / 2)
      add((x + y) / 2, 1)
      return (point.slope, point.curvature / 2, point.curvature / 2, gradient)
    }
    let (lower, upper) = (min(x, y), max(x, y))
    let knots = (0...curve.grid.intervals).map { curve.grid.lower + Double($0) * curve.grid.step }.filter {
      $0 > lower && $0 < upper
    }
    let stops = [lower] + knots + [upper]
    for (a, b) in zip(stops, stops.dropFirst()) {
      let share = (b - a) / abs(length)
      add(a, share / 6)
      add((a + b) / 2, share * 4 / 6)
      add(b, share / 6)
    }
    let value = zip(gradient, curve.coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    let (start, end) = (curve.evaluate(x).slope, curve.evaluate(y).slope)
    return (value, (value - start) / length, (end - value) / length, gradient)
  }
}
