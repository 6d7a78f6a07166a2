/// What rows are ordered by: up to three numbers, the first counts most.
public struct RowOrder: Comparable, Sendable {
  private let numbers: SIMD3<Int>

  /// An order by numbers; those left out are alike.
  public init(_ first: Int, _ second: Int = 0, _ third: Int = 0) { numbers = SIMD3(first, second, third) }

  /// By the first number that differs.
  public static func < (a: RowOrder, b: RowOrder) -> Bool {
    for index in 0..<3 where a.numbers[index] != b.numbers[index] { return a.numbers[index] < b.numbers[index] }
    return false
  }
}
