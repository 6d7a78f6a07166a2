import Publishing
import Records
import Video

/// Tells a broker what the files are told, some of the frames and all events, and never waits for it.
final class PublishSink: TrackSink {
  private let publication: Publication
  private var writer: MessageWriter

  init(_ publication: Publication) {
    self.publication = publication
    writer = PublishSink.writer(publication, classes: [])
  }

  private static func writer(_ publication: Publication, classes: [String]) -> MessageWriter {
    MessageWriter(run: publication.run, camera: publication.camera, rate: publication.rate, classes: classes)
  }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    writer = PublishSink.writer(publication, classes: header.classes)
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    if let message = writer.message(record) { publication.publisher.publish(message) }
  }

  func event(_ record: EventRecord) throws { publication.publisher.publish(writer.message(record)) }

  func end(_ record: EndRecord) throws { publication.publisher.end(record.status) }

  func memory() throws -> SinkMemory { throw PipelineError.notResumable(what: "a run that is published") }
}
