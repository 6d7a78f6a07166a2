public import ModelFiles
public import NetworkGraph

/// The plain kernel of one operation: a function from inputs to outputs, written for clearness, in 64-bit floats where it computes.
///
/// These kernels say what an operation means. The program runs them where no faster kernel is known, and tests compare the faster ones
/// with them.
struct Kernel: Sendable {
  let run: @Sendable (KernelCall) throws -> [Tensor?]

  init(_ run: @escaping @Sendable (KernelCall) throws -> [Tensor?]) { self.run = run }

  /// A kernel with one output.
  static func one(_ run: @escaping @Sendable (KernelCall) throws -> Tensor) -> Kernel { Kernel { [try run($0)] } }
}

/// The kernels that there are.
public enum Kernels {
  static let table: [String: Kernel] = {
    let families = [
      unary, activations, binary, comparisons, convolutions, pooling, products, normalizations, reductions, shapes, movements,
      gathers, scatters, selections, sampling, quantizations, casts, recurrent, generators, regions,
    ]
    return families.reduce(into: [:]) { table, family in table.merge(family) { first, _ in first } }
  }()

  /// Operations with a graph inside, which the interpreter runs itself.
  package static let controlFlow: Set<String> = ["If", "Loop", "Scan"]

  /// The names of all operations that can be run, of ONNX's own operator set.
  public static var names: [String] { (Array(table.keys) + controlFlow + ["Constant"]).sorted() }

  /// Whether there is a kernel for the node's operation.
  public static func isKnown(_ node: Node) -> Bool {
    kernel(of: node) != nil || (node.domain.isEmpty && controlFlow.contains(node.operation))
  }

  /// Checks that every node of the graph, and of the graphs inside, can be run.
  ///
  /// - Throws: `NetworkError.unsupported` that names every operation that cannot, and a node that uses it.
  public static func check(_ graph: Graph) throws {
    var missing: [String: String] = [:]
    collect(graph, into: &missing)
    guard !missing.isEmpty else { return }
    let list = missing.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ")
    throw NetworkError(.unsupported, "The network uses operations that are not supported: \(list); export it without them.")
  }

  private static func collect(_ graph: Graph, into missing: inout [String: String]) {
    for node in graph.nodes {
      if !isKnown(node) {
        missing[node.domain + "." + node.operation] = "\(node.label) of operator set \(node.version)"
      }
      for case .graph(let inner) in node.attributes.values { collect(inner, into: &missing) }
    }
  }

  /// Runs one node.
  ///
  /// - Returns: As many outputs as the kernel makes, at least those that the node names.
  public static func run(_ call: KernelCall) throws -> [Tensor?] {
    guard let kernel = kernel(of: call.node) else { throw call.unsupported("has no kernel") }
    do {
      return try kernel.run(call)
    } catch let error as ModelFileError {
      throw call.fault("cannot make its result: \(error.description.dropLast())")
    }
  }
}
