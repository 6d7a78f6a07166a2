import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import Testing

/// ONNX's own conformance cases, from Debian's libonnx-testdata.
@Suite(.enabled(if: Conformance.isPresent, "needs Debian's package libonnx-testdata"))
struct ConformanceTests {
  @Test func noCaseIsWrong() throws {
    var table = Conformance.Table()
    for path in try Conformance.cases() { table.add(path) }
    print(table.text)
    #expect(table.wrong.isEmpty, "\(table.wrong.joined(separator: "\n"))")
    // What the package of version 1.12 has; fewer would mean that operators were lost.
    #expect(table.passed >= 890)
  }
}

enum Conformance {
  static let folder = "/usr/share/libonnx-testdata/data"
  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder) }

  /// The folders of all cases that have stored data.
  static func cases() throws -> [String] {
    let manager = FileManager.default
    return try ["node", "simple", "pytorch-operator", "pytorch-converted"].flatMap { kind in
      try manager.contentsOfDirectory(atPath: "\(folder)/\(kind)").sorted().map { "\(folder)/\(kind)/\($0)" }
    }.filter { manager.fileExists(atPath: "\($0)/test_data_set_0") }
  }

  /// By operation: cases passed, refused and wrong.
  struct Table {
    private(set) var rows: [String: (passed: Int, refused: Int, wrong: Int)] = [:]
    private(set) var wrong: [String] = []
    private(set) var refused: [String] = []
    private(set) var passed = 0

    mutating func add(_ path: String) {
      let name = path.split(separator: "/").suffix(2).joined(separator: "/")
      let model = try? ONNXReader.model(path: "\(path)/model.onnx")
      let operation = model.map { $0.graph.nodes.count == 1 ? $0.graph.nodes[0].operation : "(several)" } ?? "(unread)"
      var row = rows[operation] ?? (0, 0, 0)
      do {
        if let fault = try fault(path) {
          row.wrong += 1
          wrong.append("\(name): \(fault)")
        } else {
          row.passed += 1
          passed += 1
        }
      } catch {
        row.refused += 1
        refused.append("\(name): \(error)")
        if !isRefusal(error) { wrong.append("\(name): \(error)") }
      }
      rows[operation] = row
    }

    /// Whether the error names what is not supported, rather than finding fault with a case that is right.
    private func isRefusal(_ error: any Error) -> Bool {
      (error as? NetworkError)?.code == .unsupported || (error as? ModelFileError)?.code == .unsupported
    }

    private func fault(_ path: String) throws -> String? {
      var graph = try GraphImporter.graph(path: "\(path)/model.onnx")
      // Two cases of CastLike declare another shape than their data have.
      for input in graph.inputs { graph.values[input].shape = nil }
      let interpreter = try Interpreter(graph)
      for set in 0..<100 where FileManager.default.fileExists(atPath: "\(path)/test_data_set_\(set)") {
        let data = "\(path)/test_data_set_\(set)"
        var inputs: [String: Tensor] = [:]
        for (index, value) in graph.inputs.enumerated() {
          inputs[graph.values[value].name] = try stored("\(data)/input_\(index).pb", type: graph.values[value].type)
        }
        let results = try interpreter.run(inputs)
        for (index, value) in graph.outputs.enumerated() {
          guard let result = results[graph.values[value].name] else { return "no output \(index)" }
          let stored = try stored("\(data)/output_\(index).pb", type: result.type)
          guard result.type == stored.type else { return "output \(index) is \(result.type), not \(stored.type)" }
          guard result.shape == stored.shape else { return "output \(index) is \(result.shape), not \(stored.shape)" }
          if let fault = compare(result, stored) { return "output \(index): \(fault)" }
        }
      }
      return nil
    }

    /// A stored tensor; bfloat16 is stored under the name of a 16-bit integer.
    private func stored(_ path: String, type: ElementType?) throws -> Tensor {
      let tensor = try ONNXReader.tensor(path: path)
      guard type == .bfloat16, let bits = tensor.values(UInt16.self) else { return tensor }
      return try Tensor(shape: tensor.shape, bits.map { BFloat16(bitPattern: $0) })
    }

    /// As ONNX's own runner compares: 1e-3 relative and 1e-7 absolute; integers equal.
    private func compare(_ result: Tensor, _ stored: Tensor) -> String? {
      for (a, b) in zip(result.elements.doubles, stored.elements.doubles) {
        if a == b || (a.isNaN && b.isNaN) { continue }
        // The package's bfloat16 numbers were made by cutting, not by rounding: one unit in the last place is allowed.
        let relative = stored.type == .bfloat16 ? 0x1p-7 : 1e-3
        guard stored.type.isFloat, abs(a - b) <= 1e-7 + relative * abs(b) else { return "\(a) for \(b)" }
      }
      return nil
    }

    var text: String {
      let lines = rows.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value.passed)\t\($0.value.refused)\t\($0.value.wrong)" }
      return "operator\tpassed\trefused\twrong\n" + lines.joined(separator: "\n")
    }
  }
}
