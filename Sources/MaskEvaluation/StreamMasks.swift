import Geometry
import Records
import Reports

/// The masks of a stream's tracks, frame by frame.
public struct StreamMasks: Sendable, Equatable {
  /// The stream's path, as it was given.
  public let path: String
  /// By frame from 0, then by the track's id; later rows of a track replace earlier ones of the same frame.
  public private(set) var frames: [Int: [Int: RunLengthMask]] = [:]
  /// The last frame that the stream tells of; −1 without any.
  private(set) var lastFrame = -1
  /// That the stream ends early, as a sentence; nil where it is whole.
  private(set) var earlyEnd: String?

  /// More masks than these are refused: their runs must fit the memory.
  private static let maximumMasks = 10_000_000

  /// Reads the masks of confirmed tracks; a coasting row has none.
  ///
  /// - Throws: `RecordsError` for what is no stream; `EvaluationError.unusable` for one without masks, or with too many.
  init(path: String) throws {
    self.path = path
    let reader = try StreamReader(path: path, keepsFurther: false)
    var count = 0
    while let record = try reader.next() {
      switch record {
      case .frame(let frame):
        lastFrame = max(lastFrame, frame.frame)
        count += add(frame.tracks, frame: frame.frame)
      case .backfill(let late): count += add(late.tracks, frame: late.frame)
      default: break
      }
      guard count <= Self.maximumMasks else {
        throw EvaluationError.unusable(path: path, reason: "it has more than \(Self.maximumMasks) masks; split it")
      }
    }
    earlyEnd = reader.earlyEnd
    guard count > 0 else {
      throw EvaluationError.unusable(path: path, reason: "none of its tracks has a mask; write it with track --masks")
    }
  }

  private mutating func add(_ tracks: [TrackRecord], frame: Int) -> Int {
    var count = 0
    for track in tracks where track.state != .tentative {
      guard let mask = track.mask else { continue }
      frames[frame, default: [:]][track.id] = mask
      count += 1
    }
    return count
  }

  /// Refuses a sequence of which no picture is one of the stream's frames: all scores would be 0.
  func check(_ sequence: MaskSequenceFiles) throws(EvaluationError) {
    guard let first = sequence.frameNumbers.min(), first > lastFrame else { return }
    throw .unusable(
      path: path,
      reason: "it ends with frame \(lastFrame), and the first picture of \(sequence.name) is of frame \(first); "
        + "name the truth's files by the stream's frames, from 0")
  }

  /// What does not belong together, and how pictures were taken for frames where their names do not tell.
  func warnings(_ sequence: MaskSequenceFiles) -> [String] {
    var warnings: [String] = []
    if let earlyEnd { warnings.append("\(path): \(earlyEnd)") }
    if sequence.namedNumbers == nil {
      warnings.append(
        "\(sequence.name): the names of its pictures are not alike but for a frame's number each, so they are taken in their order, from frame 0"
      )
    }
    let numbers = Set(sequence.frameNumbers)
    let behind = numbers.count { $0 > lastFrame }
    if behind > 0 {
      warnings.append(
        "\(sequence.name): \(behind) of \(numbers.count) pictures are of frames behind the stream's end, \(lastFrame); they count as empty"
      )
    }
    let extra = lastFrame + 1 - (numbers.count - behind)
    if extra > 0 {
      warnings.append("\(path): \(extra) of its \(lastFrame + 1) frames have no picture in \(sequence.name); they are left out")
    }
    return warnings
  }

  /// The masks of a frame; none where the stream has none.
  ///
  /// - Throws: `EvaluationError.unusable` where they are of another size than the truth.
  func masks(frame: Int, truth: LabelImage, truthPath: String) throws(EvaluationError) -> [Int: RunLengthMask] {
    let masks = frames[frame] ?? [:]
    if let other = masks.values.first(where: { ($0.width, $0.height) != (truth.width, truth.height) }) {
      throw .unusable(
        path: path,
        reason: "its masks have \(other.width) x \(other.height) pixels and their truth \(truthPath) has "
          + "\(truth.width) x \(truth.height); track the video at the truth's size")
    }
    return masks
  }
}
