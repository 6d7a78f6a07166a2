import Geometry
import Records

/// What a page shows: one result, and perhaps another beside it, each perhaps held against a truth.
public struct ViewData: Sendable {
  /// The result that is looked at.
  var result: ViewedResult
  /// Another result of the same frames.
  var beside: ViewedResult?
  /// Decisions that were made before; those of a served page are asked for by themselves.
  var review: [ReviewDecision] = []
  /// What the page is called.
  var title: String { result.title }
  /// Tells states of a growing stream apart.
  var version = 0
  /// Whether there is more of the stream than is shown so far.
  var isReading = false

  /// The size of what is shown, where the stream does not tell it.
  private let video: ViewFiles.VideoFacts?

  init(_ result: ViewedResult, _ video: ViewFiles.VideoFacts? = nil) { (self.result, self.video) = (result, video) }

  /// The length of the JSON text (four bytes, little-endian), the text, and the columns from the next multiple of 8 on.
  var bytes: [UInt8] {
    var packer = ColumnPacker()
    var sets: [JSONValue] = []
    let results = [result, beside].compactMap { $0 }.map { $0.pack(into: &packer, &sets) }
    let text = Array(meta(sets, results).json.utf8)
    var bytes = withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0) }
    bytes.reserveCapacity(text.count + packer.bytes.count + 16)
    bytes += text
    bytes.append(contentsOf: repeatElement(0, count: (8 - bytes.count % 8) % 8))
    bytes += packer.bytes
    return bytes
  }

  private func meta(_ sets: [JSONValue], _ results: [JSONValue]) -> JSONValue {
    let size = pictureSize
    return .object([
      ("title", .text(title)), ("version", .integer(version)), ("isReading", .flag(isReading)), ("width", .integer(size.width)),
      ("height", .integer(size.height)), ("duration", .real(result.tracks.header?.source?.duration ?? 0)),
      ("notes", .list((result.notes + (beside?.notes ?? [])).map { .text($0) })), ("sets", .list(sets)),
      ("results", .list(results)), ("review", .list(review.map(\.json))),
    ])
  }

  /// Of the stream's header, else of the video, else what holds all boxes.
  var pictureSize: (width: Int, height: Int) {
    if let source = result.tracks.header?.source, let width = source.width, let height = source.height {
      return (min(width, ViewData.greatestSide), min(height, ViewData.greatestSide))
    }
    if let video { return (min(video.width, ViewData.greatestSide), min(video.height, ViewData.greatestSide)) }
    let extent = result.tracks.extent
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
