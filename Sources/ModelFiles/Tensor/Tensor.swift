/// An array of numbers of one type with a shape, in row-major order: what goes into a network and comes out of it.
public struct Tensor: Sendable, Equatable {
  /// The sizes of the axes, outermost first; empty for a single number. A size of zero makes an empty tensor.
  public let shape: [Int]
  /// The numbers, the last axis the fastest; as many as the product of `shape`.
  public let elements: Elements

  /// - Throws: `ModelFileError` where the shape asks for another number of elements than there are.
  public init(shape: [Int], elements: Elements) throws {
    guard try Tensor.elementCount(of: shape) == elements.count else {
      throw ModelFileError.malformed(
        "A tensor of shape \(Tensor.text(shape)) cannot hold \(elements.count) elements; give as many as the shape has.")
    }
    self.shape = shape
    self.elements = elements
  }

  /// - Throws: `ModelFileError` where the shape asks for another number of elements than there are.
  public init<Element: TensorElement>(shape: [Int], _ values: [Element]) throws {
    try self.init(shape: shape, elements: Element.wrap(values))
  }

  /// A list of numbers, one axis.
  public init<Element: TensorElement>(list values: [Element]) {
    shape = [values.count]
    elements = Element.wrap(values)
  }

  /// A single number, without axes.
  public init<Element: TensorElement>(scalar value: Element) {
    shape = []
    elements = Element.wrap([value])
  }

  /// The type that all elements have.
  public var type: ElementType { elements.type }
  /// The number of elements: the product of `shape`.
  public var count: Int { elements.count }
  /// The number of axes; 0 for a single number.
  public var rank: Int { shape.count }
  /// Bytes of the elements.
  public var byteCount: Int { count * type.byteCount }

  /// The same elements under another shape.
  public func reshaped(_ shape: [Int]) throws -> Tensor { try Tensor(shape: shape, elements: elements) }

  /// The values, where they are of the type asked for.
  public func values<Element: TensorElement>(_: Element.Type = Element.self) -> [Element]? { Element.unwrap(elements) }

  /// The product of the sizes, checked.
  ///
  /// - Throws: `ModelFileError.tooLarge` above `ModelLimits.elements` or `ModelLimits.rank`, `.malformed` for a negative size.
  public static func elementCount(of shape: [Int]) throws -> Int {
    guard shape.count <= ModelLimits.rank else {
      throw ModelFileError.tooLarge("A tensor has \(shape.count) axes; at most \(ModelLimits.rank) are read.")
    }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw ModelFileError.malformed("A tensor of shape \(text(shape)) has a negative size; every size must be zero or more.")
    }
    guard !shape.contains(0) else { return 0 }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= ModelLimits.elements else {
        throw ModelFileError.tooLarge(
          "A tensor of shape \(text(shape)) has more than \(ModelLimits.elements) elements; give a smaller size.")
      }
      count = product
    }
    return count
  }

  /// A shape as people write it: `1x3x640x640`, `scalar` without axes.
  public static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x")
  }
}
