import Foundation
import Publishing

/// Where a run tells what it finds while it goes, and how.
public struct PublishRequest: Sendable, Equatable {
  /// The broker; nil: the run tells nobody.
  public var address: BrokerAddress?
  /// Messages with tracks, a second of the stream; 0: events alone.
  public var rate = 5.0
  /// The camera's name in topics and keys; nil: from the input.
  public var camera: BrokerName?
  /// The folder in which messages wait for the broker; nil: beside the stream.
  public var spool: String?
  /// A file of certificates that are trusted; nil: the system's.
  public var authorities: String?
}

extension TrackRequest {
  /// - Throws: `TrackSettingError` for what excludes publishing, or lacks for it.
  func checkPublishing() throws(TrackSettingError) {
    guard publishing.address != nil else { return }
    func refuse(_ problem: String) throws(TrackSettingError) { throw TrackSettingError(setting: "publish", problem: problem) }
    if checkpoint != nil {
      throw TrackSettingError(
        setting: "publish", excludes: "checkpoint", "what was told cannot be taken back; publish live runs, and gather recordings")
    }
    if spoolFolder == nil {
      try refuse(
        "needs a place for what waits while the broker is away: name a folder (--publish-spool), or the stream's file (--output)")
    }
    if publishedCamera == nil { try refuse("needs a name for the camera: give one (--publish-name)") }
  }

  private var publishedCamera: BrokerName? { publishing.camera ?? inputs.first.flatMap(BrokerName.init(ofInput:)) }

  private var spoolFolder: String? {
    if let spool = publishing.spool { return spool }
    return outputs.stream == "-" || outputs.stream.hasPrefix("/dev/") ? nil : outputs.stream + ".spool"
  }

  /// Connects to the broker; nil where none was asked for.
  ///
  /// - Throws: `BrokerError`, `BrokerCredentialsError`, `SpoolError`.
  func publication() throws -> Publication? {
    guard var address = publishing.address, let camera = publishedCamera, let folder = spoolFolder else { return nil }
    address.credentials = try address.credentials.completed(from: ProcessInfo.processInfo.environment)
    // Bounded: a date of the clock, which is after 1970 and before 10¹² seconds.
    let run = UInt64(min(max(0, Date().timeIntervalSince1970), 1e12) * 1000)
    let publisher = try Publisher(
      to: address, run: run, camera: camera.text, spool: try Spool(folder: folder), authorities: publishing.authorities)
    return Publication(publisher: publisher, run: run, camera: camera.text, rate: publishing.rate)
  }
}

/// A run's connection to a broker, with what identifies its messages.
struct Publication {
  let publisher: Publisher
  /// When it began, milliseconds since 1970.
  let run: UInt64
  let camera: String
  let rate: Double
}
