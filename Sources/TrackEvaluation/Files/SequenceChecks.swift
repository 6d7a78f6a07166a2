import Geometry
import Records
import Reports

/// What is odd about a sequence's files: refused where no score would mean anything, else told as a warning.
enum SequenceChecks {
  /// Refuses a result with the same id twice in a frame, or with boxes that have no id.
  static func refuseDuplicates(_ side: TrackSide, path: String, skipsUnnumbered: Bool) throws(EvaluationError) {
    if !skipsUnnumbered, let row = side.boxes.ids.firstIndex(where: { $0 < 0 }) {
      let frame = (side.boxes.frameStarts.firstIndex { $0 > row } ?? 1) - 1
      throw .unusable(
        path: path, reason: "frame \(frame + side.firstFrame) has a box without an id; are these detections instead of tracks?")
    }
    try refuseDuplicates(side.boxes, path: path, firstFrame: side.firstFrame)
  }

  /// Refuses boxes with the same id twice in a frame; ids below 0 are none.
  static func refuseDuplicates(_ boxes: GroupedBoxes, path: String, firstFrame: Int) throws(EvaluationError) {
    var lastFrame: [Int32: Int] = [:]
    for frame in 0..<boxes.frameCount {
      for row in boxes.rows(ofFrame: frame) where boxes.ids[row] >= 0 {
        guard lastFrame.updateValue(frame, forKey: boxes.ids[row]) != frame else {
          throw .unusable(
            path: path, reason: "frame \(frame + firstFrame) has the id \(boxes.ids[row]) twice; an id may occur once a frame")
        }
      }
    }
  }

  /// Refuses frames with more boxes or masks than can be compared with one another.
  ///
  /// - Parameters:
  ///   - what: Boxes or masks.
  ///   - truth: Where each frame begins in the rows of the truth, and one more for the end; as many for the result.
  ///   - first: The number of the first frame in the truth's own counting.
  static func refuseCrowds(
    _ name: String, what: String = "boxes", truth: [Int], result: [Int], first: Int
  ) throws(EvaluationError) {
    for frame in 0..<max(0, min(truth.count, result.count) - 1) {
      let (ours, theirs) = (truth[frame + 1] - truth[frame], result[frame + 1] - result[frame])
      if let problem = PairLimit.problem("frame \(frame + first) of \(name)", what: what, truth: ours, result: theirs) {
        throw problem
      }
    }
  }

  static func warnings(_ files: TrackSequenceFiles, _ truth: TrackSide, _ result: TrackSide) -> [String] {
    var warnings = coverage(
      files, what: "boxes", truth: truth.boxes.frameStarts, result: result.boxes.frameStarts, first: truth.firstFrame)
    let shift = shiftWarning(files.name, truth: truth.boxes.frameStarts, result: result.boxes.frameStarts) {
      truth.boxes.axisBox($0).iou(with: result.boxes.axisBox($1)) >= 0.7
    }
    if let shift { warnings.append(shift) }
    if let a = files.statedSize ?? truth.size, let b = result.size, a != b {
      warnings.append(
        "\(files.name): the truth is of pictures of \(a.width)x\(a.height), the result of \(b.width)x\(b.height)")
    } else if let factor = scale(truth.boxes, result.boxes) {
      warnings.append(
        "\(files.name): the result's boxes reach \(DecimalText.fixed(factor, decimals: 2) ?? "") times as far as the truth's; are both of pictures of the same size?"
      )
    }
    return warnings
  }

  /// That no frame of a sequence is among those to evaluate.
  static func outside(_ range: ClosedRange<Int>?, _ frames: Range<Int>) -> String {
    let asked = range.map { "none of the frames \($0.lowerBound)-\($0.upperBound) is in the sequence, which " } ?? "the sequence "
    return asked + (frames.isEmpty ? "has no frames" : "has the frames \(frames.lowerBound)-\(frames.upperBound - 1)")
  }

