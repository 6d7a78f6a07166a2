extension BoxTable {
  /// Takes classes of which all are called by a number as class numbers, as those of YOLO's labels are.
  mutating func takeNumbersOfClasses() {
    let numbers = classes.compactMap { name in
      Int32(name).flatMap { (0...Int32(Int16.max)).contains($0) && String($0) == name ? $0 : nil }
    }
    if numbers.count == classes.count { classNumbers = numbers }
  }
}

/// Class numbers of a file, mapped to indices by ascending number once all are known.
struct ClassNumbering {
  private var column = OptionalColumn<Int16>(empty: -1)

  /// The numbers that a class column may hold; −1 is none.
  static let range = -1...Int(Int16.max)

  /// The first number of classes that a format with names of its own has no name for. COCO's numbers, which other programs put in such
  /// files, end at 90.
  static let firstFurther = 101

  /// Names that other data sets have for a format's own.
  private static let synonyms = ["person": "pedestrian", "people": "pedestrian", "motorcycle": "motorbike"]

  /// The numbers that stand for class names in a format.
  ///
  /// - Parameters:
  ///   - known: The format's own classes, numbered from `first`; empty for a format without names, whose numbers follow one another.
  static func numbers(of classes: [String], known: [String], first: Int) -> [Int] {
    guard !known.isEmpty else { return classes.indices.map { $0 + first } }
    func place(_ name: String) -> Int? { known.firstIndex { $0.lowercased() == name } }
    var further = firstFurther
    return classes.map { name in
      let name = name.lowercased()
      if let place = place(name) ?? synonyms[name].flatMap(place) { return place + first }
      further += 1
      return further - 1
    }
  }

  mutating func append(_ number: Int) { column.append(Int16(truncatingIfNeeded: number)) }

  /// Fills the table's class columns.
  ///
  /// - Parameters:
  ///   - names: Names by number, used where they are given.
  ///   - known: The format's own classes, numbered from `first`; they are listed in full if the file uses no other number but those from
  ///     `firstFurther` on, which are this program's for names that the format does not have.
  func finish(_ table: inout BoxTable, names: [Int: String], known: [String] = [], first: Int = 1) {
    let numbers = column.values
    guard !numbers.isEmpty else { return }
    var used = Set(numbers)
    used.remove(-1)
    let own = first..<first + known.count
    let further = used.filter { Int($0) >= ClassNumbering.firstFurther && !own.contains(Int($0)) }.sorted()
    let isKnown = !known.isEmpty && used.count > further.count && used.allSatisfy { own.contains(Int($0)) || further.contains($0) }
    let listed = isKnown ? own.map { Int16($0) } + further : used.sorted()
    table.classNumbers = listed.map(Int32.init)
    table.classes = listed.map { number in
      names[Int(number)] ?? (isKnown && own.contains(Int(number)) ? known[Int(number) - first] : String(number))
    }
    let index = Dictionary(uniqueKeysWithValues: listed.enumerated().map { ($1, Int16($0)) })
    table.classIndices = numbers.map { index[$0] ?? -1 }
  }
}
