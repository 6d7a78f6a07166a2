import Geometry
import Records

/// The truth of one sequence, loaded once and compared with many results: the fast way for a search of parameters.
public struct TrackTruth: Sendable {
  /// What the sequence is called.
  public let name: String
  /// Frames of the sequence, also those after the last box.
  public let frameCount: Int
  /// The boxes of the class, before the benchmark's rule leaves some out.
  public let boxCount: Int
  private let boxes: GroupedBoxes
  private let preprocessor: TrackPreprocessor
  private let similarity: TrackSimilarity
  private let className: String?

  /// Loads the truth.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - className: The class to evaluate in lower case; nil takes all as one.
  ///   - frameCount: Frames of the sequence where the truth may end earlier.
  public init(
    path: String, name: String, className: String?, similarity: TrackSimilarity? = nil,
    preprocessing: TrackPreprocessing? = nil, frameCount: Int = 0
  ) throws {
    let size = SequenceFacts(truth: path, name: name).size.map { (width: Double($0.width), height: Double($0.height)) }
    var side = try TrackSideLoader.load(path: path, role: .truth, format: nil, size: size)
    try SequenceChecks.refuseDuplicates(side.boxes, path: path, firstFrame: side.firstFrame)
    side.boxes.rename(side.boxes.names.filter(TrackEvaluationOptions().isRegion), to: TrackPreprocessor.dontCare)
    var boxes = side.boxes
    boxes.extend(toFrames: frameCount)
    let rule = preprocessing ?? TrackPreprocessing(truth: side, name: name)
    let measure = similarity ?? (boxes.isOriented ? .rotatedIoU : .iou)
    // A truth without classes is all of the class in question.
    let isOurs = { (row: Int) in className == nil || side.boxes.classIndices.isEmpty || side.boxes.className(row) == className }
    boxCount = (0..<boxes.count).count(where: isOurs)
    if rule == .none || rule == .mot15 {
      boxes.keep((0..<boxes.count).map { boxes.isConsidered($0) && isOurs($0) })
    }
    self.name = name
    self.boxes = boxes
    self.frameCount = boxes.frameCount
    self.similarity = measure
    self.className = className
    preprocessor = TrackPreprocessor(rule: rule, similarity: measure, regions: nil)
  }

  /// The scores of a result, whose boxes are all of the class in question.
  public func scores(_ result: TrackRows, metrics: Set<TrackMetric>) -> TrackScores {
    var truth = boxes
    var grouped = GroupedBoxes(result)
    let frames = max(truth.frameCount, grouped.frameCount)
    truth.extend(toFrames: frames)
    grouped.extend(toFrames: frames)
    preprocessor.apply(truth: &truth, result: &grouped, className: className)
    let (truthIDs, resultIDs) = (truth.identities, grouped.identities)
    var measurer = SimilarityMeasurer(ComparedBoxes(truth: truth, result: grouped, similarity))
    return TrackMetrics.evaluate(
      truth: truthIDs, result: resultIDs, metrics: metrics,
      similarity: { frame, matrix in
        measurer.measure(truth: truthIDs.boxes(ofFrame: frame), result: resultIDs.boxes(ofFrame: frame), into: &matrix)
      })
  }
}

/// The boxes of a result, added frame after frame.
public struct TrackRows: Sendable {
  fileprivate(set) var frameStarts: [Int] = [0]
  fileprivate(set) var ids: [Int32] = []
  fileprivate(set) var boxes: [OrientedBox] = []

  /// Rows of no frame yet.
  public init() {}

  /// Adds a box to the present frame; an id may occur once a frame.
  public mutating func add(id: Int, box: OrientedBox) {
    ids.append(Int32(truncatingIfNeeded: id))
    boxes.append(box)
  }

  /// How many frames were ended.
  public var frameCount: Int { frameStarts.count - 1 }

  /// Ends the present frame.
  public mutating func endFrame() { frameStarts.append(ids.count) }
}

extension GroupedBoxes {
  /// The rows of a result without classes, as oriented boxes.
  fileprivate init(_ rows: TrackRows) {
    self = .empty
    frameStarts = rows.frameStarts
    ids = rows.ids
    orientedBoxes = rows.boxes
  }
}
