import Foundation

/// A complex number.
public struct ComplexNumber: Sendable, Hashable {
  /// The real part.
  public var real: Double
  /// The imaginary part.
  public var imaginary: Double

  /// real + imaginary · i.
  public init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The distance from 0.
  public var magnitude: Double { hypot(real, imaginary) }
  /// In (−π, π].
  public var angle: Double { atan2(imaginary, real) }

  static func + (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber { ComplexNumber(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    ComplexNumber(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func / (a: ComplexNumber, b: ComplexNumber) -> ComplexNumber {
    let square = b.real * b.real + b.imaginary * b.imaginary
    return ComplexNumber(
      (a.real * b.real + a.imaginary * b.imaginary) / square, (a.imaginary * b.real - a.real * b.imaginary) / square)
  }
}
