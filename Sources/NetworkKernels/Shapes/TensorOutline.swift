public import ModelFiles
internal import NetworkGraph

/// A tensor without its numbers.
public struct TensorOutline: Sendable, Equatable {
  /// What its numbers are.
  public let type: ElementType
  /// The sizes of its axes.
  public let shape: [Int]

  /// A tensor's type and shape.
  public init(_ type: ElementType, _ shape: [Int]) { (self.type, self.shape) = (type, shape) }
}

/// A node with the outlines of its inputs, and the numbers of those that are known beforehand.
struct OutlineCall {
  let call: KernelCall
  let outlines: [TensorOutline?]

  /// The shape of an input that must be there.
  func shape(_ index: Int) throws -> [Int] { try outline(index).shape }

  func outline(_ index: Int) throws -> TensorOutline {
    guard index < outlines.count, let outline = outlines[index] else { throw call.fault("lacks its input \(index)") }
    return outline
  }

  func optional(_ index: Int) -> TensorOutline? { index < outlines.count ? outlines[index] : nil }

  /// Whether an input is left out or its numbers are known.
  func isKnown(_ index: Int) -> Bool { optional(index) == nil || call.optional(index) != nil }

  /// The common shape of inputs that grow onto each other.
  func broadcast(_ places: [Int]) throws -> [Int] {
    let shapes = try places.map(shape)
    guard let result = Broadcasting.shape(shapes) else {
      throw call.fault("cannot bring the shapes \(shapes.map { Tensor.text($0) }.joined(separator: " and ")) together")
    }
    return result
  }
}

/// Tells the outlines of a node's outputs; nil for one whose shape depends on numbers.
typealias OutlineRule = @Sendable (OutlineCall) throws -> [TensorOutline?]
