import Splines

/// The sums JᵀJ, Jᵀe and eᵀe of a least-squares problem, accumulated row by row so that J is never stored.
struct NormalEquations {
  let size: Int
  private let stride: Int
  /// The lower triangle of JᵀJ, rows of `stride` numbers.
  private var products: [SIMD4<Double>]
  private(set) var rights: [Double]
  private(set) var squares = 0.0
  private(set) var count = 0
  /// Four rows of J that are not in the sums yet.
  private var block: [SIMD4<Double>]
  private var pending = 0

  /// - Parameter stride: The length of the rows in memory, a multiple of four and at least `size`.
  init(size: Int, stride: Int) {
    self.size = size
    self.stride = stride / 4
    products = [SIMD4<Double>](repeating: SIMD4(repeating: 0), count: size * self.stride)
    rights = [Double](repeating: 0, count: size)
    block = [SIMD4<Double>](repeating: SIMD4(repeating: 0), count: 4 * self.stride)
  }

  /// Adds a row of the Jacobian of the prediction, `stride` numbers, and the error (measured minus predicted).
  @inline(__always)
  mutating func add(_ row: UnsafePointer<Double>, error: Double) {
    let source = UnsafeRawPointer(row).assumingMemoryBound(to: SIMD4<Double>.self)
    // In bounds: rows of sensitivities have `stride` numbers, and pending < 4.
    block.withUnsafeMutableBufferPointer { block in
      for index in 0..<stride { block[pending * stride + index] = source[index] }
    }
    rights.withUnsafeMutableBufferPointer { rights in
      for index in 0..<size { rights[index] += row[index] * error }
    }
    squares += error * error
    count += 1
    pending += 1
    if pending == 4 { flush() }
  }

  /// Adds the waiting rows to the products.
  private mutating func flush() {
    products.withUnsafeMutableBufferPointer { products in
      block.withUnsafeMutableBufferPointer { block in
        let lanes = UnsafeRawPointer(block.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: Double.self)
        for index in pending * stride..<4 * stride { block[index] = SIMD4(repeating: 0) }
        for row in 0..<size {
          // In bounds: row < size ≤ 4 stride, and the block has four rows of 4 stride numbers.
          let a = lanes[row]
          let b = lanes[4 * stride + row]
          let c = lanes[8 * stride + row]
          let d = lanes[12 * stride + row]
          for chunk in 0...row / 4 {
            var sum = block[chunk] * a
            sum += block[stride + chunk] * b
            sum += block[2 * stride + chunk] * c
            sum += block[3 * stride + chunk] * d
            products[row * stride + chunk] += sum
          }
        }
      }
    }
    pending = 0
  }

  /// JᵀJ as a whole.
  mutating func finished() -> Matrix {
    if pending > 0 { flush() }
    var matrix = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0...row {
        let value = products[row * stride + column / 4][column % 4]
        matrix[row, column] = value
        matrix[column, row] = value
      }
    }
    return matrix
  }
}
