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

  public var frameCount: Int { frameStarts.count - 1 }
  public var boxCount: Int { ids.count }

  /// The positions of a frame's boxes.
  @inlinable
  public func boxes(ofFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  /// Groups original ids that are sorted by frame.
  ///
  /// - Parameters:
  ///   - frameCounts: The number of boxes in each frame.
  ///   - originalIDs: The ids of all boxes, frame after frame.
  public init(frameCounts: [Int], originalIDs: [Int]) {
    precondition(frameCounts.reduce(0, +) == originalIDs.count, "an id for each box")
    frameStarts = [0]
    frameStarts.reserveCapacity(frameCounts.count + 1)
    for count in frameCounts { frameStarts.append(frameStarts[frameStarts.count - 1] + count) }
    ids = []
    labels = []
    renumber(originalIDs)
  }

  /// One list of original ids a frame.
  public init(frames: [[Int]]) {
    self.init(frameCounts: frames.map(\.count), originalIDs: frames.flatMap { $0 })
  }

  private mutating func renumber(_ originalIDs: [Int]) {
    labels = Array(Set(originalIDs)).sorted()
    var numbers = Dictionary<Int, Int32>(minimumCapacity: labels.count)
    for (number, label) in labels.enumerated() { numbers[label] = Int32(number) }
    ids = originalIDs.map { numbers[$0] ?? 0 }
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
