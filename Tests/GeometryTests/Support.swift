import Testing

@testable import Geometry

/// Deterministic numbers in [−1, 1) (xorshift64*), and what is made of them.
struct Noise {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next() -> Double {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Double(Int64(bitPattern: state &* 2_685_821_657_736_338_717) >> 11) / 4_503_599_627_370_496
  }

  mutating func next(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (next() + 1) / 2 * (range.upperBound - range.lowerBound)
  }

  mutating func point(_ reach: Double = 1) -> Point { Point(next() * reach, next() * reach) }
  mutating func vector() -> Vector3 { Vector3(next(), next(), next()) }
  mutating func matrix() -> Matrix3 { Matrix3(columns: vector(), vector(), vector()) }

  mutating func quaternion() -> Quaternion {
    Quaternion(x: next(), y: next(), z: next(), w: next()).normalized ?? .identity
  }

  mutating func transform() -> RigidTransform { RigidTransform(quaternion: quaternion(), translation: vector()) }

  /// A box of ordinary size at any angle, in any order of its sides.
  mutating func box() -> OrientedBox {
    OrientedBox(center: point(40), width: next(in: 1...60), height: next(in: 1...60), angle: next(in: -7...7))
  }

  /// A map near the identity as a moving camera makes it: the corners of a picture of 640×360 stay far from its horizon.
  mutating func homography() -> Homography {
    Homography(
      1 + 0.2 * next(), 0.2 * next(), 20 * next(), 0.2 * next(), 1 + 0.2 * next(), 20 * next(), 2e-4 * next(), 2e-4 * next(), 1)
  }

  /// A covariance of standard deviations from 0.5 to 30 at any angle.
  mutating func covariance() -> SymmetricMatrix2 {
    let (a, b) = (next(in: 0.5...30), next(in: 0.5...30))
    return SymmetricMatrix2(major: a * a, minor: b * b, angle: next(in: -4...4))
  }
}

extension Double {
  /// Equal up to a relative tolerance.
  func isNear(_ other: Double, relative: Double = 1e-12) -> Bool { abs(self - other) <= relative * max(1e-300, abs(other)) }
  /// Equal up to an absolute tolerance.
  func isWithin(_ tolerance: Double, of other: Double) -> Bool { abs(self - other) <= tolerance }
}

extension SymmetricMatrix2 {
  var entries: [Double] { [xx, xy, yy] }
  /// The largest difference of an entry.
  func distance(to other: SymmetricMatrix2) -> Double { zip(entries, other.entries).map { abs($0 - $1) }.max() ?? 0 }
  /// The same relative to the other's trace.
  func relativeDistance(to other: SymmetricMatrix2) -> Double { distance(to: other) / other.trace }
}

/// The derivative of a vector-valued function by central differences, whose error falls with the square of the step.
func centralDifference(at x: Double, step: Double, _ function: (Double) -> [Double]) -> [Double] {
  zip(function(x + step), function(x - step)).map { ($0 - $1) / (2 * step) }
}

/// A set with a composition, as the laws of groups see it.
struct Group<Element> {
  let identity: Element
  let compose: (Element, Element) -> Element
  let invert: (Element) -> Element
  /// 0 for equal elements.
  let distance: (Element, Element) -> Double

  /// Expects closure under the laws: associativity, the neutral element on both sides, the inverse on both sides and of a product.
  func expectLaws(_ elements: (Element, Element, Element), tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let (a, b, c) = elements
    let associativity = distance(compose(compose(a, b), c), compose(a, compose(b, c)))
    #expect(associativity <= tolerance, "associativity", sourceLocation: sourceLocation)
    for (left, right) in [(a, identity), (identity, a)] {
      #expect(distance(compose(left, right), a) <= tolerance, "neutral element", sourceLocation: sourceLocation)
    }
    for (left, right) in [(a, invert(a)), (invert(a), a)] {
      #expect(distance(compose(left, right), identity) <= tolerance, "inverse", sourceLocation: sourceLocation)
    }
    let product = distance(invert(compose(a, b)), compose(invert(b), invert(a)))
    #expect(product <= tolerance, "inverse of a product", sourceLocation: sourceLocation)
  }
}
