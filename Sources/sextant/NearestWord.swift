/// The word that somebody probably meant who wrote an unknown one.
enum NearestWord {
  /// The nearest known word: the one that the unknown word begins, else the one with the fewest changes of letters.
  ///
  /// - Returns: nil where nothing is near.
  static func of(_ word: String, among known: [String]) -> String? {
    guard !word.isEmpty else { return nil }
    let longer = known.filter { $0.hasPrefix(word) }.min { ($0.count, $0) < ($1.count, $1) }
    if let longer { return longer }
    let ranked = known.map { (word: $0, changes: changes(from: word, to: $0)) }
    guard let nearest = ranked.min(by: { ($0.changes, $0.word) < ($1.changes, $1.word) }) else { return nil }
    // A third of the letters wrong is a slip; more is another word.
    return nearest.changes <= max(1, word.count / 3) ? nearest.word : nil
  }

  /// `; did you mean WORD?`, or nothing.
  static func hint(for word: String, among known: [String]) -> String {
    of(word, among: known).map { "; did you mean \($0)?" } ?? ""
  }

  /// The same for words that may be written in upper or lower case.
  static func hint(for word: String, amongAnyCase known: [String]) -> String {
    let near = of(word.lowercased(), among: known.map { $0.lowercased() })
    return known.first { $0.lowercased() == near }.map { "; did you mean \($0)?" } ?? ""
  }

  /// Letters to insert, remove, replace or swap with a neighbour (optimal string alignment distance).
  static func changes(from a: String, to b: String) -> Int {
    // Words that long are none, and the table grows with the product of the lengths.
    let (a, b) = (Array(a.prefix(64)), Array(b.prefix(64)))
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
        row.append(least)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
