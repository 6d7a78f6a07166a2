/// Identities as a file spells them: whole numbers are kept, others (long numbers, names) are numbered in the order in which they appear.
///
/// An identity is never made up: a row without one gets −1.
struct IdentityColumn {
  private var numbers: [Int32] = []
  private var numberOfName: [String: Int32] = [:]
  private var areOwn = true

  /// Spellings of "none"; the long one is DeepStream's, the largest number of 64 bits.
  private static let none: Set<String> = ["", "-1", "-1.0", "None", "null", "nan", "18446744073709551615"]

  /// Adds a row's identity; nil for none.
  mutating func append(_ text: String?) {
    guard let text, !IdentityColumn.none.contains(text) else {
      numbers.append(-1)
      return
    }
    if IdentityColumn.number(text) == nil { areOwn = false }
    let known = numberOfName[text] ?? Int32(clamping: numberOfName.count)
    numberOfName[text] = known
    numbers.append(known)
  }

  private static func number(_ text: String) -> Int32? {
    guard let number = Double(text).flatMap(Int32.init(exactly:)), number >= 0 else { return nil }
    return number
  }

  /// The rows' identities, and a sentence where they are not the file's own numbers.
  func finish() -> (ids: [Int32], warning: String?) {
    guard areOwn else {
      let ids = numbers.map { $0 < 0 ? -1 : $0 + 1 }
      return (
        ids,
        numberOfName.isEmpty
          ? nil : "identities are numbered from 1 in their order, for not all of them are numbers up to \(Int32.max)"
      )
    }
    var own = [Int32](repeating: -1, count: numberOfName.count)
    for (name, place) in numberOfName { own[Int(place)] = IdentityColumn.number(name) ?? -1 }
    return (numbers.map { $0 < 0 ? -1 : own[Int($0)] }, nil)
  }
}
