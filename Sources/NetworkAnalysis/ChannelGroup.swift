internal import ModelFiles

/// A part of an output whose error is told by itself, such as a detector's centres, sizes and classes.
public struct ChannelGroup: Sendable, Equatable {
  /// The name for people.
  public let name: String
  /// The output's name.
  public let output: String
  /// The axis that the part is cut from, and its places; nil: the whole output.
  public let part: Part?

  /// Places of an axis.
  public struct Part: Sendable, Equatable {
    let axis: Int
    let places: Range<Int>
    /// - Parameter axis: Counted from the first one, 0.
    public init(axis: Int, places: Range<Int>) { (self.axis, self.places) = (axis, places) }
  }

  /// - Parameter part: nil: the whole output.
  public init(name: String, output: String, part: Part? = nil) { (self.name, self.output, self.part) = (name, output, part) }

  /// The part's numbers; none where the tensor has no such places.
  func numbers(_ tensor: Tensor) -> [Double] {
    guard let part else { return tensor.elements.doubles }
    guard part.axis < tensor.rank, part.places.upperBound <= tensor.shape[part.axis] else { return [] }
    let inner = tensor.shape[(part.axis + 1)...].reduce(1, *)
    let outer = tensor.shape[..<part.axis].reduce(1, *)
    let values = tensor.elements.doubles
    return (0..<outer).flatMap { index -> ArraySlice<Double> in
      let start = index * tensor.shape[part.axis] * inner
      return values[start + part.places.lowerBound * inner..<start + part.places.upperBound * inner]
    }
  }
}

/// How far results are from exact ones, summed over samples.
public struct RelativeError: Sendable {
  private var difference = 0.0
  private var norm = 0.0

  /// Nothing compared yet.
  public init() {}

  /// Adds numbers and those that they should be, as many.
  public mutating func add(_ found: [Double], exact: [Double]) {
    for (a, b) in zip(found, exact) where a.isFinite && b.isFinite {
      difference += (a - b) * (a - b)
      norm += b * b
    }
  }

  /// ‖a − b‖ ∕ ‖b‖; the plain ‖a − b‖ where every exact number is zero.
  public var value: Double { (norm > 0 ? difference / norm : difference).squareRoot() }
}