  /// Sides without anything, and frames that one side has and the other lacks.
  ///
  /// - Parameters:
  ///   - what: What the sides hold.
  ///   - truth: Where each of its frames begins in the rows of the truth, and one more for the end.
  ///   - result: Likewise.
  ///   - first: The number of the first frame in the truth's own counting.
  static func coverage(_ files: TrackSequenceFiles, what: String, truth: [Int], result: [Int], first: Int) -> [String] {
    var warnings: [String] = []
    let (truthEnd, resultEnd) = (truth.count - 1, result.count - 1)
    let (truthCount, resultCount) = (truth[truthEnd], result[resultEnd])
    if files.truth == files.result { warnings.append("\(files.name): the result is the truth's own file \(files.truth)") }
    if resultCount == 0, files.hasResult { warnings.append("\(files.name): the result \(files.result) has no \(what)") }
    if truthCount == 0 { warnings.append("\(files.name): the truth \(files.truth) has no \(what)") }
    if let stated = files.statedFrames, stated != truthEnd, truthCount > 0, stated > truthEnd + truthEnd / 2 || stated < truthEnd {
      warnings.append(
        "\(files.name): the sequence is stated to have \(stated) frames, but the truth ends at frame \(truthEnd - 1 + first) (\(truthEnd) frames)"
      )
    }
    if resultEnd > truthEnd, truthCount > 0 {
      let surplus = resultCount - result[truthEnd]
      if surplus > 0 {
        warnings.append(
          "\(files.name): the result has \(surplus) \(what) after the truth's last frame \(truthEnd - 1 + first); they count as false positives; end \(EvaluationSetting.frames) there to leave them out"
        )
      }
    }
    guard resultCount > 0 else { return warnings }
    let missing = (0..<truthEnd).filter {
      truth[$0] < truth[$0 + 1] && ($0 >= resultEnd || result[$0] == result[$0 + 1])
    }
    if missing.count * 10 > truthEnd, let frame = missing.first {
      warnings.append(
        "\(files.name): the result has no \(what) in \(missing.count) of \(truthEnd) frames with truth (the first is \(frame + first))"
      )
    }
    return warnings
  }

  /// That moving the result by one frame matches clearly more of its rows; looks at the first frames only.
  ///
  /// - Parameters:
  ///   - truth: Where each of its frames begins in the rows of the truth, and one more for the end.
  ///   - result: Likewise.
  ///   - isAlike: Whether a row of the truth and a row of the result cover the same place.
  static func shiftWarning(
    _ name: String, truth: [Int], result: [Int], isAlike: (_ row: Int, _ column: Int) -> Bool
  ) -> String? {
    let frames = min(truth.count - 1, 300)
    func matches(_ shift: Int) -> Int {
      (0..<frames).reduce(0) { sum, frame in
        let moved = frame - shift
        guard moved >= 0, moved < result.count - 1 else { return sum }
        let rows = (truth[frame]..<truth[frame + 1]).prefix(50)
        let columns = (result[moved]..<result[moved + 1]).prefix(50)
        return sum + rows.count { row in columns.contains { isAlike(row, $0) } }
      }
    }
    let here = matches(0)
    for shift in [1, -1] where matches(shift) > here + here / 4 + 20 {
      return
        "\(name): the result fits better with its frames moved by \(shift > 0 ? "+1" : "-1"); does one file count frames from 0 and the other from 1?"
    }
    return nil
  }

  /// How much farther the result's boxes reach than the truth's, where that is more than boxes at the border explain.
  private static func scale(_ truth: GroupedBoxes, _ result: GroupedBoxes) -> Double? {
    func reach(_ boxes: GroupedBoxes) -> Double {
      (0..<boxes.count).reduce(0) { max($0, boxes.axisBox($1).right, boxes.axisBox($1).bottom) }
    }
    guard truth.count > 50, result.count > 50 else { return nil }
    let a = reach(truth)
    let b = reach(result)
    guard a > 0, b > 0, b > 1.6 * a || a > 1.6 * b else { return nil }
    return b / a
  }
}
