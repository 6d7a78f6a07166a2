import Foundation
import ModelFiles
import Testing

/// Protobuf messages written by hand, field by field.
private func message(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
  varint(UInt64(number << 3 | 2)) + varint(UInt64(bytes.count)) + bytes
}
private func integer(_ number: Int, _ value: Int64) -> [UInt8] { varint(UInt64(number << 3)) + varint(UInt64(bitPattern: value)) }
private func text(_ number: Int, _ value: String) -> [UInt8] { message(number, Array(value.utf8)) }
private func varint(_ value: UInt64) -> [UInt8] {
  var (rest, bytes) = (value, [UInt8]())
  while rest >= 128 {
    bytes.append(UInt8(rest & 127) | 128)
    rest >>= 7
  }
  return bytes + [UInt8(rest)]
}

@Suite struct ONNXReaderTests {
  private func model(_ graph: [UInt8]) -> FileBytes {
    FileBytes(name: "m.onnx", bytes: integer(1, 8) + message(8, integer(2, 17)) + message(7, graph))
  }

  @Test func readsPackedAndUnpackedNumbers() throws {
    let packed = message(
      5, message(1, varint(3)) + integer(2, 7) + message(7, varint(1) + varint(2) + varint(UInt64(bitPattern: -3))) + text(8, "a"))
    let loose = message(5, integer(1, 3) + integer(2, 7) + integer(7, 1) + integer(7, 2) + integer(7, -3) + text(8, "b"))
    let graph = try ONNXReader.model(model(packed + loose)).graph
    for tensor in graph.initializers {
      #expect(try tensor.tensor(folder: ExternalData(folder: nil)) == Tensor(list: [1, 2, -3] as [Int64]))
    }
    #expect(graph.initializers.map(\.name) == ["a", "b"])
  }

  @Test func skipsUnknownFields() throws {
    let unknown =
      integer(999, 5) + varint(UInt64(998 << 3 | 5)) + [1, 2, 3, 4] + varint(UInt64(997 << 3 | 1)) + [UInt8](repeating: 9, count: 8)
    #expect(try ONNXReader.model(model(unknown + text(2, "g"))).graph.name == "g")
  }

  @Test func refusesNestingWithoutEnd() {
    var bytes: [UInt8] = []
    // A node with an attribute with a graph with a node, and so on.
    for _ in 0..<200 { bytes = message(1, message(5, message(6, bytes))) }
    #expect(throws: ModelFileError.self) { try ONNXReader.model(model(bytes)) }
  }

  @Test(
    arguments: [[], [0x3A], [0x3A, 0x05], [0x3B], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]] as [[UInt8]])
  func refusesWhatIsNoModel(bytes: [UInt8]) {
    #expect(throws: ModelFileError.self) { try ONNXReader.model(FileBytes(name: "m", bytes: bytes)) }
  }

  @Test func refusesTensorsThatLieAboutTheirSize() throws {
    let tensor = message(5, integer(1, 1 << 40) + integer(2, 1) + message(9, [0, 0, 0, 0]))
    let read = try #require(try ONNXReader.model(model(tensor)).graph.initializers.first)
    #expect(throws: ModelFileError.self) { try read.tensor(folder: ExternalData(folder: nil)) }
  }

  private func external(_ location: String, folder: String, length: String = "4") throws -> Tensor {
    let keys = message(13, text(1, "location") + text(2, location)) + message(13, text(1, "length") + text(2, length))
    let tensor = message(5, integer(1, 1) + integer(2, 1) + integer(14, 1) + keys)
    return try #require(try ONNXReader.model(model(tensor)).graph.initializers.first).tensor(folder: ExternalData(folder: folder))
  }

  @Test func readsExternalDataFromTheModelsFolderOnly() throws {
    let manager = FileManager.default
    let root = manager.temporaryDirectory.appendingPathComponent("sextant-external-\(UUID().uuidString)")
    let folder = root.appendingPathComponent("model")
    try manager.createDirectory(at: folder.appendingPathComponent("sub"), withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: root) }
    let number: [UInt8] = [0, 0, 0x80, 0x3F]
    for name in ["model/data.bin", "model/sub/data.bin", "outside.bin"] {
      try Data(number).write(to: root.appendingPathComponent(name))
    }
    try manager.createSymbolicLink(
      at: folder.appendingPathComponent("link.bin"), withDestinationURL: root.appendingPathComponent("outside.bin"))
    try manager.createSymbolicLink(at: folder.appendingPathComponent("linked"), withDestinationURL: root)

    #expect(try external("data.bin", folder: folder.path) == Tensor(list: [1 as Float]))
    #expect(try external("./sub/data.bin", folder: folder.path) == Tensor(list: [1 as Float]))
    for path in [
      "../outside.bin", "sub/../../outside.bin", root.appendingPathComponent("outside.bin").path, "link.bin", "linked/outside.bin",
      "", "absent.bin", "sub",
    ] {
      #expect(throws: ModelFileError.self, "\(path)") { try external(path, folder: folder.path) }
    }
    #expect(throws: ModelFileError.self) { try external("data.bin", folder: folder.path, length: "8") }
  }
}
