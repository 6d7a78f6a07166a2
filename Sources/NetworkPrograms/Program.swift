internal import COneDNN
public import ModelFiles
public import NetworkGraph
internal import NetworkKernels

/// A network made ready to run with oneDNN's kernels, and with the plain ones where oneDNN has none.
///
/// A plan is made at the first run with inputs of a size, and kept for the next ones. Not to be used by two tasks at once.
public final class Program {
  /// The network that it runs: as given, but for nodes that became part of their neighbours.
  public let graph: Graph
  /// Threads of oneDNN's kernels; the plain ones use one.
  public let threads: Int
  /// What convolutions and products are computed in where there is a kernel for it: as asked for, or `f32` where `note` says why not.
  public let type: ProgramType
  /// A sentence for people where the processor does not compute in the type that was asked for.
  public let note: String?
  private let fusion: Fusion
  private let precision: Precision
  private var plans: [String: Plan] = [:]
  /// Plans above which the oldest are forgotten, so that a stream of sizes does not fill the memory.
  private static let planLimit = 8
  private var order: [String] = []

  /// Whether a graph can be run in a type, told before anything is made ready: whether it has the bytes that int8 needs, also where this
  /// processor would fall back to f32.
  ///
  /// - Throws: As `init` would.
  public static func check(_ graph: Graph, type: ProgramType) throws {
    try Kernels.check(graph)
    try Library.prepare()
    _ = try quantized(graph, type)
  }

  /// The graph with its bytes where int8 is asked for.
  private static func quantized(_ graph: Graph, _ type: ProgramType) throws -> QuantizedGraph? {
    guard type == .int8 else { return nil }
    let quantized = try QuantizedGraph(graph)
    guard !quantized.isEmpty else { throw unquantized }
    return quantized
  }

  private static let unquantized = NetworkError(
    .unsupported, "The network has no quantised weights and values, which int8 needs; make them with `sextant network quantize`.")

  /// - Parameter type: What convolutions and products compute in. Inputs and outputs are of the graph's types in any case.
  /// - Throws: `NetworkError.unsupported` that names operators without a kernel, or oneDNN where it is not installed.
  public init(_ graph: Graph, threads: Int = 1, type: ProgramType = .f32) throws {
    try Kernels.check(graph)
    note = try Library.note(on: type)
    self.type = note == nil ? type : .f32
    let asked = try Program.quantized(graph, type)
    let quantized = note == nil ? asked : nil
    self.graph = Simplification.simplified(quantized?.graph ?? graph)
    self.threads = max(1, threads)
    fusion = Fusion(self.graph, rounded: Set(quantized.map { Array($0.grids.keys) } ?? []))
    precision = Precision(self.graph, hasHalf: try Library.hasHalf(for: self.type), quantized: quantized)
  }

  /// - Parameter inputs: A tensor for each input by its name, of the declared type and a shape that fits the declared one.
  /// - Returns: The outputs by name.
  /// - Throws: `NetworkError` that names the input or node.
  public func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let given = try InputCheck(graph).values(inputs)
    onednn_threads_set(Int32(clamping: threads))
    let key = key(given)
    if let plan = plans[key] { return named(try plan.run(given)) }
    let builder = PlanBuilder(graph, fusion, precision)
    let (plan, outputs) = try builder.plan(given)
    plans[key] = plan
    order.append(key)
    if order.count > Program.planLimit { plans[order.removeFirst()] = nil }
    return named(outputs)
  }

  /// How long each step of the plan takes, in the order of the report's `steps`; makes the plan if there is none yet.
  ///
  /// - Parameter clock: The time so far: by the clock on the wall, or what this process has used of the processors.
  public func times(_ inputs: [String: Tensor], clock: () -> Duration = Program.wallClock) throws -> [Duration] {
    if try report(for: inputs) == nil { _ = try run(inputs) }
    let given = try InputCheck(graph).values(inputs)
    onednn_threads_set(Int32(clamping: threads))
    var times: [Duration] = []
    _ = try plans[key(given)]?.run(given, clock: clock) { times.append($0) }
    return times
  }

  private static let start = ContinuousClock.now
  /// The time since the first call.
  public static func wallClock() -> Duration { ContinuousClock.now - start }

  /// What the plan for inputs of these shapes does; nil before the first run with them.
  public func report(for inputs: [String: Tensor]) throws -> PlanReport? {
    try plans[key(InputCheck(graph).values(inputs))]?.report
  }

  private func key(_ inputs: [Tensor]) -> String { inputs.map { Tensor.text($0.shape) }.joined(separator: ",") }

  private func named(_ outputs: [Tensor]) -> [String: Tensor] {
    Dictionary(zip(graph.outputs.map { graph.values[$0].name }, outputs)) { first, _ in first }
  }
}

