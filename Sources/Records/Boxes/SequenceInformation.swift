import Foundation

/// What MOTChallenge's `seqinfo.ini` says of a sequence; every key may be absent.
public struct SequenceInformation: Sendable, Hashable {
  public var name: String?
  /// Frames per second.
  public var frameRate: Double?
  public var frameCount: Int?
  /// Pixels.
  public var width: Int?
  public var height: Int?

  /// Descriptions are small; anything larger is something else.
  private static let greatestBytes = 1 << 20
  private static let greatestNumber = 100_000_000

  /// Reads the text of such a file: section `[Sequence]`, keys in any case; unknown keys and values out of range are passed over.
  public init(text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2 else { continue }
      let number = Int(parts[1]).flatMap { (1...SequenceInformation.greatestNumber).contains($0) ? $0 : nil }
      switch parts[0].lowercased() {
      case "name": name = parts[1]
      case "framerate": frameRate = Double(parts[1]).flatMap { $0 > 0 && $0 <= 100_000 ? $0 : nil }
      case "seqlength": frameCount = number
      case "imwidth": width = number
      case "imheight": height = number
      default: break
      }
    }
  }

  /// The description that lies beside a sequence's file or one folder above, as in `NAME/seqinfo.ini` with `NAME/det/det.txt`.
  public static func beside(_ path: String) -> SequenceInformation? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    for place in [folder, folder.deletingLastPathComponent()] {
      if let text = text(of: place.appendingPathComponent("seqinfo.ini").path) { return SequenceInformation(text: text) }
    }
    return nil
  }

  private static func text(of path: String) -> String? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? Int, size <= greatestBytes else { return nil }
    return try? String(contentsOfFile: path, encoding: .utf8)
  }
}
