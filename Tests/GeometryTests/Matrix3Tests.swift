import Testing

@testable import Geometry

@Suite struct Matrix3Tests {
  private let matrix = Matrix3(rows: Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 10))

  @Test func rowsAndColumnsNameTheSameEntries() {
    #expect(matrix.rowMajor == [1, 2, 3, 4, 5, 6, 7, 8, 10])
    #expect(matrix.column1 == Vector3(2, 5, 8))
    #expect(matrix.transposed.rowMajor == [1, 4, 7, 2, 5, 8, 3, 6, 10])
    #expect(matrix == Matrix3(columns: Vector3(1, 4, 7), Vector3(2, 5, 8), Vector3(3, 6, 10)))
  }

  @Test func determinantTraceAndNormOfTheTextbookMatrix() {
    // 1·(50 − 48) − 2·(40 − 42) + 3·(32 − 35) = −3.
    #expect(matrix.determinant == -3)
    #expect(matrix.trace == 16)
    #expect(matrix.frobeniusNorm.isNear(304.0.squareRoot()))
    #expect(matrix * Vector3(1, 0, -1) == Vector3(-2, -2, -3))
  }

  @Test func theProductIsThatOfRowsAndColumns() {
    var noise = Noise()
    for _ in 0..<300 {
      let (a, b) = (noise.matrix(), noise.matrix())
      let (left, right) = (a.rowMajor, b.rowMajor)
      var product = Array(repeating: 0.0, count: 9)
      for row in 0..<3 {
        for column in 0..<3 {
          for k in 0..<3 { product[row * 3 + column] += left[row * 3 + k] * right[k * 3 + column] }
        }
      }
      #expect(zip((a * b).rowMajor, product).allSatisfy { $0.isWithin(1e-15 * 4, of: $1) })
      #expect((a * b).determinant.isWithin(1e-13, of: a.determinant * b.determinant))
      #expect(((a * b).transposed - b.transposed * a.transposed).frobeniusNorm < 1e-15 * 10)
    }
  }

  @Test func theOuterProductMapsAlongItsFirstFactor() {
    let (a, b, v) = (Vector3(1, 2, 3), Vector3(-1, 0, 2), Vector3(5, 6, 7))
    #expect(Matrix3(outer: a, b) * v == a * b.dot(v))
    #expect(Matrix3(outer: a, b).determinant == 0)
  }

  @Test func theCrossProductIsRightHandedAndPerpendicular() {
    #expect(Vector3(1, 0, 0).cross(Vector3(0, 1, 0)) == Vector3(0, 0, 1))
    var noise = Noise()
    for _ in 0..<300 {
      let (a, b) = (noise.vector(), noise.vector())
      let cross = a.cross(b)
      #expect(abs(cross.dot(a)) < 1e-15 * 4 && abs(cross.dot(b)) < 1e-15 * 4)
      // Lagrange: |a × b|² + (a·b)² = |a|² |b|².
      #expect((cross.squaredLength + a.dot(b) * a.dot(b)).isNear(a.squaredLength * b.squaredLength))
    }
  }
}
