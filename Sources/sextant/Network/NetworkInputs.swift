import ModelFiles
import NetworkGraph

/// What the options `--input` and `--shape` say about a network's inputs.
struct NetworkInputs {
  private let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  /// The arrays of `NAME=FILE.npy`; the name may be left out where the network has one input.
  func read(_ options: [String]) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for option in options {
      let (name, path) = try pair(option, option: "--input")
      guard result[name] == nil else { throw CommandError.usage("--input \(option): the input '\(name)' is given twice") }
      result[name] = try NumPyFile.read(path: path)
    }
    return result
  }

  /// The files of `NAME=FILE.npy`.
  func paths(_ options: [String]) throws -> [String] { try options.map { try pair($0, option: "--input").value } }

  /// Seeded numbers in 0…1 (zeros for integers) for every input, in the shape of `NAME=1x3x640x640` where the file leaves a size open.
  func made(_ shapes: [String]) throws -> [String: Tensor] {
    let given = try self.shapes(shapes)
    return try Dictionary(
      uniqueKeysWithValues: graph.inputs.map { number in
        let value = graph.values[number]
        let shape = try given[value.name] ?? fixed(value)
        return (value.name, try tensor(shape, type: value.type ?? .float32))
      })
  }

  /// The sizes of `NAME=1x3x640x640`.
  func shapes(_ options: [String]) throws -> [String: [Int]] {
    var given: [String: [Int]] = [:]
    for option in options {
      let (name, text) = try pair(option, option: "--shape")
      let sizes = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      guard !sizes.contains(where: { $0 == nil || $0! < 0 }) else {
        throw CommandError.usage("--shape \(option): give sizes such as 1x3x640x640")
      }
      guard given.updateValue(sizes.compactMap { $0 }, forKey: name) == nil else {
        throw CommandError.usage("--shape tells the shape of \(name) twice; tell it once")
      }
    }
    return given
  }

  private func fixed(_ value: Value) throws -> [Int] {
    let sizes = (value.shape ?? []).map { size -> Int? in
      if case .fixed(let number) = size { number } else { nil }
    }
    guard value.shape != nil, !sizes.contains(nil) else {
      let declared = value.shape?.map(\.description).joined(separator: "x") ?? "unknown"
      throw CommandError.usage(
        "the input '\(value.name)' has the shape \(declared); give its sizes with --shape \(value.name)=SIZES")
    }
    return sizes.compactMap { $0 }
  }

  private func tensor(_ shape: [Int], type: ElementType) throws -> Tensor {
    let count = try Tensor.elementCount(of: shape)
    guard type.isFloat else { return try Tensor(shape: shape, elements: .zeros(count, type: type)) }
    // A linear congruence (Knuth, MMIX): the same numbers in every run.
    var state: UInt64 = 1
    let values = (0..<count).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    return try Tensor(shape: shape, elements: .from(values, type: type))
  }

  private func pair(_ text: String, option: String) throws -> (name: String, value: String) {
    let names = graph.inputs.map { graph.values[$0].name }
    if let name = names.first(where: { text.hasPrefix("\($0)=") }) { return (name, String(text.dropFirst(name.count + 1))) }
    guard names.count == 1, !text.contains("=") else {
      throw CommandError.usage("\(option) \(text): names no input; the network's inputs are \(names.joined(separator: ", "))")
    }
    return (names[0], text)
  }
}
