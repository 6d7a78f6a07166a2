import Geometry
import Records
import Video

/// What the tracker was given of each frame, as rows of one of the formats of boxes; whole rows after a failure too.
final class DetectionTextSink: TrackSink {
  private let output: OutputSink
  private let format: BoxFormat
  private var writer: DetectionTextWriter
  private var text = TextBuffer()

  init(_ file: ResumedOutput, format: BoxFormat) {
    output = file.output
    self.format = format
    writer = DetectionTextWriter(format: format, classes: [])
  }

  func memory() throws -> SinkMemory { SinkMemory(position: try output.position()) }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    writer = DetectionTextWriter(format: format, classes: header.classes)
    guard !isResumed else { return }
    writer.appendHeader(to: &text)
    try flush()
  }

  func detections(_ detections: [DetectedBox], frame: Int) throws {
    writer.append(frame: frame, detections: detections, to: &text)
    try flush()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {}

  func end(_ record: EndRecord) throws { try output.close(keepsPart: true) }

  private func flush() throws {
    try output.write(text)
    try output.endRecord()
    text.removeAll()
  }
}
