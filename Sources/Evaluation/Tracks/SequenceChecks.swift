import Geometry
import Records

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

  static func warnings(_ files: TrackSequenceFiles, _ truth: TrackSide, _ result: TrackSide, frames: Int) -> [String] {
    var warnings = coverage(files, truth, result)
    if files.truth == files.result { warnings.append("\(files.name): the result is the truth's own file \(files.truth)") }
    if result.boxes.count == 0 { warnings.append("\(files.name): the result \(files.result) has no boxes") }
    if truth.boxes.count == 0 { warnings.append("\(files.name): the truth \(files.truth) has no boxes") }
    if let shift = bestShift(truth.boxes, result.boxes) {
      warnings.append(
        "\(files.name): the boxes fit better with the result's frames moved by \(shift > 0 ? "+1" : "-1"); does one file count frames from 0 and the other from 1?")
    }
    if let a = files.statedSize ?? truth.size, let b = result.size, a != b {
      warnings.append(
        "\(files.name): the truth is of pictures of \(a.width)x\(a.height), the result of \(b.width)x\(b.height)")
    } else if let factor = scale(truth.boxes, result.boxes) {
      warnings.append(
        "\(files.name): the result's boxes reach \(DecimalText.fixed(factor, decimals: 2) ?? "") times as far as the truth's; are both of pictures of the same size?")
    }
    return warnings
  }

  /// Frames that one side has and the other lacks.
  private static func coverage(_ files: TrackSequenceFiles, _ truth: TrackSide, _ result: TrackSide) -> [String] {
    var warnings: [String] = []
    let first = truth.firstFrame
    let truthEnd = truth.boxes.frameCount
    let resultEnd = result.boxes.frameCount
    if let stated = files.statedFrames, stated != truthEnd, truth.boxes.count > 0, stated > truthEnd + truthEnd / 2 || stated < truthEnd {
      warnings.append(
        "\(files.name): the sequence is stated to have \(stated) frames, but the truth ends at frame \(truthEnd - 1 + first) (\(truthEnd) frames)")
    }
    if resultEnd > truthEnd, truth.boxes.count > 0 {
      let surplus = result.boxes.count - result.boxes.frameStarts[truthEnd]
      if surplus > 0 {
        warnings.append(
          "\(files.name): the result has \(surplus) boxes after the truth's last frame \(truthEnd - 1 + first); they count as false positives (limit with --frames)")
      }
    }
    guard result.boxes.count > 0 else { return warnings }
    let missing = (0..<truthEnd).filter {
      !truth.boxes.rows(ofFrame: $0).isEmpty && ($0 >= resultEnd || result.boxes.rows(ofFrame: $0).isEmpty)
    }
    if missing.count * 10 > truthEnd, let frame = missing.first {
      warnings.append(
        "\(files.name): the result has no boxes in \(missing.count) of \(truthEnd) frames with truth (the first is \(frame + first))")
    }
    return warnings
  }

  /// +1 or −1 where moving the result by one frame matches clearly more boxes; looks at the first frames only.
  private static func bestShift(_ truth: GroupedBoxes, _ result: GroupedBoxes) -> Int? {
    let frames = min(max(truth.frameCount, result.frameCount), 300)
    func matches(_ shift: Int) -> Int {
      (0..<frames).reduce(0) { sum, frame in
        let moved = frame - shift
        guard frame < truth.frameCount, moved >= 0, moved < result.frameCount else { return sum }
        let rows = truth.rows(ofFrame: frame).prefix(50)
        let columns = result.rows(ofFrame: moved).prefix(50)
        return sum
          + rows.count { row in
            let box = truth.axisBox(row)
            return columns.contains { box.iou(with: result.axisBox($0)) >= 0.7 }
          }
      }
    }
    let here = matches(0)
    for shift in [1, -1] where matches(shift) > here + here / 4 + 20 { return shift }
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
