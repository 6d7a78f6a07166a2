import Records
import Reports

/// One side of a sequence of mask tracks, its frames counted from 0 at the sequence's first one.
struct MaskSide: Sendable {
  let path: String
  private let rows: [MaskTracks.Row]
  /// What to take off the file's frame numbers.
  let firstFrame: Int
  /// One more than the last frame with a mask.
  let frameCount: Int

  /// The number of a region in which masks do not count, in every MOTS text.
  static let regionClass: Int32 = 10
  private static let names: [Int32: String] = [1: "car", 2: "pedestrian"]

  /// Reads both sides and settles what their first frame is: 0 in KITTI-MOTS, which has cars, else 1 as in MOTS Challenge, unless a
  /// mask lies in a frame 0.
  static func read(_ files: TrackSequenceFiles) throws(RecordsError) -> (truth: MaskSide, result: MaskSide) {
    let truth = try MaskTrackReader.read(path: files.truth).rows
    let result = files.hasResult ? try MaskTrackReader.read(path: files.result).rows : []
    let isFromZero = (truth + result).contains { $0.frame == 0 || name($0.classNumber) == "car" }
    let first = isFromZero || (truth.isEmpty && result.isEmpty) ? 0 : 1
    return (MaskSide(files.truth, truth, first), MaskSide(files.result, result, first))
  }

  private init(_ path: String, _ rows: [MaskTracks.Row], _ firstFrame: Int) {
    self.path = path
    self.firstFrame = firstFrame
    // Sorting is stable: rows of a frame keep the file's order.
    self.rows = rows.sorted { $0.frame < $1.frame }
    frameCount = rows.isEmpty ? 0 : Int(rows.map(\.frame).max() ?? 0) + 1 - firstFrame
  }

  /// A class's name, or its number where the format has no name for it.
  static func name(_ number: Int32) -> String { names[number] ?? String(number) }

  var classes: Set<String> { Set(rows.map { Self.name($0.classNumber) }) }
  var size: (width: Int, height: Int)? { rows.first.map { ($0.mask.width, $0.mask.height) } }

  /// The masks of the classes that are wanted, by frame.
  func masks(frames: Range<Int>, _ isWanted: (String) -> Bool) -> GroupedMasks {
    GroupedMasks(rows.filter { isWanted(Self.name($0.classNumber)) }, frames: frames, firstFrame: firstFrame)
  }

  // MARK: - Checks

  /// Refuses what MOTS does not allow: masks of another size than the others, an id twice in a frame, and masks that overlap.
  ///
  /// - Parameters:
  ///   - size: The size that every mask is to have.
  ///   - isRegion: Whether a class marks regions; these have no ids of their own and may overlap each other.
  func check(size: (width: Int, height: Int)?, isRegion: (String) -> Bool) throws(EvaluationError) {
    let all = masks(frames: 0..<frameCount) { _ in true }
    let areRegions = rows.map { isRegion(Self.name($0.classNumber)) }
    for frame in 0..<frameCount {
      let rows = all.rows(ofFrame: frame)
      for row in rows {
        let mask = all.masks[row]
        if let size, mask.width != size.width || mask.height != size.height {
          throw unusable(
            frame,
            "has a mask of \(mask.width)x\(mask.height) pixels where others have \(size.width)x\(size.height); all must be of the same picture"
          )
        }
      }
      var seen = Set<Int32>()
      for row in rows where !areRegions[row] && !seen.insert(all.ids[row]).inserted {
        throw unusable(frame, "has the id \(all.ids[row]) twice; an id may occur once a frame")
      }
      if let (a, b) = all.overlap(in: rows, passing: { areRegions[$0] && areRegions[$1] }) {
        throw unusable(
          frame, "has overlapping masks, of the ids \(all.ids[a]) and \(all.ids[b]); in MOTS a pixel belongs to one object")
      }
    }
  }

  private func unusable(_ frame: Int, _ reason: String) -> EvaluationError {
    .unusable(path: path, reason: "frame \(frame + firstFrame) \(reason)")
  }
}

/// Masks frame after frame.
struct GroupedMasks {
  private(set) var frameStarts: [Int]
  private(set) var ids: [Int32]
  private(set) var masks: [MaskRuns]

  /// Groups rows in the order of their frames; those outside of the range are left out.
  fileprivate init(_ rows: [MaskTracks.Row], frames: Range<Int>, firstFrame: Int) {
    let rows = rows.filter { frames.contains(Int($0.frame) - firstFrame) }
    var counts = Array(repeating: 0, count: frames.count)
    for row in rows { counts[Int(row.frame) - firstFrame - frames.lowerBound] += 1 }
    frameStarts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    ids = rows.map(\.id)
    masks = rows.map { MaskRuns($0.mask) }
  }

  func rows(ofFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  var identities: TrackIdentities { TrackIdentities(frameStarts: frameStarts, originalIDs: ids) }

  mutating func keep(_ isKept: [Bool]) {
    frameStarts = (0..<frameStarts.count - 1).reduce(into: [0]) { starts, frame in
      starts.append(starts[starts.count - 1] + rows(ofFrame: frame).count { isKept[$0] })
    }
    ids = ids.indices.filter { isKept[$0] }.map { ids[$0] }
    masks = masks.indices.filter { isKept[$0] }.map { masks[$0] }
  }

  /// The first two of the rows whose masks share a pixel, besides pairs that may.
  fileprivate func overlap(in rows: Range<Int>, passing mayOverlap: (Int, Int) -> Bool) -> (Int, Int)? {
    for a in rows {
      for b in rows where b > a && !mayOverlap(a, b) && masks[a].intersectionArea(with: masks[b]) > 0 { return (a, b) }
    }
    return nil
  }
}
