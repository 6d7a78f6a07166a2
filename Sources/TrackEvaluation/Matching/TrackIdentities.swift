/// Who is where on one side of a sequence: the boxes' ids frame by frame, renumbered without gaps.
///
/// Box i of frame t has the position `frameStarts[t] + i` in `ids` and in whatever else is kept by box.
public struct TrackIdentities: Sendable, Equatable {
  /// Where each frame begins in `ids`; one more entry than frames.
  public private(set) var frameStarts: [Int]
  /// Ids 0 ..< `labels.count` in the ascending order of the original ids.
  public private(set) var ids: [Int32]
  /// The original id of each id.
  public private(set) var labels: [Int]

  /// The number of frames, empty ones too.
  public var frameCount: Int { frameStarts.count - 1 }
  /// The number of boxes in all frames.
  public var boxCount: Int { ids.count }

  /// The positions of a frame's boxes.
  @inlinable
  public func boxes(ofFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  /// The position of a frame's box with an original id; nil where the frame has none.
  func box(of label: Int, inFrame frame: Int) -> Int? {
    boxes(ofFrame: frame).first { labels[Int(ids[$0])] == label }
  }

  /// Groups original ids that are sorted by frame.
  ///
  /// - Parameters:
  ///   - frameStarts: Where each frame begins in the ids, from 0; one more entry than frames.
  ///   - originalIDs: The ids of all boxes, frame after frame.
  public init(frameStarts: [Int], originalIDs: consuming [Int32]) {
    precondition(frameStarts.first == 0 && frameStarts.last == originalIDs.count, "the frames share out the ids")
    self.frameStarts = frameStarts
    ids = originalIDs
    // Grown from nothing: made of the whole list, the set would take room for as many ids as boxes.
    let distinct = ids.reduce(into: Set<Int32>()) { $0.insert($1) }.sorted()
    labels = distinct.map { Int($0) }
    renumber(distinct)
  }

  /// One list of original ids a frame.
  public init(frames: [[Int]]) {
    var starts = [0]
    for frame in frames { starts.append(starts[starts.count - 1] + frame.count) }
    self.init(frameStarts: starts, originalIDs: frames.flatMap { $0.map { Int32($0) } })
  }

  /// Replaces original ids, given ascending, by their ranks: through a plain table where they lie close together.
  private mutating func renumber(_ distinct: [Int32]) {
    guard let first = distinct.first, let last = distinct.last else { return }
    let span = Int(last) - Int(first) + 1
    if span <= 4 * ids.count + 1024 {
      var ranks = Array<Int32>(repeating: 0, count: span)
      for (rank, id) in distinct.enumerated() { ranks[Int(id) - Int(first)] = Int32(rank) }
      for position in ids.indices { ids[position] = ranks[Int(ids[position]) - Int(first)] }
    } else {
      let ranks = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
      for position in ids.indices { ids[position] = ranks[ids[position]] ?? 0 }
    }
  }

  /// The number of boxes of each id.
  public var countsByID: [Int32] {
    var counts = Array<Int32>(repeating: 0, count: labels.count)
    for id in ids { counts[Int(id)] += 1 }
    return counts
  }

  /// The first frame that has an id twice, and the original id; nil where every id occurs at most once a frame.
  public func firstDuplicate() -> (frame: Int, id: Int)? {
    var lastFrame = Array(repeating: -1, count: labels.count)
    for frame in 0..<frameCount {
      for position in boxes(ofFrame: frame) {
        let id = Int(ids[position])
        if lastFrame[id] == frame { return (frame, labels[id]) }
        lastFrame[id] = frame
      }
    }
    return nil
  }
}
