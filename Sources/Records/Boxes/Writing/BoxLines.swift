/// How a text format writes one row.
protocol BoxLines {
  var table: BoxTable { get }
  /// Appends what comes before the first row.
  func appendHeader(to text: inout TextBuffer)
  /// Appends the row's line, or nothing for a row that the format cannot hold.
  func append(_ row: Int, to text: inout TextBuffer)
  /// What depends on the values.
  var losses: [ConversionLoss] { get }
}

extension BoxLines {
  func appendHeader(to text: inout TextBuffer) {}
  var losses: [ConversionLoss] { [] }
}

extension BoxTable {
  /// The score as the file had it, nil where there is none or it is but a truth's flag.
  func writtenScore(_ row: Int) -> Double? {
    if !rawScores.isEmpty { return rawScores[row] }
    return confidences.isEmpty ? nil : confidences[row]
  }

  /// The score, or the flag as 0 or 1.
  func writtenScoreOrFlag(_ row: Int) -> Double? {
    writtenScore(row) ?? (considered.isEmpty ? nil : considered[row] ? 1 : 0)
  }

  /// The corners as the file had them, or those of the rectangle.
  func writtenCorners(_ row: Int) -> BoxCorners {
    if !corners.isEmpty { return corners[row] }
    let c = orientedBox(row).corners
    return BoxCorners(c[0], c[1], c[2], c[3])
  }

  /// The name of a frame's image; a number from 1 where images have no names.
  func writtenImage(_ frame: Int32) -> String {
    if Int(frame) < images.count { return images[Int(frame)] }
    let digits = String(frame + 1)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// The class's name without blanks; `unknown` for none.
  func writtenClass(_ row: Int) -> String { BoxTable.word(ofClass: className(row)) }

  /// A class's name without blanks; `unknown` for none.
  static func word(ofClass name: String?) -> String {
    guard let name, !name.isEmpty else { return TrackRecord.unknownClass }
    return String(name.map { $0.isWhitespace ? "_" : $0 })
  }

  /// The numbers that stand for the classes: the file's own, else those of the format's known names and, for names that it does not
  /// have, numbers from `ClassNumbering.firstFurther`; in order from `first` where the format knows no names.
  func writtenClassNumbers(known: [String] = [], first: Int) -> [Int] {
    if !classNumbers.isEmpty { return classNumbers.map(Int.init) }
    return ClassNumbering.numbers(of: classes, known: known, first: first)
  }

  /// A sentence on which number stands for which name, where names are lost.
  func numberingLoss(_ numbers: [Int], known: [String] = [], first: Int) -> [ConversionLoss] {
    let used = Set(classIndices)
    let pairs = zip(numbers, classes).enumerated().filter { used.contains(Int16($0.offset)) }.map(\.element)
    let isEvident = pairs.allSatisfy { number, name in
      String(number) == name || (known.indices.contains(number - first) && known[number - first] == name)
    }
    // Numbers without names that the format would read as names.
    let renamed = pairs.filter { number, name in String(number) == name && known.indices.contains(number - first) }
    let misnomers = renamed.prefix(20).map { "\($0.0) \(known[$0.0 - first])" }.joined(separator: ", ")
    let kept = renamed.isEmpty ? [] : [ConversionLoss("class numbers are kept, which the format has names for: \(misnomers)")]
    guard !isEvident else { return kept }
    let listed = pairs.prefix(20).map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return [ConversionLoss("class names become numbers: \(listed)")] + kept
  }
}

extension TextBuffer {
  /// Appends a separator and a number with the shortest digits that read back to the same value.
  mutating func append(_ separator: StaticString, exact value: Double) {
    append(separator)
    append(exact: value)
  }

  /// Appends a separator and a number of single precision with the shortest digits that read back to it.
  mutating func append(_ separator: StaticString, exact value: Float) {
    append(separator)
    // Bounded by the comparison.
    if value.magnitude < 1e6, value == value.rounded() {
      append(Int(value))
    } else {
      append(value.description)
    }
  }

  /// Appends a separator and a sum or product of a file's numbers: rounded to 6 decimals where that changes it by rounding errors only.
  mutating func append(_ separator: StaticString, derived value: Double) {
    append(separator)
    let rounded = (value * 1e6).rounded() / 1e6
    append(exact: abs(rounded - value) <= 1e-9 ? rounded : value)
  }
}
