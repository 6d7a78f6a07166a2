import ModelFiles
import Testing

@Suite struct ElementTests {
  /// The numbers of the definition of bfloat16: round to nearest, ties to even.
  @Test(arguments: [
    (1.00390625 as Float, 1 as Float), (1.01171875, 1.015625), (-0.1, -0.1000976562), (3.3961776e38, .infinity), (0, 0),
  ])
  func roundsToBFloat16(value: Float, expected: Float) { #expect(BFloat16(value).float == expected) }

  @Test func keepsNaNInBFloat16() { #expect(BFloat16(Float(bitPattern: 0x7F80_0001)).float.isNaN) }

  @Test func refusesShapesWhoseProductOverflows() {
    for shape in [[Int.max, 2], [1 << 20, 1 << 20], [-1], [Int](repeating: 1, count: 40)] {
      #expect(throws: ModelFileError.self) { try Tensor.elementCount(of: shape) }
    }
    #expect((try? Tensor.elementCount(of: [Int.max, 0, Int.max])) == 0)
  }

  @Test func castsTowardsZeroAndHoldsTheRange() {
    #expect(Elements.from([-1.7, 300, .nan, -.infinity], type: .int8) == .int8([-1, 127, 0, -128]))
    #expect(Elements.from([257, -1] as [Int64], type: .uint8) == .uint8([1, 255]))
  }
}
