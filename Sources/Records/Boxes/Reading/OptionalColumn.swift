/// A column that costs nothing as long as every row has the same empty value.
struct OptionalColumn<Value: Equatable> {
  /// The values, or none while all rows are empty.
  private(set) var values: [Value] = []
  private var count = 0
  private let empty: Value

  init(empty: Value) { self.empty = empty }

  @inline(__always)
  mutating func append(_ value: Value) {
    if values.isEmpty {
      if value == empty {
        count += 1
        return
      }
      values = [Value](repeating: empty, count: count)
    }
    values.append(value)
  }
}
