/// Products of every two samples' numbers: how alike samples are to a layer.
public struct GramMatrix: Sendable {
  /// Samples.
  public let count: Int
  /// Numbers that a layer makes of one sample.
  public let width: Int
  /// Row by row.
  private let values: [Double]

  /// - Parameter rows: A layer's numbers of each sample, equally many.
  public init(rows: [[Float]]) {
    count = rows.count
    width = rows.first?.count ?? 0
    var values = [Double](repeating: 0, count: rows.count * rows.count)
    for first in rows.indices {
      for second in 0...first {
        let product = GramMatrix.product(rows[first], rows[second])
        values[first * rows.count + second] = product
        values[second * rows.count + first] = product
      }
    }
    self.values = values
  }

  private static func product(_ first: [Float], _ second: [Float]) -> Double {
    first.withUnsafeBufferPointer { a in
      second.withUnsafeBufferPointer { b in
        var sum = 0.0
        for place in 0..<min(a.count, b.count) { sum += Double(a[place]) * Double(b[place]) }
        return sum
      }
    }
  }

  /// Centred kernel alignment with another layer on the same samples, 1 for layers that see the same likenesses (Kornblith et al. 2019,
  /// "Similarity of neural network representations revisited", equation 4): the unbiased one where a layer has more than a tenth as many
  /// numbers as there are samples, for the plain one nears 1 there for unrelated layers too.
  ///
  /// - Returns: nil for a layer that sees no difference between samples, or too few samples.
  public func alignment(_ other: GramMatrix) -> Double? {
    guard count == other.count else { return nil }
    let isWide = count < 10 * max(width, other.width)
    return isWide ? unbiasedAlignment(other) : plainAlignment(other)
  }

  /// ⟨HKH, HLH⟩ ∕ (‖HKH‖ ‖HLH‖) with H = I − 1∕n.
  public func plainAlignment(_ other: GramMatrix) -> Double? {
    let (a, b) = (centred, other.centred)
    return GramMatrix.ratio(GramMatrix.inner(a, b), GramMatrix.inner(a, a), GramMatrix.inner(b, b))
  }

  /// The same of the unbiased estimator of the Hilbert–Schmidt criterion (Song et al. 2012, "Feature selection via dependence
  /// maximization", equation 5); at least four samples. It may lie below zero.
  public func unbiasedAlignment(_ other: GramMatrix) -> Double? {
    guard count >= 4, other.count == count else { return nil }
    return GramMatrix.ratio(criterion(other), criterion(self), other.criterion(other))
  }

  private static func ratio(_ both: Double, _ first: Double, _ second: Double) -> Double? {
    guard first > 0, second > 0 else { return nil }
    return both / (first * second).squareRoot()
  }

  private static func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// HKH.
  private var centred: [Double] {
    let means = (0..<count).map { row in values[row * count..<(row + 1) * count].reduce(0, +) / Double(count) }
    let mean = means.reduce(0, +) / Double(count)
    return values.indices.map { values[$0] - means[$0 / count] - means[$0 % count] + mean }
  }

  private func criterion(_ other: GramMatrix) -> Double {
    let n = Double(count)
    let (a, b) = (hollow, other.hollow)
    let (rowsA, rowsB) = (sums(a), sums(b))
    let (all, each) = (rowsA.reduce(0, +) * rowsB.reduce(0, +), GramMatrix.inner(rowsA, rowsB))
    return (GramMatrix.inner(a, b) + all / ((n - 1) * (n - 2)) - 2 / (n - 2) * each) / (n * (n - 3))
  }

  /// With zeros on the diagonal.
  private var hollow: [Double] { values.indices.map { $0 / count == $0 % count ? 0 : values[$0] } }

  private func sums(_ values: [Double]) -> [Double] {
    (0..<count).map { values[$0 * count..<($0 + 1) * count].reduce(0, +) }
  }
}
