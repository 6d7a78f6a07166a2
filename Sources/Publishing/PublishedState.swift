import Records

/// What readers are told of a run as a whole, and the broker keeps.
public enum PublishedState: Sendable, Equatable {
  /// The run goes on.
  case online
  /// It is over.
  case ended(EndRecord.Status)
  /// It went without a word; said by the broker.
  case lost

  /// The message that says so.
  func message(run: UInt64, camera: String) -> Message {
    let key = MessageKey(run: run, camera: camera, frame: 0, event: 0)
    let (word, status): (String, String?) =
      switch self {
      case .online: ("online", nil)
      case .ended(let status): ("ended", status.rawValue)
      case .lost: ("lost", nil)
      }
    let fields: [(String, JSONValue)] =
      [("run", .integer(Int(clamping: run))), ("camera", .text(camera)), ("state", .text(word))]
      + (status.map { [("status", .text($0))] } ?? [])
    return Message(channel: .state, key: key, payload: Array(JSONValue.object(fields).json.utf8))
  }
}
