public import ModelFiles
public import NetworkGraph

/// One operation with its inputs at hand: what a kernel works on.
public struct KernelCall: Sendable {
  /// The operation with its attributes and version.
  public let node: Node
  /// The tensors in the order of the node's inputs; nil for an optional one that is left out.
  public let inputs: [Tensor?]

  /// - Parameter inputs: In the order of the node's inputs; nil for an optional one that is left out.
  public init(node: Node, inputs: [Tensor?]) {
    self.node = node
    self.inputs = inputs
  }

  package var version: Int { node.version }

  /// An error that names the node.
  package func fault(_ text: String) -> NetworkError { NetworkError(.invalid, "\(node.label) \(text).") }
  package func unsupported(_ text: String) -> NetworkError {
    NetworkError(.unsupported, "\(node.label) \(text), which is not supported.")
  }

  // MARK: Inputs

  /// An input that must be there.
  package func input(_ index: Int) throws -> Tensor {
    guard index < inputs.count, let tensor = inputs[index] else { throw fault("lacks its input \(index)") }
    return tensor
  }

  /// An input of floats, which must be there: what ONNX declares for floats alone.
  package func floats(_ index: Int) throws -> Tensor {
    let tensor = try input(index)
    guard tensor.type.isFloat else { throw fault("needs floats as its input \(index), not \(tensor.type.rawValue)") }
    return tensor
  }

  /// An input that may be left out.
  package func optional(_ index: Int) -> Tensor? { index < inputs.count ? inputs[index] : nil }

  /// The integers of an input.
  package func integers(_ index: Int) throws -> [Int] {
    guard let values = try input(index).elements.integers else { throw fault("needs integers as its input \(index)") }
    return values.map { Int($0) }
  }

  package func optionalIntegers(_ index: Int) throws -> [Int]? { optional(index) == nil ? nil : try integers(index) }

  /// An input of one integer.
  package func integer(_ index: Int) throws -> Int {
    let values = try integers(index)
    guard values.count == 1 else { throw fault("needs a single integer as its input \(index), not \(values.count)") }
    return values[0]
  }

  /// An input of one number.
  package func number(_ index: Int) throws -> Double {
    let tensor = try input(index)
    guard tensor.count == 1 else { throw fault("needs a single number as its input \(index), not \(tensor.count)") }
    return tensor.elements.doubles[0]
  }

  // MARK: Attributes

  package func int(_ name: String) throws -> Int? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .integer(let value) = attribute else { throw fault("has an attribute '\(name)' that is no integer") }
    return Int(value)
  }

  package func int(_ name: String, default value: Int) throws -> Int { try int(name) ?? value }

  package func flag(_ name: String, default value: Bool = false) throws -> Bool { try int(name).map { $0 != 0 } ?? value }

  package func ints(_ name: String) throws -> [Int]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .integers(let values) = attribute else { throw fault("has an attribute '\(name)' that is no list of integers") }
    return values.map { Int($0) }
  }

  package func float(_ name: String, default value: Double) throws -> Double {
    guard let attribute = node.attributes[name] else { return value }
    guard case .float(let value) = attribute else { throw fault("has an attribute '\(name)' that is no number") }
    return Double(value)
  }

  package func floats(_ name: String) throws -> [Double]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .floats(let values) = attribute else { throw fault("has an attribute '\(name)' that is no list of numbers") }
    return values.map { Double($0) }
  }

  package func string(_ name: String, default value: String) throws -> String {
    guard let attribute = node.attributes[name] else { return value }
    guard case .string(let value) = attribute else { throw fault("has an attribute '\(name)' that is no text") }
    return value
  }

  package func strings(_ name: String) throws -> [String]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .strings(let values) = attribute else { throw fault("has an attribute '\(name)' that is no list of texts") }
    return values
  }

  package func graph(_ name: String) throws -> Graph {
    guard case .graph(let graph)? = node.attributes[name] else { throw fault("lacks its graph '\(name)'") }
    return graph
  }

  // MARK: Axes

  /// The axis from 0; a negative one counts from the end.
  package func axis(_ axis: Int, rank: Int) throws -> Int {
    guard axis >= -rank, axis < rank else { throw fault("has the axis \(axis) for a tensor of \(rank) axes") }
    return axis < 0 ? axis + rank : axis
  }

  /// Different axes from 0.
  package func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, rank: rank) }
    guard Set(result).count == result.count else { throw fault("names an axis twice") }
    return result
  }

  /// A tensor of float results, rounded to `type`.
  package func result(_ shape: [Int], _ values: [Double], type: ElementType) throws -> Tensor {
    try Tensor(shape: shape, elements: .from(values, type: type))
  }

  /// `count` of these may be allocated.
  package func count(_ shape: [Int]) throws -> Int {
    do {
      return try Tensor.elementCount(of: shape)
    } catch let error as ModelFileError {
      throw fault("cannot make its result: \(error.description.dropLast())")
    }
  }
}
