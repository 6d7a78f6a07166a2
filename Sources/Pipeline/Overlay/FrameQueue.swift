import Records
import Video

/// The frame records of a stream, walked in step with the pictures of its video.
struct FrameQueue {
  private let reader: StreamReader
  private var current: FrameRecord?

  init(_ reader: StreamReader) { self.reader = reader }

  /// The first record at or after a picture, and whether it is that picture's; nil after the last record.
  mutating func advance(to picture: Frame) throws -> (record: FrameRecord, isPresent: Bool)? {
    while true {
      if let record = current {
        let lead = lead(of: record, over: picture)
        if lead >= 0 { return (record, lead == 0) }
      }
      guard let record = try nextFrame() else { return nil }
      current = record
    }
  }

  /// How much later a record is than a picture, by time stamps where the stream has them, else by ordinals; 0 where they belong together.
  private func lead(of record: FrameRecord, over picture: Frame) -> Double {
    guard let pts = record.pts, let base = reader.header?.source?.timeBase else { return Double(record.frame - picture.ordinal) }
    if (base.numerator, base.denominator) == (picture.timeBase.numerator, picture.timeBase.denominator) {
      return Double(pts) - Double(picture.pts)
    }
    // The video was packed anew with another time base, which may have rounded its stamps.
    let seconds = Rational(base.numerator, base.denominator).seconds(pts) - picture.timeBase.seconds(picture.pts)
    return abs(seconds) < FrameQueue.tolerance ? 0 : seconds
  }

  /// Half of the shortest time between frames that counts as different, seconds.
  private static let tolerance = 0.0015

  private func nextFrame() throws -> FrameRecord? {
    while let record = try reader.next() {
      if case .frame(let frame) = record { return frame }
    }
    return nil
  }
}
