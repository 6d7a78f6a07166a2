import Geometry

/// Reads the MOTS text format: `frame id class height width rle`, separated by blanks; the frame's number is kept as the file has it.
///
/// - Source: P. Voigtlaender et al., MOTS: multi-object tracking and segmentation, 2019, doi:10.1109/CVPR.2019.00813.
public enum MaskTrackReader {
  /// A line with a mask may be as long as this, in bytes.
  private static let maximumLineLength = 16 << 20
  /// A file of masks, several for each frame, has no more frames than this.
  private static let maximumFrame = 10_000_000

  /// Reads a file, gzip or not. Bad lines are told by file and number, each cause once.
  public static func read(path: String) throws(RecordsError) -> MaskTracks {
    let reader = try LineReader(path: path, maximumLineLength: maximumLineLength)
    var tracks = MaskTracks()
    var problems = LineProblems()
    var hasBlankLines = false
    try reader.forEachLine { line throws(RecordsError) in
      let parts = line.bytes.split(separator: UInt8(ascii: " "))
      guard !parts.isEmpty else {
        hasBlankLines = true
        return
      }
      guard parts.count == 6 else {
        problems.add(
          line: line.number,
          "\(parts.count) \(parts.count == 1 ? "column" : "columns") instead of 6: frame id class height width rle")
        return
      }
      let numbers = parts.prefix(5).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
      guard numbers.count == 5, numbers[0] >= 0, numbers[0] <= maximumFrame, numbers[1] >= 0 else {
        problems.add(line: line.number, "the first five columns are not whole numbers of their kind")
        return
      }
      guard let mask = RunLengthMask(width: Int(numbers[4]), height: Int(numbers[3]), compressed: parts[5]) else {
        problems.add(line: line.number, "column 6 is no mask of \(numbers[4])x\(numbers[3]) pixels")
        return
      }
      tracks.rows.append(MaskTracks.Row(frame: numbers[0], id: numbers[1], classNumber: numbers[2], mask: mask))
    }
    try problems.throwIfAny(path: reader.name)
    guard !tracks.rows.isEmpty || !hasBlankLines else {
      throw .malformed(path: reader.name, reason: "it has nothing but blank lines; a file without masks has zero bytes")
    }
    return tracks
  }
}
