public import Geometry
public import NetworkPrograms
internal import Records

/// Which detector stands in for labels, and how.
public struct TeacherFacts: Sendable, Equatable, Codable {
  /// Its file's or model's name, for people.
  public var name: String
  /// Of its file, SHA-256 in hexadecimal digits.
  public var digest: String
  /// How its output is laid out, and its input in pixels, HEIGHTxWIDTH.
  public var layout: String, size: String
  /// Boxes from this score on are learned.
  public var score: Double
  /// Boxes from this score on, up to the one above, are neither learned nor background.
  public var ignoredScore: Double
  /// What it is computed in; nil: 32-bit floats.
  public var type: ProgramType?

  /// What it is, for people.
  var text: String { "\(name) at \(size)\(type.map { " in \($0.rawValue)" } ?? ""), boxes from a score of \(score)" }
}

/// What a teacher found in pictures.
public struct TeacherFindings: Sendable {
  /// A box in a picture.
  public struct Finding: Sendable, Equatable {
    /// The class's name.
    public let className: String
    /// Probability in [0, 1].
    public let score: Double
    /// In pixels of the picture.
    public let box: OrientedBox

    /// A box as given.
    public init(className: String, score: Double, box: OrientedBox) {
      (self.className, self.score, self.box) = (className, score, box)
    }
  }

  /// Who found it.
  public let facts: TeacherFacts
  /// The names of all that it can find, in its order.
  public let classes: [String]
  /// By the picture's path.
  public let pictures: [String: [Finding]]

  /// Findings as given.
  public init(facts: TeacherFacts, classes: [String], pictures: [String: [Finding]]) {
    (self.facts, self.classes, self.pictures) = (facts, classes, pictures)
  }

  /// How many boxes are learned where no labels are, and how many are neither learned nor background.
  public var counts: (learned: Int, ignored: Int) {
    let all = pictures.values.joined()
    let learned = all.count { $0.score >= facts.score }
    return (learned, all.count - learned)
  }
}

/// What a detector is measured against.
public enum MeasuredAgainst: Sendable, Equatable {
  case labels
  /// The teacher's boxes alone.
  case teacher
  /// Labels, and the teacher's boxes where there are none.
  case both
}

/// Takes a teacher's findings as labels.
struct Teaching {
  let findings: TeacherFindings
  /// The classes that labels of the folder know, in lower case: in a picture with labels these alone tell of them.
  let known: Set<String>

  /// - Parameter tables: The labels that there are.
  init(_ findings: TeacherFindings, beside tables: [BoxTable]) {
    self.findings = findings
    known = Set(tables.flatMap(\.classes).map { $0.lowercased() })
  }

  /// Classes that a user asks for have to be known to somebody.
  static func check(
    _ names: [String], against labels: [String], _ taught: [String], of teacher: TeacherFacts, _ folder: String
  ) throws {
    for name in names where !labels.contains(name) && !taught.contains(name) {
      let known = Set(labels).sorted().joined(separator: ", ")
      throw PictureTrainingError.input(
        "\(folder): neither its labels nor the teacher \(teacher.name) have a class \(name); "
          + (known.isEmpty ? "" : "the labels have \(known), ") + "the teacher has \(taught.joined(separator: ", ")).")
    }
  }

  /// What counts in a picture.
  private func counting(in picture: String, isLabelled: Bool) -> [TeacherFindings.Finding] {
    (findings.pictures[picture] ?? []).filter { !isLabelled || !known.contains($0.className.lowercased()) }
  }

  /// The classes to learn: those of the labels, then those that the teacher finds in pictures, in its order.
  func classes(_ labelled: [String], _ pictures: [(path: String, isLabelled: Bool)], without ignored: [String]) -> [String] {
    let found = pictures.flatMap { picture in
      counting(in: picture.path, isLabelled: picture.isLabelled).filter { $0.score >= findings.facts.score }.map(\.className)
    }
    let (names, there) = (Set(found), Set(labelled.map { $0.lowercased() }))
    return labelled
      + findings.classes.filter { names.contains($0) && !there.contains($0.lowercased()) && !ignored.contains($0) }
  }

  /// The boxes that the teacher adds to a picture, with their scores as weights.
  func labels(in picture: PictureList.Entry, isLabelled: Bool, classes: [String], ignored: [String]) -> [LabelledBox] {
    counting(in: picture.path, isLabelled: isLabelled).compactMap { found in
      let name = found.className.lowercased()
      let isIgnored = ignored.contains { $0.lowercased() == name }
      guard let index = classes.firstIndex(where: { $0.lowercased() == name }) ?? (isIgnored ? 0 : nil) else { return nil }
      let (x, y) = (found.box.center.x, found.box.center.y)
      guard x >= 0, y >= 0, x <= Double(picture.width), y <= Double(picture.height) else { return nil }
      return LabelledBox(
        box: found.box, classIndex: index, isIgnored: isIgnored || found.score < findings.facts.score, weight: found.score)
    }
  }
}
