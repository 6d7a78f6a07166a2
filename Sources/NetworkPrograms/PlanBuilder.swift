internal import COneDNN
internal import ModelFiles
internal import NetworkGraph
internal import NetworkKernels

/// Makes a plan while it runs the network for the first time: each step is run as soon as it is made, so that every shape is known and
/// whatever oneDNN refuses can go to a plain kernel at once.
final class PlanBuilder {
  let graph: Graph
  let fusion: Fusion
  let precision: Precision
  let memory = ProgramMemory()
  private(set) var steps: [Step] = []
  private var runner: StepRunner
  /// For each value its copies in buffers; the first is the one that was made, the others are in other layouts.
  private var views: [Int: [View]] = [:]
  /// Weights, and what is computed from weights and sizes alone.
  private var constants: [Int: Tensor] = [:]
  /// Values whose shape may differ from run to run.
  private var dynamic: Set<Int> = []
  /// Nodes that are part of a convolution before them.
  private var joined: Set<Int> = []
  private var report = PlanReport()
  /// The node at hand, for the report.
  private var node: Node?
  /// What became of the node at hand, for the report.
  var kernelName = ""

  init(_ graph: Graph, _ fusion: Fusion, _ precision: Precision) {
    self.graph = graph
    self.fusion = fusion
    self.precision = precision
    runner = StepRunner(memory: memory, values: graph.values.map(\.constant))
    for (index, value) in graph.values.enumerated() where value.constant != nil { constants[index] = value.constant }
  }

  func plan(_ inputs: [Tensor]) throws -> (Plan, [Tensor]) {
    for (value, tensor) in zip(graph.inputs, inputs) {
      runner.values[value] = tensor
      constants[value] = nil
    }
    for (index, node) in graph.nodes.enumerated() {
      if !joined.contains(index) { try addNoted(node, index) }
      forget(lastReads[index])
    }
    node = nil
    let outputs = try graph.outputs.map { try tensor(of: $0) }
    var template = [Tensor?](repeating: nil, count: graph.values.count)
    for (value, tensor) in constants { template[value] = tensor }
    try share()
    return (Plan(graph, steps: steps, template: template, memory: memory, report: report), outputs)
  }

  private func addNoted(_ node: Node, _ index: Int) throws {
    kernelName = ""
    self.node = node
    try add(node, index)
    let others = fusion.tails[index]?.nodes.filter(joined.contains) ?? []
    // Of a convolution with joined nodes only the last one's result is made, and the others' would be of its shape.
    let shape = others.isEmpty ? nil : madeShape(fusion.tails[index])
    note(node, shape)
    for other in others {
      kernelName = "joined"
      note(graph.nodes[other], shape)
    }
  }

  /// For each node the values that no later one reads; what the caller gets is never among them.
  private lazy var lastReads: [[Int]] = {
    var last = [Int?](repeating: nil, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for value in graph.reads(of: node) + node.outputs.compactMap({ $0 }) { last[value] = index }
    }
    for value in graph.outputs { last[value] = nil }
    var result = [[Int]](repeating: [], count: graph.nodes.count)
    for (value, index) in last.enumerated() { if let index { result[index].append(value) } }
    return result
  }()

  /// Gives the memory of values back that are not needed any more in the first run, so that it holds no more than later ones need.
  private func forget(_ values: [Int]) {
    var freed: Set<Int> = []
    for value in values where constants[value] == nil {
      freed.formUnion(views.removeValue(forKey: value)?.map(\.buffer) ?? [])
      runner.values[value] = nil
    }
    guard !freed.isEmpty else { return }
    for list in views.values { freed.subtract(list.map(\.buffer)) }
    for buffer in freed { memory.release(buffer) }
  }

  /// The shape of what a tail makes.
  private func madeShape(_ tail: FusedTail?) -> [Int]? {
    tail.flatMap { shape(of: $0.output) ?? $0.beforeAddend.flatMap { shape(of: $0.output) } }
  }

  /// - Parameter joined: The shape of results that were never made.
  private func note(_ node: Node, _ joined: [Int]?) {
    let shapes = node.outputs.map { $0.flatMap { shape(of: $0) } ?? joined ?? [] }
    report.lines.append(
      PlanReport.Line(
        node: node, kernel: kernelName, shapes: shapes, operations: Operations.count(node, shapes.first ?? [], shape(of:))))
  }

