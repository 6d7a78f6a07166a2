internal import Foundation
public import Geometry
internal import Records

/// What the motion detector found by its rules in the pictures of a folder of `train evidence`, beside which a network's findings are weighed.
public struct RuleFindings: Sendable {
  /// A box in a picture, in its pixels.
  public struct Box: Sendable, Equatable {
    /// Where.
    public let box: OrientedBox
    /// The probability that the rules give it.
    public let score: Double

    /// A box as given.
    public init(box: OrientedBox, score: Double) { (self.box, self.score) = (box, score) }
  }

  /// A picture's film and what was found in it.
  struct Picture: Sendable {
    let film: String
    var boxes: [Box] = []
  }

  /// By the picture's name without folder and end.
  private let pictures: [String: Picture]

  /// The folder of a part, in which each film has a file.
  private static let folder = "rules"
  private static let end = ".jsonl"

  /// Reads `rules/train` and `rules/val` of a folder.
  ///
  /// - Returns: nil where there are none: an earlier version made the folder.
  /// - Throws: `RecordsError` for a file that cannot be read, `PictureTrainingError` for scores that are no probabilities.
  public init?(folder: String) throws {
    var pictures: [String: Picture] = [:]
    for part in ["train", "val"] {
      let place = "\(folder)/\(RuleFindings.folder)/\(part)"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      for name in names.sorted() where name.hasSuffix(RuleFindings.end) {
        let film = String(name.dropLast(RuleFindings.end.count))
        let table = try BoxTableReader.read(
          path: "\(place)/\(name)", options: BoxReadingOptions(format: .detect, role: .detections))
        if let score = table.rawScores.first(where: { !(0...1).contains($0) }) {
          throw PictureTrainingError.input(
            "\(place)/\(name): has a box of the score \(score); the rules' are probabilities of 0 to 1.")
        }
        for image in table.images { pictures[image] = Picture(film: film) }
        for row in 0..<table.count {
          let frame = Int(table.frames[row])
          guard table.images.indices.contains(frame) else { continue }
          pictures[table.images[frame]]?.boxes.append(Box(box: table.orientedBox(row), score: table.confidence(row)))
        }
      }
    }
    guard !pictures.isEmpty else { return nil }
    self.pictures = pictures
  }

  /// Findings that are made rather than read, by pictures' names; each picture is a film.
  init(_ boxes: [String: [Box]]) {
    pictures = Dictionary(uniqueKeysWithValues: boxes.map { ($0, Picture(film: $0, boxes: $1)) })
  }

  /// What was found in a picture; nil where nobody looked.
  func picture(_ path: String) -> Picture? {
    pictures[URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent]
  }
}