/// What a plan is made of.
public struct PlanReport: Sendable {
  /// A node with what runs it and the shapes of its outputs.
  public struct Line: Sendable {
    /// The node as the graph has it.
    public let node: Node
    /// oneDNN's implementation, `plain`, `folded` (computed beforehand), `moved` (only named anew) or `joined` (to the convolution before).
    public let kernel: String
    /// The shapes of its outputs, one list of sizes an output.
    public let shapes: [[Int]]
    /// Multiplications and additions of convolutions and products, two for each pair; 0 for all others.
    public let operations: Int
  }
  public internal(set) var lines: [Line] = []
  /// Bytes of the one arena that all buffers share.
  public internal(set) var arenaBytes = 0
  /// Bytes of the same buffers, if none shared its place.
  public internal(set) var sumBytes = 0
  public internal(set) var weightBytes = 0
  public internal(set) var steps: [Step] = []

  /// A step of the plan.
  public struct Step: Sendable {
    /// Its kind, with oneDNN's implementation where it is oneDNN's.
    public let name: String
    /// The node that it was made for and its operation; empty for what brings the outputs out.
    public let node: String
    public let operation: String
  }
}

/// The library that is loaded with the first program.
public enum Library {
  /// The library's version and the instruction set that it uses here.
  @discardableResult public static func prepare() throws -> (version: String, instructions: String) {
    var version = onednn_message()
    var message = onednn_message()
    guard onednn_prepare(&version, &message) == ONEDNN_OK else {
      throw NetworkError(.unsupported, "oneDNN cannot be loaded: \(text(message)); install Debian's package libdnnl2.6 or newer.")
    }
    return (text(version), String(cString: onednn_instructions()))
  }

  /// A sentence for people where this processor does not compute in a type, so that networks run in f32; nil where it does.
  public static func note(on type: ProgramType) throws -> String? {
    let instructions = try prepare().instructions
    switch type {
    case .bf16 where onednn_has_bf16() == 0:
      return "oneDNN uses the instructions \(instructions) here, which do not multiply bfloat16 numbers; the network runs in f32"
    case .int8 where onednn_has_byte_products() == 0:
      return "oneDNN uses the instructions \(instructions) here, which do not sum products of bytes; the network runs in f32"
    default: return nil
    }
  }

  /// Whether what is not quantised, or all, is computed in bfloat16.
  static func hasHalf(for type: ProgramType) throws -> Bool {
    try prepare()
    return type != .f32 && onednn_has_bf16() != 0
  }

  private static func text(_ message: onednn_message) -> String {
    withUnsafeBytes(of: message) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// The steps for inputs of certain shapes.
final class Plan {
  private let graph: Graph
  private let steps: [Step]
  private let template: [Tensor?]
  private let memory: ProgramMemory
  let report: PlanReport

  init(_ graph: Graph, steps: [Step], template: [Tensor?], memory: ProgramMemory, report: PlanReport) {
    (self.graph, self.steps, self.template, self.memory, self.report) = (graph, steps, template, memory, report)
  }

  /// - Parameter note: Told the time of every step by `clock`, in their order.
  func run(_ inputs: [Tensor], clock: () -> Duration = Program.wallClock, note: ((Duration) -> Void)? = nil) throws -> [Tensor] {
    var runner = StepRunner(memory: memory, values: template)
    for (value, tensor) in zip(graph.inputs, inputs) { runner.values[value] = tensor }
    for step in steps {
      guard let note else {
        try runner.run(step)
        continue
      }
      let start = clock()
      try runner.run(step)
      note(clock() - start)
    }
    return try graph.outputs.map { output in
      guard let tensor = runner.values[output] else {
        throw NetworkError(.invalid, "The graph's output '\(graph.values[output].name)' has no value; the file is damaged.")
      }
      return tensor
    }
  }
}
