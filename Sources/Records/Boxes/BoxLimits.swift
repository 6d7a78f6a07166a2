/// How much a file of boxes may ask for; docs/formats.md states the same figures.
public enum BoxLimits {
  /// The largest frame number that a file may name: over a month at 30 frames a second.
  public static let maximumFrame = 100_000_000
  /// The longest run of frames without a box that is written out or tracked frame by frame, over nine hours at 30 frames a second: a few
  /// bytes of a file must not become gigabytes of empty frames.
  public static let maximumGap = 1_000_000
  /// Positions and sides lie between this and its negative, pixels (the greatest 32-bit number): products of them and their shares of a
  /// picture stay finite.
  public static let maximumPosition = Double(Int32.max)
  /// A file may have so many frames without a box in all, and a thousand more for each of its boxes: many gaps must not become what one may
  /// not.
  public static let emptyFramesForABox = 1000
  /// More boxes in one frame are not tracked: a tracker holds about a kilobyte for each.
  public static let maximumBoxesInFrame = 100_000
  /// A file with more boxes is refused.
  public static let maximumBoxes = 50_000_000
}

extension BoxTable {
  /// Refuses a table with more boxes in one frame than are tracked.
  ///
  /// - Parameter path: The file's name for the message.
  /// - Throws: `RecordsError.malformed` with the first such frame, as the file counts it.
  public func refuseCrowdedFrames(path: String) throws(RecordsError) {
    guard count > BoxLimits.maximumBoxesInFrame else { return }
    let rows = rowsByFrame()
    for frame in rows.keys where rows.rows(of: Int(frame)).count > BoxLimits.maximumBoxesInFrame {
      throw .malformed(
        path: path,
        reason: "frame \(frame + firstFrame) has \(rows.rows(of: Int(frame)).count) boxes, more than"
          + " \(BoxLimits.maximumBoxesInFrame) are not tracked; are the columns of frame and id swapped?")
    }
  }

  /// Refuses boxes that lie or reach beyond what can be counted in pixels, or that have become no numbers, as shares of a wrong size do.
  ///
  /// - Parameter path: The file's name for the message.
  /// - Throws: `RecordsError.malformed` with the first such box's line where lines are kept, else its frame.
  func refuseFarBoxes(path: String) throws(RecordsError) {
    // Whole numbers are in range by their kind.
    if !isOriented, axisBoxes.isWhole { return }
    // False for what is no number.
    func isNear(_ value: Double) -> Bool { abs(value) <= BoxLimits.maximumPosition }
    for row in 0..<count {
      let areNear: Bool
      if isOriented {
        let box = orientedBoxes[row]
        areNear = isNear(box.center.x) && isNear(box.center.y) && isNear(box.width) && isNear(box.height) && isNear(box.angle)
      } else {
        let box = axisBoxes[row]
        areNear = isNear(box.left) && isNear(box.top) && isNear(box.width) && isNear(box.height)
      }
      guard areNear else {
        let place = lines.isEmpty ? "in frame \(frames[row] + firstFrame)" : "in line \(lines[row])"
        throw .malformed(path: path, reason: "a box \(place) lies or reaches beyond 2147483647 pixels; is its unit another?")
      }
    }
  }

  /// Refuses a table with more frames in a row without a box than are gone through one by one.
  ///
  /// - Parameter path: The file's name for the message.
  /// - Throws: `RecordsError.malformed` with the numbers of the frames on both sides, as the file counts them.
  public func refuseLongGaps(path: String) throws(RecordsError) {
    guard frameCount > BoxLimits.maximumGap else { return }
    var before: Int32 = -1
    let named = rowsByFrame().keys
    for frame in named {
      guard Int(frame) - Int(before) <= BoxLimits.maximumGap else {
        let from = before < 0 ? "the beginning" : "frame \(before + firstFrame)"
        throw .malformed(
          path: path,
          reason:
            "between \(from) and frame \(frame + firstFrame) there are more than \(BoxLimits.maximumGap) frames without a box; "
            + "is that number a frame's?")
      }
      before = frame
    }
    let empty = frameCount - named.count
    guard empty <= BoxLimits.maximumGap + BoxLimits.emptyFramesForABox * count else {
      throw .malformed(
        path: path,
        reason: "of \(frameCount) frames \(empty) are without a box, too many for \(count) boxes; are the numbers frames'?")
    }
  }
}
