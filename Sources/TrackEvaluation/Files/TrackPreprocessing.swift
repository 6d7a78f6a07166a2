import Geometry

/// The benchmarks' rules for boxes that are neither right nor wrong.
public enum TrackPreprocessing: String, Sendable, CaseIterable {
  /// MOT15: truth rows with the flag 0 are dropped.
  case mot15
  /// MOT16 and MOT17: pedestrians; result boxes matched to a distractor are dropped.
  case mot
  /// MOT20: the same with vehicles without a motor among the distractors.
  case mot20
  /// KITTI: result boxes matched to a neighbouring class or to a hidden or cut box, and unmatched ones that are low or lie in a DontCare
  /// region, are dropped.
  case kitti
  /// UAVDT (our rule): unmatched result boxes that lie mostly in an ignore region or in a truth box out of view are dropped.
  case uavdt
  /// Any format with rows that do not count: result boxes matched to such a row, and those mostly inside a box of the class DontCare, are
  /// dropped (HIT-UAV's rule).
  case ignored
  /// Nothing but the truth's own flag.
  case none

  /// Whether boxes of the classes that mark regions are told from others.
  var knowsRegionClasses: Bool { self == .kitti || self == .ignored }

  /// The rule in words, for reports.
  public var statement: String {
    switch self {
    case .mot15: "MOT15: truth rows with flag 0 dropped"
    case .mot: "MOT16/MOT17: pedestrians; result boxes matched to distractors dropped"
    case .mot20: "MOT20: pedestrians; result boxes matched to distractors or vehicles without motor dropped"
    case .kitti: "KITTI: neighbouring classes, hidden or truncated boxes, low boxes and DontCare regions ignored"
    case .uavdt: "UAVDT: boxes out of view and ignore regions ignored"
    case .ignored: "rows that do not count and DontCare boxes ignored"
    case .none: "none"
    }
  }
}

extension TrackPreprocessing {
  /// The rule of the benchmark that a truth seems to be of.
  init(truth: TrackSide, name: String) {
    let boxes = truth.boxes
    switch truth.format {
    case .kitti: self = .kitti
    case .uavdt: self = .uavdt
    // With classes of its own a file in MOTChallenge's format is none of its benchmarks'.
    case .mot where !boxes.hasOwnClassNames: self = boxes.classIndices.isEmpty ? .mot15 : name.hasPrefix("MOT20") ? .mot20 : .mot
    default:
      let ignores = boxes.considered.contains(false) || boxes.names.contains(TrackPreprocessor.dontCare)
      self = ignores ? .ignored : .none
    }
  }
}

/// Applies a benchmark's rule to one class of one sequence.
struct TrackPreprocessor {
  let rule: TrackPreprocessing
  /// What decides which boxes match here; the benchmarks' own rules use upright boxes in the image.
  let similarity: TrackSimilarity
  /// Regions in which a result box is neither right nor wrong, by frame, under every rule; nil for none.
  var regions: GroupedBoxes?

  private static let distractors: Set<String> = ["person_on_vehicle", "static_person", "distractor", "reflection"]
  private static let neighbours = ["car": "van", "pedestrian": "person"]
  static let dontCare = "dontcare"
  /// Unmatched result boxes of this height and less, in pixels, do not count in KITTI's tool.
  private static let leastHeight = 25.0

  /// Drops what does not count on both sides.
  ///
  /// - Parameter name: The class in lower case; nil takes all classes as one.
  func apply(truth: inout GroupedBoxes, result: inout GroupedBoxes, className name: String?) {
    switch rule {
    case .none, .mot15:
      keepClass(name, in: &truth)
      keepClass(name, in: &result)
      truth.keep((0..<truth.count).map { truth.isConsidered($0) })
    case .mot, .mot20: applyMOT(&truth, &result)
    case .kitti: applyKITTI(&truth, &result, name)
    case .uavdt: applyUAVDT(&truth, &result, name)
    case .ignored: applyIgnored(&truth, &result, name)
    }
    // These two have looked at the regions while truth that does not count was still there.
    if let regions, rule != .uavdt, rule != .ignored { drop(&result, inside: regions, unmatchedBy: truth) }
  }