  /// Lets buffers that are never needed together share their place.
  private func share() throws {
    var lives: [ClosedRange<Int>?] = []
    func use(_ buffer: Int, _ step: Int) {
      while lives.count <= buffer { lives.append(nil) }
      lives[buffer] = lives[buffer].map { min($0.lowerBound, step)...max($0.upperBound, step) } ?? step...step
    }
    for (index, step) in steps.enumerated() {
      switch step {
      case .primitive(let primitive): for binding in primitive.bindings { use(binding.buffer, index) }
      case .load(_, let view), .loadBytes(_, let view, _), .store(let view, _): use(view.buffer, index)
      case .table(let table): for view in [table.source, table.target] { use(view.buffer, index) }
      case .swish(let swish): for view in [swish.view, swish.addend].compactMap({ $0 }) { use(view.buffer, index) }
      case .native(let native): for view in native.sources + native.targets { use(view.buffer, index) }
      case .kernel: break
      }
    }
    while lives.count < memory.count { lives.append(nil) }
    report.sumBytes = memory.sumBytes
    memory.plan(lives)
    (report.arenaBytes, report.weightBytes) = (memory.arenaBytes, memory.weightBytes)
    for case .primitive(let primitive) in steps { try primitive.rebind(in: memory) }
  }

  // MARK: Nodes

  private func add(_ node: Node, _ index: Int) throws {
    let reads = graph.reads(of: node)
    try checkSizes(node)
    let isControl = Kernels.controlFlow.contains(node.operation) && node.domain.isEmpty
    if !isControl, reads.allSatisfy({ constants[$0] != nil }) { return try fold(node) }
    if PlanBuilder.ofShapes.contains(node.operation), let value = reads.first, !dynamic.contains(value) {
      return try fold(node, shapeOf: value)
    }
    if !isControl, !reads.contains(where: dynamic.contains) {
      let count = steps.count
      do {
        if try addPrimitive(node, index) {
          if kernelName.isEmpty { kernelName = steps.count > count ? steps[steps.count - 1].name : "moved" }
          return
        }
      } catch let error as NetworkError where error.code == .unsupported {
        // What was made of reorders stays; the node itself goes to its plain kernel.
      }
    }
    try addKernel(node, reads)
  }

  /// Operations whose result depends on their input's shape alone.
  private static let ofShapes: Set<String> = ["Shape", "Size", "GradientStart"]

  /// Refuses what is too large to be held before memory is taken for it.
  private func checkSizes(_ node: Node) throws {
    guard node.domain.isEmpty else { return }
    let outlines = node.inputs.map { input in
      input.flatMap { value in shape(of: value).map { TensorOutline(runner.values[value]?.type ?? .float32, $0) } }
    }
    guard zip(node.inputs, outlines).allSatisfy({ $0 == nil || $1 != nil }) else { return }
    try ShapeInference.checkSizes(call(node), outlines: outlines)
  }

  private func fold(_ node: Node, shapeOf value: Int? = nil) throws {
    var inputs = node.inputs.map { $0.flatMap { constants[$0] } }
    // Only the shape counts: bytes stand for the numbers.
    if let value, let shape = shape(of: value) {
      inputs = [try Tensor(shape: shape, elements: .zeros(Tensor.elementCount(of: shape), type: .uint8))]
    }
    let results = try Kernels.run(KernelCall(node: node, inputs: inputs))
    for (place, output) in node.outputs.enumerated() {
      guard let output, place < results.count, let tensor = results[place] else { continue }
      constants[output] = tensor
      runner.values[output] = tensor
    }
    kernelName = "folded"
  }

  /// Operations whose result's shape depends on numbers, not only on shapes.
  private static let shapedByNumbers: Set<String> = ["NonZero", "NonMaxSuppression", "Unique", "Compress", "If", "Loop", "Scan"]
  /// Operations whose further inputs tell the result's shape.
  private static let shapedByInputs: Set<String> = [
    "Reshape", "Expand", "Tile", "Range", "ConstantOfShape", "Slice", "Pad", "Resize", "Upsample", "TopK", "OneHot", "Split",
    "Squeeze",
    "Unsqueeze", "MaxUnpool", "HannWindow", "HammingWindow", "BlackmanWindow",
  ]

