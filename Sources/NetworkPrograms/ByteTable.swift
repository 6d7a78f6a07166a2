internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// A function of one byte as the list of its 256 results, for activations, which oneDNN does not have on bytes.
struct ByteTable {
  let source: View
  /// Lies as the source does, also in its very place.
  let target: View
  /// The result of each byte, by its bits.
  private let results: [UInt8]

  init(source: View, target: View, results: [UInt8]) {
    precondition(results.count == 256)
    (self.source, self.target, self.results) = (source, target, results)
  }

  func run(in memory: ProgramMemory) {
    // Both buffers have as many bytes behind the view's offset as their layouts, which are the same, say.
    let from = (memory.address(of: source.buffer) + source.offset).assumingMemoryBound(to: UInt8.self)
    let to = (memory.address(of: target.buffer) + target.offset).assumingMemoryBound(to: UInt8.self)
    onednn_table_run(from, to, source.layout.byteCount, results)
  }

  /// The results of a node with one source: each number of the source's grid by the plain kernel, rounded to the target's grid.
  static func results(_ node: Node, _ call: KernelCall, from: ByteGrid, to: ByteGrid) throws -> [UInt8] {
    let numbers = (0..<256).map { bits -> Float in
      Float(from.number(from.isSigned ? Int(Int8(truncatingIfNeeded: bits)) : bits))
    }
    var inputs = call.inputs
    inputs[0] = try Tensor(shape: [256], numbers)
    guard let made = try Kernels.run(KernelCall(node: node, inputs: inputs)).first ?? nil, made.count == 256 else {
      throw NetworkError(.unsupported, "\(node.label) is no function of one number.")
    }
    return made.elements.doubles.map { UInt8(truncatingIfNeeded: to.byte($0)) }
  }
}

extension PlanBuilder {
  /// An activation from bytes to bytes.
  ///
  /// - Returns: false where one of both is floats.
  func addTable(_ node: Node, _ input: Int, _ output: Int) throws -> Bool {
    guard let from = try view(of: input).type.grid, let to = precision.grid(of: output) else { return false }
    let results = try ByteTable.results(node, call(node), from: from, to: to)
    let source = try ordinaryView(of: input)
    let target = make(try source.layout.typed(.bytes(to)))
    try append(.table(ByteTable(source: source, target: target, results: results)))
    try set(output, target)
    return true
  }
}
