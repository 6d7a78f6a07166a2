internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// One step of a plan.
enum Step {
  /// A primitive of oneDNN's on buffers.
  case primitive(PrimitiveStep)
  /// Numbers of a value into a buffer.
  case load(value: Int, View)
  /// Numbers of a value as bytes of a grid, channels last, into a buffer.
  case loadBytes(value: Int, View, ByteGrid)
  /// Numbers of a plain buffer into a value.
  case store(View, value: Int)
  /// A kernel of our own on buffers.
  case native(NativeStep)
  /// A function of one byte.
  case table(ByteTable)
  /// x · sigmoid(x) of bfloat16 numbers.
  case swish(SwishStep)
  /// A node by its plain kernel, from values to values.
  case kernel(Node)

  var name: String {
    switch self {
    case .primitive(let step): "\(step.kind) \(step.implementation)"
    case .load: "load"
    case .loadBytes: "load as bytes"
    case .store: "store"
    case .native(let step): step.name
    case .table: "byte table"
    case .swish: "swish"
    case .kernel(let node): "plain \(node.operation)"
    }
  }
}

/// Runs steps: the values that are no buffers, and the memory.
struct StepRunner {
  let memory: ProgramMemory
  var values: [Tensor?]

  mutating func run(_ step: Step) throws {
    switch step {
    case .primitive(let primitive): try primitive.run()
    case .load(let value, let view): try load(value, view)
    case .loadBytes(let value, let view, let grid): try load(value, view, grid)
    case .store(let view, let value):
      let count = view.shape.reduce(1, *)
      // The buffer has at least the layout's bytes, which for a plain one are `count` floats behind the offset.
      let start = (memory.address(of: view.buffer) + view.offset).assumingMemoryBound(to: Float.self)
      values[value] = try Tensor(shape: view.shape, Array(UnsafeBufferPointer(start: start, count: count)))
    case .native(let step): step.run(in: memory)
    case .table(let table): table.run(in: memory)
    case .swish(let swish): swish.run(in: memory)
    case .kernel(let node): try run(node)
    }
  }

  private func numbers(_ value: Int, _ shape: [Int]) throws -> [Float] {
    guard case .float32(let numbers)? = values[value]?.elements, values[value]?.shape == shape else {
      throw NetworkError(.invalid, "A value has another shape than when the program was made.")
    }
    return numbers
  }

  private func load(_ value: Int, _ view: View, _ grid: ByteGrid) throws {
    let numbers = try numbers(value, view.shape)
    let (pictures, planes) = (view.shape[0], view.shape[1])
    let cells = view.shape[2...].reduce(1, *)
    let least = Int32(grid.bytes.lowerBound)
    // The buffer has a byte for each of the numbers, of which every picture has planes · cells.
    let start = (memory.address(of: view.buffer) + view.offset).assumingMemoryBound(to: UInt8.self)
    numbers.withUnsafeBufferPointer { list in
      guard let first = list.baseAddress else { return }
      for picture in 0..<pictures {
        let offset = picture * planes * cells
        onednn_planes_run(
          first + offset, start + offset, planes, cells, onednn_grid(scale: grid.scale, zero: Int32(grid.zero), least: least))
      }
    }
  }

  private func load(_ value: Int, _ view: View) throws {
    try numbers(value, view.shape).withUnsafeBytes { bytes in
      // The buffer has room for the layout's bytes, as many as the numbers of the same shape have.
      let target = UnsafeMutableRawBufferPointer(start: memory.address(of: view.buffer) + view.offset, count: bytes.count)
      target.copyMemory(from: bytes)
    }
  }

  private mutating func run(_ node: Node) throws {
    let call = KernelCall(node: node, inputs: node.inputs.map { $0.flatMap { values[$0] } })
    let isControl = Kernels.controlFlow.contains(node.operation) && node.domain.isEmpty
    let results = try isControl ? Interpreter.run(call, around: values) : Kernels.run(call)
    for (place, output) in node.outputs.enumerated() {
      guard let output else { continue }
      guard place < results.count, let tensor = results[place] else {
        throw NetworkError(.unsupported, "\(node.label) makes no output \(place).")
      }
      values[output] = tensor
    }
  }
}
