import Geometry
import TrackEvaluation

/// J and F of the objects of one sequence of masks, frame by frame (F. Perazzi et al., A benchmark dataset and evaluation
/// methodology for video object segmentation, 2016, doi:10.1109/CVPR.2016.85, section 4; `docs/evaluation.md`, Masks).
///
/// Masks are images of labels: 0 is the background, 255 in the truth is void (no object of either side has pixels there), any other
/// value is an object. Frames are added in order; the scores are taken at the end.
public struct MaskSequence: Sendable {
  /// How objects of both sides belong together.
  public enum Matching: String, Sendable, CaseIterable {
    /// Equal labels are the same object; the first and the last frame are left out.
    case semiSupervised = "semi-supervised"
    /// Objects are assigned by the highest mean of (J + F)/2; every frame counts.
    case unsupervised
  }

  private struct Pair: Hashable {
    var truth: UInt8
    /// A label, or a track's id.
    var result: Int
  }

  private struct Overlap {
    var region: Double
    var contour: Double
  }

  private let kind: Matching
  /// One entry a frame: the pairs of objects of which at least one is there. Pairs that do not occur are right (1, 1) if both are away.
  private var frames: [[Pair: Overlap]] = []
  private var presentTruth: [Set<UInt8>] = []
  private var presentResult: [Set<Int>] = []

  /// A sequence without frames yet.
  public init(_ kind: Matching) {
    self.kind = kind
  }

  /// Adds a frame. Both images have width × height labels, row by row.
  public mutating func add(truth: [UInt8], result: [UInt8], width: Int, height: Int) {
    precondition(truth.count == width * height && result.count == width * height, "images of equal size")
    let (truth, result) = MaskSequence.withoutVoid(truth, result)
    var joint = [Int](repeating: 0, count: 256 * 256)
    for (a, b) in zip(truth, result) { joint[Int(a) << 8 | Int(b)] += 1 }
    let truthAreas = (0..<256).map { joint[($0 << 8)..<(($0 + 1) << 8)].reduce(0, +) }
    let resultAreas = (0..<256).map { label in (0..<256).reduce(0) { $0 + joint[$1 << 8 | label] } }
    let trueObjects = (1..<256).filter { truthAreas[$0] > 0 }.map { UInt8($0) }
    let foundObjects = (1..<256).filter { resultAreas[$0] > 0 }.map { UInt8($0) }
    let compared = pairs(trueObjects, foundObjects)
    let trueBoundaries = MaskSequence.boundaries(Set(compared.map(\.truth)), truth, width, height)
    let foundBoundaries = MaskSequence.boundaries(Set(compared.map { UInt8($0.result) }), result, width, height)
    var frame: [Pair: Overlap] = [:]
    for pair in compared {
      guard let a = trueBoundaries[pair.truth], let b = foundBoundaries[UInt8(pair.result)] else { continue }
      let shared = joint[Int(pair.truth) << 8 | pair.result]
      let union = truthAreas[Int(pair.truth)] + resultAreas[pair.result] - shared
      frame[pair] = Overlap(
        region: union > 0 ? Double(shared) / Double(union) : 1, contour: MaskBoundary.fMeasure(truth: a, result: b))
    }
    frames.append(frame)
    presentTruth.append(Set(trueObjects))
    presentResult.append(Set(foundObjects.map(Int.init)))
  }

  /// Adds a frame of tracks, whose masks may overlap; for unsupervised matching, as a track's id is no label.
  ///
  /// - Parameters:
  ///   - truth: width × height labels, row by row.
  ///   - tracks: The masks by the tracks' ids, from 1, of the truth's size.
  public mutating func add(truth: [UInt8], tracks: [Int: RunLengthMask], width: Int, height: Int) {
    precondition(kind == .unsupervised, "tracks have no labels")
    let present = Set(truth).subtracting([0, 255])
    let boundaries = MaskSequence.boundaries(present, MaskSequence.withoutVoid(truth, truth).0, width, height)
    var areas = [Int](repeating: 0, count: 256)
    for label in truth { areas[Int(label)] += 1 }
    var frame: [Pair: Overlap] = [:]
    for (id, mask) in tracks {
      let pixels = MaskSequence.withoutVoid(truth, mask.pixels).1
      let boundary = MaskBoundary(of: 1, in: pixels, width: width, height: height)
      var shared = [Int](repeating: 0, count: 256)
      for (label, inside) in zip(truth, pixels) where inside != 0 { shared[Int(label)] += 1 }
      let area = shared.reduce(0, +)
      for (label, outline) in boundaries {
        let common = shared[Int(label)]
        frame[Pair(truth: label, result: id)] = Overlap(
          region: Double(common) / Double(areas[Int(label)] + area - common),
          contour: MaskBoundary.fMeasure(truth: outline, result: boundary))
      }
    }
    frames.append(frame)
    presentTruth.append(present)
    presentResult.append(Set(tracks.keys))
  }

