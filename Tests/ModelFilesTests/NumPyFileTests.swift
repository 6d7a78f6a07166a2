import ModelFiles
import TestSupport
import Testing

@Suite struct NumPyFileTests {
  @Test func readsWhatItWrote() throws {
    let tensor = try Tensor(shape: [2, 3], [1.5, -2, 0, .infinity, 1e-30, 3] as [Float])
    #expect(try NumPyFile.read(FileBytes(name: "a.npy", bytes: NumPyFile.bytes(tensor))) == tensor)
    let scalar = Tensor(scalar: Int64.min)
    #expect(try NumPyFile.read(FileBytes(name: "b.npy", bytes: NumPyFile.bytes(scalar))) == scalar)
  }

  /// The bytes that numpy 2.4 writes for `np.save(f, np.array([[1, 2]], dtype='<i2'))`.
  @Test func writesTheBytesOfNumPy() throws {
    let text = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }"
    let header = [UInt8]((text + String(repeating: " ", count: 117 - text.utf8.count) + "\n").utf8)
    let expected: [UInt8] = [0x93] + [UInt8]("NUMPY".utf8) + [1, 0, 118, 0] + header + [1, 0, 2, 0]
    let tensor = try Tensor(shape: [1, 2], [1, 2] as [Int16])
    #expect(try NumPyFile.read(FileBytes(name: "a", bytes: expected)) == tensor)
  }

  @Test func refusesBodiesOfAnotherLength() throws {
    var bytes = try NumPyFile.bytes(Tensor(list: [1, 2, 3] as [Float]))
    bytes.removeLast()
    #expect(throws: ModelFileError.self) { try NumPyFile.read(FileBytes(name: "a", bytes: bytes)) }
  }

  @Test func survivesMutations() throws {
    var random = TestRandom(seed: 1)
    let bytes = try NumPyFile.bytes(Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Double]))
    for _ in 0..<5000 { _ = try? NumPyFile.read(FileBytes(name: "m", bytes: Mutation.of(bytes, &random))) }
  }
}
