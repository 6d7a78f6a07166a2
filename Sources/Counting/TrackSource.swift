import Geometry
import Records

/// Feeds the rows of a stream or a table to a counter.
public struct TrackSource: Sendable {
  /// What the rows gave so far.
  public var counter: TrackCounter
  /// The frames read, and the time of the last, seconds.
  public private(set) var frameCount = 0
  public private(set) var lastTime = 0.0
  /// Rows that were not of the kinds asked for.
  private var leftOut = LeftOutRows()
  /// Rows behind a cut, which the areas of the first picture say nothing about.
  private var rowsBehindCuts = 0

  private let kinds: RowKinds
  private var plane: StabilizedPlane?
  /// The frame whose picture the areas are drawn on, where they stand on the ground.
  private var firstOrigin: Int?
  /// How late rows can come, seconds.
  private static let memory = 60.0

  /// - Parameters:
  ///   - kinds: Which rows are taken.
  ///   - isStabilized: Whether the areas are drawn on the first picture and stand on the ground while the camera moves.
  public init(areas: [CountedArea], kinds: RowKinds, isStabilized: Bool, keepsCrossings: Bool) {
    counter = TrackCounter(areas: areas, memory: TrackSource.memory, keepsCrossings: keepsCrossings)
    self.kinds = kinds
    plane = isStabilized ? StabilizedPlane(memory: TrackSource.memory) : nil
  }

  /// Takes in a record of a stream.
  ///
  /// - Parameter classes: The names that the rows' class indices point into, those known by now.
  public mutating func add(_ record: StreamRecord, classes: [String]) {
    switch record {
    case .header(let header): plane?.begin(header)
    case .frame(let frame):
      plane?.add(frame)
      if firstOrigin == nil { firstOrigin = frame.frame }
      frameCount += 1
      lastTime = frame.time
      add(frame.frame, frame.time, frame.tracks, classes)
    case .backfill(let backfill): add(backfill.frame, backfill.time, backfill.tracks, classes)
    case .event(let event) where event.kind == .trackEnd:
      if case .integer(let id)? = event["id"] { counter.end(id) }
    default: break
    }
  }

  private mutating func add(_ frame: Int, _ time: Double, _ rows: [TrackRecord], _ classes: [String]) {
    let view = plane.map { $0[frame] ?? StabilizedPlane.View(origin: -1, map: .identity) }
    for row in rows {
      let key = UInt64(UInt32(truncatingIfNeeded: frame)) << 32 | UInt64(UInt32(truncatingIfNeeded: row.id))
      guard leftOut.takes(row.observation, key: key, kinds) else { continue }
      var place = row.box.center
      if let view {
        guard view.origin == firstOrigin, let stable = view.place(place) else {
          rowsBehindCuts += 1
          continue
        }
        place = stable
      }
      let className = row.className(in: classes)
      counter.add(id: row.id, className: className, frame: frame, time: time, place: place)
    }
  }

  /// Takes in all rows of a table that have an identity.
  ///
  /// - Parameter framesPerSecond: The rate that makes times of its frames.
  public mutating func add(_ table: BoxTable, framesPerSecond: Double) {
    guard !table.ids.isEmpty else { return }
    for row in 0..<table.count where table.ids[row] >= 0 {
      let frame = Int(table.frames[row])
      counter.add(
        id: Int(table.ids[row]), className: table.className(row), frame: frame, time: Double(frame) / framesPerSecond,
        place: table.orientedBox(row).center)
    }
    frameCount = table.frameCount
    lastTime = Double(max(0, frameCount - 1)) / framesPerSecond
  }

  /// What was left out, a sentence each.
  public var warnings: [String] {
    var sentences: [String] = []
    if let warning = leftOut.warning { sentences.append(warning) }
    if rowsBehindCuts > 0 {
      sentences.append(
        "\(rowsBehindCuts) rows are left out: a cut, or the horizon, stands between their picture and the first, on whose ground the areas stand"
      )
    }
    return sentences
  }
}