  /// Drops the result boxes that match no truth box that counts and lie mostly in a region.
  private func drop(_ result: inout GroupedBoxes, inside regions: GroupedBoxes, unmatchedBy truth: GroupedBoxes) {
    let isBenchmarks = rule == .mot || rule == .mot20 || rule == .kitti
    let matched = Self.matchedTruth(truth, result, isBenchmarks && similarity != .birdsEye ? .iou : similarity)
    let covered = Self.areCovered(result, by: regions)
    result.keep((0..<result.count).map { matched[$0] >= 0 || !covered[$0] })
  }

  private func keepClass(_ name: String?, in boxes: inout GroupedBoxes) {
    guard let name, !boxes.classIndices.isEmpty else { return }
    boxes.keep((0..<boxes.count).map { boxes.className($0) == name })
  }

  private func applyMOT(_ truth: inout GroupedBoxes, _ result: inout GroupedBoxes) {
    let matched = Self.matchedTruth(truth, result, .iou)
    func isDistractor(_ row: Int) -> Bool {
      guard let name = truth.className(row) else { return false }
      return Self.distractors.contains(name) || (rule == .mot20 && name == "non_motorized_vehicle")
    }
    result.keep(matched.map { $0 < 0 || !isDistractor(Int($0)) })
    truth.keep((0..<truth.count).map { truth.className($0) == "pedestrian" && truth.isConsidered($0) })
  }

  private func applyKITTI(_ truth: inout GroupedBoxes, _ result: inout GroupedBoxes, _ name: String?) {
    let neighbour = name.flatMap { Self.neighbours[$0] }
    var regions = truth
    regions.keep((0..<truth.count).map { truth.className($0) == Self.dontCare })
    truth.keep(
      (0..<truth.count).map { row in
        let rowName = truth.className(row)
        guard rowName != Self.dontCare, truth.ids[row] >= 0 else { return false }
        return name == nil || rowName == name || rowName == neighbour
      })
    keepClass(name, in: &result)
    let counts = (0..<truth.count).map { row in
      guard name == nil || truth.className(row) == name else { return false }
      return !hasPictureBox(truth, row)
        || ((truth.occlusions.isEmpty || truth.occlusions[row] <= 2) && (truth.truncations.isEmpty || truth.truncations[row] <= 0))
    }
    let matched = matchedKITTI(truth, result)
    let covered = Self.areCovered(result, by: regions)
    result.keep(
      (0..<result.count).map { row in
        guard matched[row] < 0 else { return counts[Int(matched[row])] }
        return !hasPictureBox(result, row) || (result.axisBox(row).height > Self.leastHeight + .ulpOfOne && !covered[row])
      })
    truth.keep(counts)
  }

  /// Whether the benchmark's rules about the box in the picture apply to a row: rows compared in space may have none.
  private func hasPictureBox(_ boxes: GroupedBoxes, _ row: Int) -> Bool {
    guard similarity == .birdsEye else { return true }
    let box = boxes.axisBox(row)
    return box.width > 0 && box.height > 0
  }

  /// The truth row of each result row, in the picture as the benchmark's tool matches them, but on the ground where one of the two has no
  /// box in the picture.
  private func matchedKITTI(_ truth: GroupedBoxes, _ result: GroupedBoxes) -> [Int32] {
    var matched = Self.matchedTruth(truth, result, .iou)
    guard similarity == .birdsEye else { return matched }
    let isFlat = (0..<truth.count).map { !hasPictureBox(truth, $0) }
    let isFlatResult = (0..<result.count).map { !hasPictureBox(result, $0) }
    guard isFlat.contains(true) || isFlatResult.contains(true) else { return matched }
    let ground = Self.matchedTruth(truth, result, .birdsEye)
    for row in matched.indices where isFlatResult[row] || (ground[row] >= 0 && isFlat[Int(ground[row])]) {
      matched[row] = ground[row]
    }
    return matched
  }