  private func addKernel(_ node: Node, _ reads: [Int]) throws {
    for value in reads { _ = try tensor(of: value) }
    try append(.kernel(node))
    kernelName = "plain"
    let isShaped = PlanBuilder.shapedByInputs.contains(node.operation)
    let first = ["Range", "ConstantOfShape", "HannWindow", "HammingWindow", "BlackmanWindow"].contains(node.operation) ? 0 : 1
    let isOpen = isShaped && node.inputs.dropFirst(first).contains { $0.map { constants[$0] == nil } ?? false }
    if isOpen || PlanBuilder.shapedByNumbers.contains(node.operation) || reads.contains(where: dynamic.contains) {
      dynamic.formUnion(node.outputs.compactMap { $0 })
    }
  }

  func append(_ step: Step) throws {
    try runner.run(step)
    steps.append(step)
    report.steps.append(PlanReport.Step(name: step.name, node: node?.name ?? "", operation: node?.operation ?? ""))
  }

  func join(_ nodes: [Int]) { joined.formUnion(nodes) }

  // MARK: Values

  func constant(_ value: Int) -> Tensor? { constants[value] }

  func shape(of value: Int) -> [Int]? { views[value]?.first?.shape ?? runner.values[value]?.shape }

  /// Whether the value can be in a buffer: 32-bit floats, at least one.
  func isBufferable(_ value: Int?) -> Bool {
    guard let value else { return false }
    if views[value] != nil { return true }
    guard let tensor = runner.values[value] else { return false }
    return tensor.type == .float32 && tensor.count > 0 && tensor.rank <= Int(ONEDNN_RANK)
  }

  func call(_ node: Node) -> KernelCall { KernelCall(node: node, inputs: node.inputs.map { $0.flatMap { constants[$0] } }) }

  /// The value as numbers, stored from its buffer if they are not there.
  private func tensor(of value: Int) throws -> Tensor {
    if runner.values[value] == nil, views[value] != nil {
      try append(.store(try plainView(of: value, type: .float32), value: value))
    }
    guard let tensor = runner.values[value] else {
      throw NetworkError(.invalid, "The value '\(graph.values[value].name)' is not there when it is needed; the file is damaged.")
    }
    return tensor
  }

  /// Says where a value lies, on its grid if it has one: numbers that are not are brought there.
  func set(_ value: Int, _ view: View) throws {
    guard let grid = precision.grid(of: value), view.type != .bytes(grid) else {
      views[value] = [view]
      return
    }
    views[value] = [try reordered(view, to: byteLayout(of: view, grid), isConstant: constants[value] != nil)]
  }

  /// Channels last, which is what oneDNN's convolutions of bytes read.
  private func byteLayout(of view: View, _ grid: ByteGrid) throws -> Layout {
    let strides = (3...5).contains(view.shape.count) ? Layout.axisLast(1, view.shape) : nil
    return try Layout(plain: view.shape, strides: strides, type: .bytes(grid))
  }

  /// A new buffer in a layout.
  func make(_ layout: Layout, isKept: Bool = false) -> View {
    View(buffer: memory.add(byteCount: layout.byteCount, isKept: isKept), layout: layout)
  }

  /// The value in whatever layout it is there.
  func view(of value: Int) throws -> View {
    if let view = views[value]?.first { return view }
    guard let shape = shape(of: value) else { throw NetworkError(.unsupported, "A value is in no buffer.") }
    if let grid = precision.grid(of: value), (3...5).contains(shape.count), constants[value] == nil {
      let strides = Layout.axisLast(1, shape)
      let view = make(try Layout(plain: shape, strides: strides, type: .bytes(grid)))
      try append(.loadBytes(value: value, view, grid))
      views[value] = [view]
      return view
    }
    let view = make(try Layout(plain: shape), isKept: constants[value] != nil)
    let load = Step.load(value: value, view)
    // Weights are loaded once, all others in every run.
    if constants[value] != nil { try runner.run(load) } else { try append(load) }
    try set(value, view)
    return views[value]?.first ?? view
  }

