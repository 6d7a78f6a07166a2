import Geometry
import Records

/// What a page shows: one stream, and perhaps another file beside it.
public struct ViewData: Sendable {
  /// The stream that is looked at.
  public var tracks: TrackColumns
  /// The truth or another result, and what came of holding both together.
  var compared: ComparedTracks?
  /// Decisions that were made before.
  public var review: [ReviewDecision] = []
  /// What the page is called.
  public var title: String
  /// Tells states of a growing stream apart.
  public var version: Int

  /// - Parameter title: What the page is called.
  public init(tracks: TrackColumns, title: String, version: Int = 0) {
    self.tracks = tracks
    self.title = title
    self.version = version
  }

  /// The length of the JSON text (four bytes, little-endian), the text, and the columns from the next multiple of 8 on.
  public var bytes: [UInt8] {
    var packer = ColumnPacker()
    var sets = [tracks.pack(into: &packer)]
    if let compared { sets.append(compared.tracks.pack(into: &packer)) }
    let text = Array(meta(sets).json.utf8)
    var bytes = withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) }
    bytes.reserveCapacity(text.count + packer.bytes.count + 16)
    bytes += text
    bytes.append(contentsOf: repeatElement(0, count: (8 - bytes.count % 8) % 8))
    bytes += packer.bytes
    return bytes
  }

  private func meta(_ sets: [JSONValue]) -> JSONValue {
    let size = pictureSize
    var pairs: [(String, JSONValue)] = [
      ("title", .text(title)), ("version", .integer(version)), ("width", .integer(size.width)), ("height", .integer(size.height)),
      ("duration", .real(tracks.header?.source?.duration ?? 0)),
      ("notes", .list((tracks.notes + (compared?.notes ?? [])).map { .text($0) })), ("sets", .list(sets)),
    ]
    if let compared { pairs.append(("comparison", compared.json)) }
    pairs.append(("review", .list(review.map(\.json))))
    return .object(pairs)
  }

  /// Of the stream's header, else what holds all boxes.
  public var pictureSize: (width: Int, height: Int) {
    if let source = tracks.header?.source, let width = source.width, let height = source.height {
      return (min(width, ViewData.greatestSide), min(height, ViewData.greatestSide))
    }
    let extent = tracks.extent
    return (
      Int(bounded: extent.x.rounded(.up), in: 64...ViewData.greatestSide),
      Int(bounded: extent.y.rounded(.up), in: 64...ViewData.greatestSide)
    )
  }

  private static let greatestSide = 65_536
}

extension TrackColumns {
  /// The lower right corner of all boxes, as upright squares of their longer sides.
  fileprivate var extent: Point {
    let all = Column.allCases
    guard let x = all.firstIndex(of: .cx), let y = all.firstIndex(of: .cy), let w = all.firstIndex(of: .w) else { return .zero }
    var corner = Point.zero
    for row in 0..<count {
      let reach = Double(values[w][row]) / 2
      corner = Point(max(corner.x, Double(values[x][row]) + reach), max(corner.y, Double(values[y][row]) + reach))
    }
    return corner
  }
}