  private func pairs(_ truth: [UInt8], _ result: [UInt8]) -> [Pair] {
    switch kind {
    case .semiSupervised: Set(truth).union(result).map { Pair(truth: $0, result: Int($0)) }
    case .unsupervised: truth.flatMap { object in result.map { Pair(truth: object, result: Int($0)) } }
    }
  }

  private static func withoutVoid(_ truth: [UInt8], _ result: [UInt8]) -> ([UInt8], [UInt8]) {
    guard truth.contains(255) else { return (truth, result) }
    return (truth.map { $0 == 255 ? 0 : $0 }, zip(truth, result).map { $0 == 255 ? 0 : $1 })
  }

  private static func boundaries(
    _ labels: Set<UInt8>, _ image: [UInt8], _ width: Int, _ height: Int
  ) -> [UInt8: MaskBoundary] {
    Dictionary(
      uniqueKeysWithValues: labels.map { ($0, MaskBoundary(of: $0, in: image, width: width, height: height)) })
  }

  /// The places of the frames that count.
  var countedFrames: [Int] { kind == .semiSupervised ? Array(frames.indices.dropFirst().dropLast()) : Array(frames.indices) }

  /// Objects of the result whose labels the truth never has, in a frame that counts.
  var labelsOnlyInResult: [Int] {
    let known = presentTruth.reduce(into: Set<Int>()) { $0.formUnion($1.map(Int.init)) }
    return countedFrames.reduce(into: Set<Int>()) { $0.formUnion(presentResult[$1]) }.subtracting(known).sorted()
  }

  /// The scores of every object of the truth, by ascending label; empty where no frame counts.
  public func scores() -> [MaskObjectScore] {
    let counted = countedFrames
    guard !counted.isEmpty else { return [] }
    let objects = presentTruth.reduce(into: Set<UInt8>()) { $0.formUnion($1) }.sorted()
    switch kind {
    case .semiSupervised:
      return objects.map { object in score(Pair(truth: object, result: Int(object)), counted, named: object) }
    case .unsupervised:
      return assigned(objects, counted)
    }
  }

  private func assigned(_ objects: [UInt8], _ counted: [Int]) -> [MaskObjectScore] {
    let results = presentResult.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted()
    // Where results are fewer than objects, the rest is compared with an empty result, which is right where the object is away.
    let partners = results + Array(repeating: 0, count: max(0, objects.count - results.count))
    let candidates = objects.map { object in
      partners.map { score(Pair(truth: object, result: $0), counted, named: object) }
    }
    var assignment = RectangularAssignment()
    assignment.solve(candidates.flatMap { $0.map { -$0.mean } }, rows: objects.count, columns: partners.count)
    return objects.indices.map { candidates[$0][assignment.columnOfRow[$0]] }
  }

  private func score(_ pair: Pair, _ counted: [Int], named object: UInt8) -> MaskObjectScore {
    var regions: [Double] = []
    var contours: [Double] = []
    for frame in counted {
      let isAway = !presentTruth[frame].contains(pair.truth) && !presentResult[frame].contains(pair.result)
      let overlap = frames[frame][pair] ?? (isAway ? Overlap(region: 1, contour: 1) : Overlap(region: 0, contour: 0))
      regions.append(overlap.region)
      contours.append(overlap.contour)
    }
    return MaskObjectScore(
      object: Int(object), region: MaskScoreSeries(regions), contour: MaskScoreSeries(contours))
  }
}

/// The scores of one object.
public struct MaskObjectScore: Sendable, Equatable {
  /// The object's label in the truth.
  public var object: Int
  /// J, the masks' intersection over union.
  public var region: MaskScoreSeries
  /// F, of the boundaries.
  public var contour: MaskScoreSeries

  /// J&F.
  public var mean: Double { (region.mean + contour.mean) / 2 }
}

/// One measure over the frames of a sequence.
public struct MaskScoreSeries: Sendable, Equatable {
  /// One value for each frame that counts, 0 to 1.
  public var values: [Double]

  /// - Parameter values: One value a frame, at least one.
  public init(_ values: [Double]) {
    self.values = values
  }

  /// The mean over the frames; 0 for none.
  public var mean: Double { values.reduce(0, +) / Double(max(1, values.count)) }

  /// The share of frames above one half.
  public var recall: Double {
    Double(values.count { $0 > 0.5 + .ulpOfOne }) / Double(max(1, values.count))
  }

  /// The mean of the first quarter minus the mean of the last; quarters share the frames at their borders.
  public var decay: Double {
    guard !values.isEmpty else { return 0 }
    let borders = (0...4).map { (quarter: Int) -> Int in
      let border = 1 + Double(quarter) * Double(values.count - 1) / 4
      // Bounded: by the number of frames.
      return Int((border + 1e-10).rounded(.toNearestOrEven)) - 1
    }
    func mean(_ range: ClosedRange<Int>) -> Double { values[range].reduce(0, +) / Double(range.count) }
    return mean(borders[0]...borders[1]) - mean(borders[3]...borders[4])
  }
}