  func view(of value: Int, as layout: Layout) throws -> View {
    let first = try view(of: value)
    if let same = present(value, as: layout) { return same }
    let copy = try reordered(closest(to: layout, of: value) ?? first, to: layout, isConstant: constants[value] != nil)
    views[value]?.append(copy)
    return copy
  }

  /// A copy in the layout but for the type: from it a conversion moves nothing else.
  private func closest(to layout: Layout, of value: Int) -> View? {
    views[value]?.first { view in
      guard view.type != layout.type, let other = try? view.layout.typed(layout.type) else { return false }
      return other.isSame(as: layout)
    }
  }

  /// The value in a layout where it is already there in it.
  func present(_ value: Int, as layout: Layout) -> View? {
    views[value]?.first { $0.layout.isSame(as: layout) }.map { View(buffer: $0.buffer, offset: $0.offset, layout: layout) }
  }

  /// The value row-major, in its own type where none is asked for.
  func plainView(of value: Int, type: StoredType? = nil) throws -> View {
    let first = try view(of: value)
    return try view(of: value, as: Layout(plain: first.shape, type: type ?? first.type))
  }

  /// The value in a layout that oneDNN's kernels are made for, in its own type where none is asked for.
  func ordinaryView(of value: Int, type: StoredType? = nil) throws -> View {
    let first = try view(of: value)
    let type = type ?? first.type
    if first.layout.isOrdinary { return try view(of: value, as: first.layout.typed(type)) }
    return try views[value]?.first { $0.layout.isOrdinary && $0.type == type } ?? plainView(of: value, type: type)
  }

  /// The value as it lies where it can be told by strides: channels that lie in blocks only where there is one block.
  func unblockedView(of value: Int) throws -> View {
    let first = try view(of: value)
    let (block, shape) = (first.layout.block, first.shape)
    if block == 1 { return first }
    if block > 1, shape[1] == block {
      return try view(of: value, as: Layout(plain: shape, strides: Layout.axisLast(1, shape), type: first.type))
    }
    return try plainView(of: value)
  }

  /// A copy in another layout; a constant's is made once and kept.
  func reordered(_ view: View, to layout: Layout, isConstant: Bool = false) throws -> View {
    let target = make(layout, isKept: isConstant)
    for step in try reorders(view, to: target) {
      if isConstant { try step.run() } else { try append(.primitive(step)) }
    }
    return target
  }

  /// Adds what brings a view's numbers to another place.
  func copy(_ view: View, to target: View) throws {
    for step in try reorders(view, to: target) { try append(.primitive(step)) }
  }

  /// What brings a view's numbers to another place, in its layout and type.
  private func reorders(_ view: View, to target: View) throws -> [PrimitiveStep] {
    // oneDNN 2.6.3 leaves the zero of bytes out of some copies that move numbers as well (64 channels last and an odd number of pixels, to planes).
    let converted = try view.layout.typed(target.type)
    let hasZero = [view.type, target.type].contains { ($0.grid?.zero ?? 0) != 0 }
    if hasZero, view.type != target.type, !converted.isSame(as: target.layout) {
      let middle = make(converted)
      return try reorders(view, to: middle) + reorders(middle, to: target)
    }
    let step = try PrimitiveStep.reorder(view.layout, target.layout)
    try step.bind(ONEDNN_SOURCE, to: view, in: memory)
    try step.bind(ONEDNN_TARGET, to: target, in: memory)
    return [step]
  }
}

/// Multiplications and additions of a node.
private enum Operations {
  static func count(_ node: Node, _ output: [Int], _ shape: (Int) -> [Int]?) -> Int {
    guard node.inputs.count >= 2, let first = node.inputs[0].flatMap(shape), let second = node.inputs[1].flatMap(shape) else {
      return 0
    }
    let outputs = output.reduce(1, *)
    switch node.operation {
    case "Conv": return 2 * outputs * second.dropFirst().reduce(1, *)
    case "ConvTranspose": return 2 * first.reduce(1, *) * second.dropFirst().reduce(1, *)
    case "MatMul", "Gemm": return 2 * outputs * (first.last ?? 1)
    default: return 0
    }
  }
}
