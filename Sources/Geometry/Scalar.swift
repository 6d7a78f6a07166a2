import Foundation

/// The transcendental functions, under one name that inlinable code of this module can use.
@usableFromInline
enum Scalar {
  @usableFromInline static func cos(_ x: Double) -> Double { Foundation.cos(x) }
  @usableFromInline static func sin(_ x: Double) -> Double { Foundation.sin(x) }
  @usableFromInline static func atan2(_ y: Double, _ x: Double) -> Double { Foundation.atan2(y, x) }
  @usableFromInline static func exp(_ x: Double) -> Double { Foundation.exp(x) }
  @usableFromInline static func expm1(_ x: Double) -> Double { Foundation.expm1(x) }
  @usableFromInline static func log(_ x: Double) -> Double { Foundation.log(x) }
  @usableFromInline static func sinh(_ x: Double) -> Double { Foundation.sinh(x) }
  @usableFromInline static func cosh(_ x: Double) -> Double { Foundation.cosh(x) }
  @usableFromInline static func hypot(_ x: Double, _ y: Double) -> Double { Foundation.hypot(x, y) }
}
