public import ModelFiles
public import NetworkGraph
internal import NetworkKernels

/// Adds nodes to a graph: arithmetic on numbers of values, constants, and any operation by its name.
public struct GraphBuilder: Sendable {
  /// The graph so far.
  public private(set) var graph: Graph
  /// The type of the constants that it makes, and of everything computed from them.
  public let type: ElementType
  /// The version of ONNX's operator set that added nodes follow.
  static let version = 20
  private var numbers: [Double: Int] = [:]
  private var lists: [[Int]: Int] = [:]

  /// - Parameter type: float32 to train, float64 to check.
  public init(name: String, type: ElementType = .float32) {
    self.init(graph: Graph(name: name, operatorSets: ["": GraphBuilder.version, Kernels.ownDomain: 1]), type: type)
  }

  /// Goes on with a graph.
  init(graph: Graph, type: ElementType) {
    self.graph = graph
    self.type = type
    self.graph.operatorSets[Kernels.ownDomain] = 1
  }

  // MARK: Values

  private mutating func define(_ value: Value) -> Int {
    graph.values.append(value)
    return graph.values.count - 1
  }

  /// A value that the caller gives in every run.
  public mutating func input(_ name: String, shape: [Size], type: ElementType? = nil) -> Int {
    let number = define(Value(name: name, type: type ?? self.type, shape: shape))
    graph.inputs.append(number)
    return number
  }

  /// A value that the caller gets, under a name of its own.
  public mutating func output(_ value: Int, name: String) {
    let number = one("Identity", [value], name: name)
    graph.outputs.append(number)
  }

  /// A fixed tensor.
  public mutating func constant(_ tensor: Tensor) -> Int {
    define(
      Value(name: "constant \(graph.values.count)", type: tensor.type, shape: tensor.shape.map { .fixed($0) }, constant: tensor))
  }

  /// A single number of the builder's type, without axes; equal ones are made once.
  public mutating func constant(_ number: Double) -> Int {
    if let known = numbers[number] { return known }
    let made = constant(type == .float64 ? Tensor(scalar: number) : Tensor(scalar: Float(number)))
    numbers[number] = made
    return made
  }

  /// Fixed numbers of the builder's type.
  public mutating func constant(_ shape: [Int], _ numbers: [Double]) throws -> Int {
    constant(type == .float64 ? try Tensor(shape: shape, numbers) : try Tensor(shape: shape, numbers.map { Float($0) }))
  }

  /// A list of integers, as shapes and axes are given; equal ones are made once.
  public mutating func integers(_ list: [Int]) -> Int {
    if let known = lists[list] { return known }
    let made = constant(Tensor(list: list.map(Int64.init)))
    lists[list] = made
    return made
  }

  // MARK: Nodes

  /// Adds a node.
  ///
  /// - Parameters:
  ///   - domain: "" for ONNX's own operations.
  ///   - count: How many outputs it has.
  ///   - name: The first output's; one is made up otherwise.
  public mutating func add(
    _ operation: String, _ inputs: [Int?], _ attributes: [String: Attribute] = [:], domain: String = "", version: Int? = nil,
    count: Int = 1, name: String? = nil
  ) -> [Int] {
    let outputs = (0..<count).map { place in
      define(Value(name: place == 0 && name != nil ? name ?? "" : "\(operation) \(graph.values.count)"))
    }
    graph.nodes.append(
      Node(
        name: "\(operation) \(graph.nodes.count)", operation: operation, domain: domain,
        version: version ?? (domain.isEmpty ? GraphBuilder.version : 1), inputs: inputs, outputs: outputs, attributes: attributes))
    return outputs
  }

  /// A node with one output.
  public mutating func one(
    _ operation: String, _ inputs: [Int?], _ attributes: [String: Attribute] = [:], version: Int? = nil, name: String? = nil
  ) -> Int {
    add(operation, inputs, attributes, version: version, name: name)[0]
  }

