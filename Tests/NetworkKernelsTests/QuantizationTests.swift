import ModelFiles
import NetworkGraph
import NetworkKernels
import Testing

/// Bytes of one grid, whose loop is its own: results by the definition, worked out by hand.
@Suite struct QuantizationTests {
  private func run(_ operation: String, _ inputs: [Tensor]) throws -> Tensor? {
    let node = Node(name: "n", operation: operation, version: 13, inputs: Array(inputs.indices), outputs: [9])
    return try Kernels.run(KernelCall(node: node, inputs: inputs)).first ?? nil
  }

  private static let values: [Float] = [
    0, 0.25, 0.75, 1.25, -0.25, -0.75, 60, 1e30, -1e30, .infinity, -.infinity, .nan, 122.5, 123, -5.5,
  ]

  /// Halves of a step go to the even number, what is outside to the ends, no number to 0.
  @Test func floatsBecomeBytes() throws {
    let input = try Tensor(shape: [3, 5], Self.values)
    let unsigned = try run("QuantizeLinear", [input, Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(10))])
    #expect(unsigned == (try Tensor(shape: [3, 5], [10, 10, 12, 12, 10, 8, 130, 255, 0, 255, 0, 0, 255, 255, 0] as [UInt8])))
    let signed = try run("QuantizeLinear", [input, Tensor(scalar: Float(0.5)), Tensor(scalar: Int8(-3))])
    #expect(
      signed == (try Tensor(shape: [3, 5], [-3, -3, -1, -1, -3, -5, 117, 127, -128, 127, -128, 0, 127, 127, -14] as [Int8])))
  }

  @Test func bytesBecomeFloats() throws {
    let unsigned = try run(
      "DequantizeLinear",
      [try Tensor(shape: [4], [0, 3, 200, 255] as [UInt8]), Tensor(scalar: Float(0.25)), Tensor(scalar: UInt8(3))])
    #expect(unsigned == (try Tensor(shape: [4], [-0.75, 0, 49.25, 63] as [Float])))
    let signed = try run(
      "DequantizeLinear",
      [try Tensor(shape: [4], [-128, -1, 0, 127] as [Int8]), Tensor(scalar: Float(0.25)), Tensor(scalar: Int8(-1))])
    #expect(signed == (try Tensor(shape: [4], [-31.75, 0, 0.25, 32] as [Float])))
  }

  /// A grid for each channel takes the general way to the same numbers.
  @Test func channelsHaveGridsOfTheirOwn() throws {
    let input = try Tensor(shape: [1, 2, 3], [0.75, 1.25, .nan, 0.75, 1.25, 1e9] as [Float])
    let found = try run(
      "QuantizeLinear", [input, try Tensor(shape: [2], [0.5, 0.25] as [Float]), try Tensor(shape: [2], [10, 0] as [UInt8])])
    #expect(found == (try Tensor(shape: [1, 2, 3], [12, 12, 0, 3, 5, 255] as [UInt8])))
  }
}
