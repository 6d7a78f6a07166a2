internal import Foundation
internal import Geometry

/// What a teacher found, kept for a training that goes on: a line about the teacher, then a JSON object a picture, in the form of
/// `sextant detect`'s lines.
struct TeacherFile {
  private struct Line: Codable {
    var image: String
    var width: Int
    var height: Int
    var boxes: [Box]
  }

  private struct Box: Codable {
    var name: String
    var score, cx, cy, w, h, angle: Double

    enum CodingKeys: String, CodingKey {
      case score, cx, cy, w, h, angle
      case name = "class"
    }

    /// Where a box can lie, in pixels from the picture's corner, and how large it can be: far beyond any picture.
    private static let farthest = 1e6

    /// Whether it is a box with a score, as this writes them: a file may have been changed.
    var isSound: Bool {
      [cx, cy].allSatisfy { abs($0) <= Self.farthest } && [w, h].allSatisfy { $0 > 0 && $0 <= Self.farthest }
        && (0...1).contains(score) && abs(angle) <= .pi
    }
  }

  private let path: String
  private let handle: FileHandle
  /// Lines of the file that was there, the next one last.
  private var kept: [Line] = []

  /// - Parameter goesOn: Whether lines that are there are used; else they are replaced.
  /// - Throws: `PictureTrainingError` where it cannot be written, or is of another teacher than what is gone on with.
  init(path: String, _ facts: TeacherFacts, goesOn: Bool) throws {
    self.path = path
    let lines = goesOn ? (FileManager.default.contents(atPath: path) ?? Data()).split(separator: UInt8(ascii: "\n")) : []
    if let first = lines.first {
      guard (try? JSONDecoder().decode(TeacherFacts.self, from: first)) == facts else {
        throw PictureTrainingError.input(
          "\(path): holds what another teacher found, or this one at another size, in another type or with another score; give the same ones, or begin "
            + "anew with --overwrite.")
      }
      for line in lines.dropFirst() {
        // What was cut off by a kill or is no finding, and all behind it, is found again.
        guard let entry = try? JSONDecoder().decode(Line.self, from: line), entry.boxes.allSatisfy(\.isSound) else { break }
        kept.append(entry)
      }
      kept.reverse()
    }
    guard FileManager.default.createFile(atPath: path, contents: try Self.line(facts)),
      let handle = FileHandle(forWritingAtPath: path), (try? handle.seekToEnd()) != nil
    else { throw PictureTrainingError.output("\(path): cannot be written; check that its folder is there and has room.") }
    self.handle = handle
  }

  /// The boxes of the next picture: those that are kept, or else what a search finds. Either way they are those of the file, to the last digit.
  mutating func boxes(
    of image: String, _ width: Int, _ height: Int, search: () throws -> [TeacherFindings.Finding]
  ) throws -> [TeacherFindings.Finding] {
    var line = kept.popLast()
    if line.map({ ($0.image, $0.width, $0.height) == (image, width, height) }) != true {
      kept = []
      line = Line(image: image, width: width, height: height, boxes: try search().map(Self.box))
    }
    guard let line else { return [] }
    do {
      try handle.write(contentsOf: try Self.line(line))
    } catch {
      throw PictureTrainingError.writing("\(path): cannot be written: \(error.localizedDescription)")
    }
    return line.boxes.map { box in
      TeacherFindings.Finding(
        className: box.name, score: box.score,
        box: OrientedBox(center: Point(box.cx, box.cy), width: box.w, height: box.h, angle: box.angle))
    }
  }

  private static func box(_ found: TeacherFindings.Finding) -> Box {
    // Micropixels and microradians, as `sextant detect` writes them.
    func rounded(_ number: Double) -> Double { (number * 1e6).rounded() / 1e6 }
    let box = found.box.canonical
    return Box(
      name: found.className, score: rounded(min(1, found.score)), cx: rounded(box.center.x), cy: rounded(box.center.y),
      w: rounded(box.width), h: rounded(box.height), angle: rounded(box.angle))
  }

  private static func line(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + [UInt8(ascii: "\n")]
  }
}