  /// A node of the project's own operations with one output.
  mutating func own(_ operation: String, _ inputs: [Int?], _ attributes: [String: Attribute] = [:]) -> Int {
    add(operation, inputs, attributes, domain: Kernels.ownDomain)[0]
  }
}

/// Arithmetic, broadcast as ONNX has it.
extension GraphBuilder {
  /// a + b.
  public mutating func add(_ a: Int, _ b: Int) -> Int { one("Add", [a, b]) }
  /// a − b.
  public mutating func subtract(_ a: Int, _ b: Int) -> Int { one("Sub", [a, b]) }
  /// a · b.
  public mutating func multiply(_ a: Int, _ b: Int) -> Int { one("Mul", [a, b]) }
  /// a ∕ b.
  public mutating func divide(_ a: Int, _ b: Int) -> Int { one("Div", [a, b]) }
  /// a + c.
  public mutating func add(_ a: Int, number: Double) -> Int {
    let number = constant(number)
    return add(a, number)
  }
  /// c − a.
  public mutating func subtract(number: Double, _ a: Int) -> Int {
    let number = constant(number)
    return subtract(number, a)
  }
  /// a · c.
  public mutating func multiply(_ a: Int, number: Double) -> Int {
    let number = constant(number)
    return multiply(a, number)
  }
  /// −a.
  public mutating func negative(_ a: Int) -> Int { one("Neg", [a]) }
  /// Σ over the axes, negative ones from the end.
  public mutating func sum(_ a: Int, axes: [Int], keepsAxes: Bool = true) -> Int {
    let axes = integers(axes)
    return one("ReduceSum", [a, axes], ["keepdims": .integer(keepsAxes ? 1 : 0)])
  }
  /// Σ of all numbers, without axes.
  public mutating func sum(_ a: Int) -> Int { one("ReduceSum", [a], ["keepdims": .integer(0)]) }
  /// The mean over the axes, negative ones from the end.
  public mutating func mean(_ a: Int, axes: [Int], keepsAxes: Bool = true) -> Int {
    let axes = integers(axes)
    return one("ReduceMean", [a, axes], ["keepdims": .integer(keepsAxes ? 1 : 0)])
  }
  /// The mean of all numbers, without axes.
  public mutating func mean(_ a: Int) -> Int { one("ReduceMean", [a], ["keepdims": .integer(0)]) }
  /// The same numbers under another shape; 0 keeps an axis, −1 takes what is left.
  public mutating func reshape(_ a: Int, _ shape: [Int]) -> Int {
    let shape = integers(shape)
    return one("Reshape", [a, shape])
  }
  /// Axes in another order: axis i of the result is axis `order[i]`.
  public mutating func transpose(_ a: Int, _ order: [Int]) -> Int {
    one("Transpose", [a], ["perm": .integers(order.map(Int64.init))])
  }
  /// The matrix product of the last two axes.
  public mutating func product(_ a: Int, _ b: Int) -> Int { one("MatMul", [a, b]) }
  /// The places `range` of an axis.
  public mutating func slice(_ a: Int, axis: Int, _ range: Range<Int>) -> Int {
    let inputs = [a, integers([range.lowerBound]), integers([range.upperBound]), integers([axis])]
    return one("Slice", inputs)
  }
  /// Tensors one behind the other along an axis.
  public mutating func concat(_ parts: [Int], axis: Int) -> Int { one("Concat", parts, ["axis": .integer(Int64(axis))]) }
  /// a + (b − a)·mu: a for mu = 0, b for mu = 1.
  public mutating func mix(_ a: Int, _ b: Int, _ mu: Int) -> Int {
    let difference = subtract(b, a)
    let step = multiply(difference, mu)
    return add(a, step)
  }
  /// Integers or booleans as numbers of the builder's type.
  public mutating func cast(_ a: Int) -> Int { one("Cast", [a], ["to": .integer(type == .float64 ? 11 : 1)]) }
  /// The value, through which no gradient flows.
  public mutating func stopGradient(_ a: Int) -> Int { own("StopGradient", [a]) }
}
