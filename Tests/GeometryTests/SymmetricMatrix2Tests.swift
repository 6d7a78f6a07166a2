import Foundation
import Testing

@testable import Geometry

@Suite struct SymmetricMatrix2Tests {
  @Test func eigenvaluesOfTheTextbookMatrix() {
    let (major, minor, angle) = SymmetricMatrix2(xx: 2, xy: 1, yy: 2).eigen
    #expect(major.isNear(3) && minor.isNear(1) && angle.isNear(.pi / 4))
    let upright = SymmetricMatrix2(xx: 1, xy: 0, yy: 9).eigen
    #expect(upright.major == 9 && upright.minor == 1 && abs(upright.angle) == .pi / 2)
  }

  @Test func eigenvaluesAndAngleRebuildTheMatrix() {
    var noise = Noise()
    for _ in 0..<1000 {
      let matrix = noise.covariance()
      let (major, minor, angle) = matrix.eigen
      #expect(major >= minor && minor > 0)
      #expect(angle >= -.pi / 2 && angle <= .pi / 2)
      #expect(SymmetricMatrix2(major: major, minor: minor, angle: angle).relativeDistance(to: matrix) < 1e-14)
      // An eigenvector is only stretched.
      let direction = Point(angle: angle)
      #expect((matrix.multiplied(by: direction) - direction * major).length < 1e-12 * major)
    }
  }

  @Test func theSmallEigenvalueOfAThinMatrixIsNotCancelled() {
    let thin = SymmetricMatrix2(xx: 1e10, xy: 0, yy: 1e-4)
    #expect(thin.eigen.minor.isNear(1e-4))
  }

  @Test func theInverseUndoesTheMatrix() throws {
    var noise = Noise()
    for _ in 0..<1000 {
      let (matrix, v) = (noise.covariance(), noise.point(10))
      let inverse = try #require(matrix.inverse)
      #expect((inverse.multiplied(by: matrix.multiplied(by: v)) - v).length < 1e-9)
      #expect(matrix.quadraticForm(v).isNear(v.dot(matrix.multiplied(by: v)), relative: 1e-11))
      #expect(matrix.quadraticForm(v) > 0)
    }
    #expect(SymmetricMatrix2(xx: 1, xy: 1, yy: 1).inverse == nil)
    #expect(SymmetricMatrix2(xx: 1, xy: 2, yy: 1).inverse == nil)
    #expect(SymmetricMatrix2(xx: .infinity, xy: 0, yy: 1).inverse == nil)
  }

  @Test func onlyFinitePositiveFormsArePositiveDefinite() {
    #expect(SymmetricMatrix2.identity.isPositiveDefinite)
    #expect(!SymmetricMatrix2(xx: 0, xy: 0, yy: 1).isPositiveDefinite)
    #expect(!SymmetricMatrix2(xx: -2, xy: 0, yy: -2).isPositiveDefinite)
    #expect(!SymmetricMatrix2(xx: 1, xy: 1, yy: 1).isPositiveDefinite)
    #expect(!SymmetricMatrix2(xx: .nan, xy: 0, yy: 1).isPositiveDefinite)
  }

  @Test func sumsAndMultiplesGoByEntry() {
    let sum = SymmetricMatrix2(xx: 1, xy: 2, yy: 3) + SymmetricMatrix2(xx: 10, xy: 20, yy: 30) * 2
    #expect(sum == SymmetricMatrix2(xx: 21, xy: 42, yy: 63))
    #expect(sum.trace == 84)
    #expect(sum.determinant == 21 * 63 - 42 * 42)
  }

  /// M S Mᵀ entry by entry, from the four numbers of each.
  @Test func aMapTransformsACovarianceAsTheDoubleProductSays() {
    var noise = Noise()
    for _ in 0..<1000 {
      let m = [[noise.next(), noise.next()], [noise.next(), noise.next()]]
      let covariance = noise.covariance()
      let s = [[covariance.xx, covariance.xy], [covariance.xy, covariance.yy]]
      func entry(_ i: Int, _ j: Int) -> Double {
        var sum = 0.0
        for k in 0..<2 { for l in 0..<2 { sum += m[i][k] * s[k][l] * m[j][l] } }
        return sum
      }
      let map = Matrix2(m[0][0], m[0][1], m[1][0], m[1][1])
      let mapped = map.transform(covariance)
      #expect(mapped.distance(to: SymmetricMatrix2(xx: entry(0, 0), xy: entry(0, 1), yy: entry(1, 1))) < 1e-11)
      #expect(mapped.determinant.isWithin(1e-8, of: map.determinant * map.determinant * covariance.determinant))
    }
  }

  @Test func aMapOfAMapIsTheProduct() {
    var noise = Noise()
    for _ in 0..<1000 {
      let m = Matrix2(noise.next(), noise.next(), noise.next(), noise.next())
      let n = Matrix2(noise.next(), noise.next(), noise.next(), noise.next())
      let (v, s) = (noise.point(), noise.covariance())
      #expect(((m * n) * v - m * (n * v)).length < 1e-14)
      #expect((m * n).transform(s).distance(to: m.transform(n.transform(s))) < 1e-10)
      #expect((m * .identity) == m && (Matrix2.identity * m) == m)
    }
  }

  @Test func aRotationTurnsXTowardsY() {
    let turned = Matrix2(rotation: .pi / 2) * Point(1, 0)
    #expect((turned - Point(0, 1)).length < 1e-15)
    #expect(Matrix2(rotation: 0.3).transform(SymmetricMatrix2(major: 9, minor: 4, angle: 0)).eigen.angle.isNear(0.3))
  }
}
