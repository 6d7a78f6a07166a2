import Foundation
import Splines

/// Polynomials by their coefficients, the highest power first.
public enum Polynomial {
  /// All roots, by the simultaneous iteration of Weierstrass, Durand and Kerner; for degrees up to about twenty.
  ///
  /// Leading coefficients that are nothing beside the largest are dropped.
  public static func roots(_ coefficients: [Double]) -> [ComplexNumber] {
    let largest = coefficients.map(abs).max() ?? 0
    let kept = Array(coefficients.drop { abs($0) <= 1e-12 * largest })
    guard kept.count > 1, largest > 0, largest.isFinite else { return [] }
    let monic = kept.map { $0 / kept[0] }
    // Starts on a circle that holds all roots, at angles that are not symmetric.
    let radius = 1 + (monic.dropFirst().map(abs).max() ?? 0)
    var roots = (0..<kept.count - 1).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(kept.count - 1) + 0.4
      return ComplexNumber(radius * cos(angle), radius * sin(angle))
    }
    for _ in 0..<2000 {
      var largestStep = 0.0
      for index in roots.indices {
        var divisor = ComplexNumber(1)
        for other in roots.indices where other != index { divisor = divisor * (roots[index] - roots[other]) }
        guard divisor.magnitude > 0 else { continue }
        let step = value(monic, at: roots[index]) / divisor
        roots[index] = roots[index] - step
        largestStep = max(largestStep, step.magnitude)
      }
      if largestStep < 1e-14 * radius { break }
    }
    return roots.sorted { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
  }

  static func value(_ coefficients: [Double], at z: ComplexNumber) -> ComplexNumber {
    coefficients.reduce(ComplexNumber(0)) { $0 * z + ComplexNumber($1) }
  }

  /// det(zI − matrix), by the recursion of Faddeev and Le Verrier.
  public static func characteristic(_ matrix: Matrix) -> [Double] {
    let n = matrix.rows
    var coefficients = [1.0]
    var power = Matrix(rows: n, columns: n)
    for k in 1...max(n, 1) where n > 0 {
      power = matrix * power + coefficients[k - 1] * Matrix.identity(n)
      coefficients.append(-(matrix * power).trace / Double(k))
    }
    return coefficients
  }
}