  private func applyUAVDT(_ truth: inout GroupedBoxes, _ result: inout GroupedBoxes, _ name: String?) {
    keepClass(name, in: &result)
    var outOfView = truth
    outOfView.keep((0..<truth.count).map { !truth.isConsidered($0) })
    keepClass(name, in: &truth)
    truth.keep((0..<truth.count).map { truth.isConsidered($0) })
    let matched = Self.matchedTruth(truth, result, .iou)
    let hidden = Self.areCovered(result, by: outOfView)
    let ignored = regions.map { Self.areCovered(result, by: $0) }
    result.keep((0..<result.count).map { matched[$0] >= 0 || !(hidden[$0] || ignored?[$0] == true) })
  }

  private func applyIgnored(_ truth: inout GroupedBoxes, _ result: inout GroupedBoxes, _ name: String?) {
    keepClass(name, in: &result)
    var inside = truth
    inside.keep((0..<truth.count).map { truth.className($0) == Self.dontCare })
    // A box that does not count takes a result box away whatever class it has.
    truth.keep((0..<truth.count).map { !truth.isConsidered($0) || name == nil || truth.className($0) == name })
    let matched = Self.matchedTruth(truth, result, similarity)
    let covered = Self.areCovered(result, by: inside)
    let ignored = regions.map { Self.areCovered(result, by: $0) }
    result.keep(
      (0..<result.count).map { row in
        guard matched[row] < 0 else { return truth.isConsidered(Int(matched[row])) }
        return !covered[row] && ignored?[row] != true
      })
    truth.keep((0..<truth.count).map { truth.isConsidered($0) && truth.className($0) != Self.dontCare })
  }

  // MARK: - Matching and covering

  /// For each result row the truth row that it is assigned to with a similarity of at least 0.5, −1 for none.
  static func matchedTruth(_ truth: GroupedBoxes, _ result: GroupedBoxes, _ similarity: TrackSimilarity) -> [Int32] {
    var measurer = SimilarityMeasurer(ComparedBoxes(truth: truth, result: result, similarity))
    var matcher = SparseMatcher()
    var matrix = SparseSimilarity()
    var weights: [Double] = []
    var matched = Array<Int32>(repeating: -1, count: result.count)
    for frame in 0..<truth.frameCount {
      let rows = truth.rows(ofFrame: frame)
      let columns = result.rows(ofFrame: frame)
      guard !rows.isEmpty, !columns.isEmpty else { continue }
      measurer.measure(truth: rows, result: columns, into: &matrix)
      weights.removeAll(keepingCapacity: true)
      for value in matrix.values { weights.append(value < CLEARAccumulator.gate ? 0 : value) }
      matcher.match(matrix, weights: weights)
      for row in 0..<matrix.rowCount where matcher.pairOfRow[row] >= 0 {
        let column = Int(matrix.columns[matcher.pairOfRow[row]])
        matched[columns.lowerBound + column] = Int32(rows.lowerBound + row)
      }
    }
    return matched
  }

  /// Whether each result box lies with more than half of its area in one of the regions of its frame.
  static func areCovered(_ result: GroupedBoxes, by regions: GroupedBoxes) -> [Bool] {
    var covered = Array(repeating: false, count: result.count)
    guard regions.count > 0 else { return covered }
    for frame in 0..<min(result.frameCount, regions.frameCount) {
      let inside = regions.rows(ofFrame: frame)
      guard !inside.isEmpty else { continue }
      for row in result.rows(ofFrame: frame) {
        covered[row] = inside.contains { share(of: result, row, in: regions, $0) > 0.5 + .ulpOfOne }
      }
    }
    return covered
  }

  private static func share(of result: GroupedBoxes, _ row: Int, in regions: GroupedBoxes, _ region: Int) -> Double {
    guard result.isOriented || regions.isOriented else {
      return result.axisBox(row).coveredShare(by: regions.axisBox(region))
    }
    let box = result.orientedBox(row)
    guard box.area > .ulpOfOne else { return 0 }
    return ConvexPolygon.intersectionArea(box.corners, regions.orientedBox(region).corners) / box.area
  }
}
