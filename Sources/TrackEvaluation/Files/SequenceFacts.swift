import Foundation
import Records

/// What the files beside a truth say of its sequence: `seqinfo.ini` of MOTChallenge or a seqmap of KITTI. Neither is needed.
struct SequenceFacts {
  private(set) var frames: Int?
  private(set) var size: (width: Int, height: Int)?

  /// Descriptions are small; anything larger is something else.
  private static let greatestSize = 1 << 20
  private static let mapPrefixes = ["seqmap", "evaluate_tracking.seqmap", "evaluate_mots.seqmap"]

  init(truth: String, name: String) {
    if let information = SequenceInformation.beside(truth) {
      frames = information.frameCount
      if let width = information.width, let height = information.height { size = (width, height) }
    }
    guard frames == nil else { return }
    let folder = URL(fileURLWithPath: truth).deletingLastPathComponent()
    for place in [folder, folder.deletingLastPathComponent()] where frames == nil {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      for file in files.sorted() where Self.mapPrefixes.contains(where: file.hasPrefix) {
        guard let text = Self.text(place.appendingPathComponent(file)) else { continue }
        readMap(text, name: name, endsWithIndex: file.hasPrefix("evaluate_mots"))
      }
    }
  }

  private static func text(_ file: URL) -> String? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    guard let size = attributes?[.size] as? Int, size <= greatestSize else { return nil }
    return try? String(contentsOf: file, encoding: .utf8)
  }

  /// Lines `NAME empty FIRST COUNT`: the fourth column is the number of frames, in KITTI-MOTS the index of the last one.
  private mutating func readMap(_ text: String, name: String, endsWithIndex: Bool) {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: " ")
      if parts.count >= 4, parts[0] == name, let number = Int(parts[3]),
        (endsWithIndex ? 0...100_000_000 : 1...100_000_000).contains(number)
      {
        frames = endsWithIndex ? number + 1 : number
      }
    }
  }
}
