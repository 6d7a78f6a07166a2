public import Detection
import Foundation
public import Imaging
import Orientation
public import Video

/// The first stage: takes frames from a source and makes the grey picture that the others look at.
///
/// It lives on one thread; only the source's `cancel()` is called from others.
final class DecodeStage {
  private let source: any VideoSource
  private let timings: StageTimings
  private let isLive: Bool
  private let clock: CheckpointClock?
  private var isOver = false

  /// - Parameter clock: Says when the stages are to note what they know; nil: never.
  init(source: any VideoSource, timings: StageTimings, clock: CheckpointClock? = nil) {
    self.source = source
    self.clock = clock
    self.timings = timings
    isLive = source.information.isLive
  }

  /// The next item, nil at the end of the source.
  func next() throws -> WorkItem? {
    if isOver { return nil }
    if let clock, clock.isDue(), let source = source as? PositionedSource {
      isOver = clock.isStopping
      return .checkpoint(StageMemories(source: source.position, isLast: isOver))
    }
    return try timings.measure(.decode) {
      switch try source.next() {
      case nil: return nil
      case .event(let event)?: return .event(event)
      case .frame(let frame)?:
        return .frame(try work(for: frame))
      }
    }
  }

  private func work(for frame: Frame) throws -> FrameWork {
    let arrival = ContinuousClock.now
    let size = AnalysisSize.of(width: frame.width, height: frame.height)
    let image = try frame.grey(resizedTo: size)
    return FrameWork(frame: frame, arrival: arrival, received: isLive ? Date() : nil, image: image)
  }
}

extension Frame {
  /// The displayed picture in grey at a size in pixels.
  ///
  /// - Throws: `VideoError` or `ImagingError` where the picture cannot be converted.
  public func grey(resizedTo size: (width: Int, height: Int)) throws -> Image {
    try withLuma { rows, width, height, stride in
      try Image.grey(rows: rows, width: width, height: height, stride: stride, resizedTo: size)
    }
  }

  /// The blue and the red difference of the displayed picture at a size in pixels; nil for pictures without colour.
  ///
  /// - Throws: `VideoError` or `ImagingError` where the picture cannot be converted.
  public func chroma(resizedTo size: (width: Int, height: Int)) throws -> ChromaPictures? {
    let own = try withChroma { rows, width, height, stride in
      try Image.grey(rows: rows, width: width, height: height, stride: stride, resizedTo: size)
    }
    return own.map { ChromaPictures(blue: $0.blue, red: $0.red) }
  }
}
