import Records

extension StreamRecord {
  /// The record as its line of a stream.
  func line(classes: [String]) -> String {
    var encoder = StreamEncoder(classes: classes)
    return String(decoding: encoder.line(self), as: UTF8.self)
  }
}

/// An event that waits for its place in the stream, for a checkpoint: as the line that it will be there.
struct EventMemory: Codable {
  let record: EventRecord

  init(_ record: EventRecord) { self.record = record }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let line = Array(try container.decode(String.self).utf8)
    guard let reader = try? StreamReader(bytes: line[...], name: "an event"), case .event(let record)? = try? reader.next() else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "an event is none")
    }
    self.record = record
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(StreamRecord.event(record).line(classes: []))
  }
}
