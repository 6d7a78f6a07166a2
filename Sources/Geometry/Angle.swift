import Foundation

/// Wrapping of angles in radians. An *axis* (the side of a box) is known modulo π, a *heading* modulo 2π.
public enum Angle {
  /// The same heading in [−π, π).
  public static func wrappedHeading(_ angle: Double) -> Double {
    wrapped(angle, period: 2 * .pi)
  }

  /// The same axis in [−π/2, π/2).
  public static func wrappedAxis(_ angle: Double) -> Double {
    wrapped(angle, period: .pi)
  }

  /// The smallest turn from one heading to another, in [−π, π).
  public static func headingDifference(from: Double, to: Double) -> Double {
    wrappedHeading(to - from)
  }

  /// The smallest turn from one axis to another, in [−π/2, π/2).
  public static func axisDifference(from: Double, to: Double) -> Double {
    wrappedAxis(to - from)
  }

  private static func wrapped(_ angle: Double, period: Double) -> Double {
    let half = period / 2
    // What is in the range is left alone: just below its open end the sum below would round up a turn.
    if angle >= -half, angle < half { return angle }
    let turned = angle - period * ((angle + half) / period).rounded(.down)
    // Rounding can leave the value at the open end of the range.
    return turned >= half ? turned - period : max(turned, -half)
  }
}
