import Checkpoints
import Foundation
import Records
import Tracking

/// The checkpoint of a run: made, written, and read again by a run of the same program with the same options on the same files.
struct RunCheckpoint {
  private let path: String
  private let request: TrackRequest
  private let header: String
  private let files: [InputFile]

  /// - Parameter header: Of the stream.
  init(path: String, request: TrackRequest, header: StreamHeader) {
    (self.path, self.request) = (path, request)
    self.header = StreamRecord.header(header).line(classes: header.classes)
    files = RunCheckpoint.files(of: request)
  }

  /// What an earlier run left; nil where there is nothing, or nobody asked to go on.
  ///
  /// - Throws: `PipelineError.otherCheckpoint` for one of another run; `RecordsError` for one that cannot be read.
  func stored() throws -> RunState? {
    guard request.resumes, FileIdentity(path: path) != nil else { return nil }
    let checkpoint = try Checkpoint.read(path)
    if let difference = difference(from: checkpoint.summary) {
      throw PipelineError.otherCheckpoint(path: path, reason: difference)
    }
    do {
      let state = try StateDecoder.value(RunState.self, from: checkpoint.state)
      guard state.tracking.isSound else {
        throw RecordsError.malformed(path: path, reason: "its tracks do not belong together")
      }
      return state
    } catch let error as DecodingError {
      guard case .dataCorrupted(let context) = error else { throw error }
      throw RecordsError.malformed(path: path, reason: context.debugDescription)
    }
  }

  func write(_ state: RunState) throws {
    let summary = Checkpoint.Summary(
      program: request.program, header: header, files: files, outputs: request.outputs.names, frames: state.tracking.frames,
      seconds: state.lastSeconds)
    try Checkpoint(summary: summary, state: try StateEncoder.bytes(of: state)).write(to: path)
  }

  /// The run is complete: there is nothing to go on with.
  func remove() {
    for file in [path, path + PartialFile.suffix] { unlink(file) }
  }

  /// In what a checkpoint is not of this run; nil where it is.
  private func difference(from summary: Checkpoint.Summary) -> String? {
    if summary.program != request.program { return "it was made by \(summary.program), this is \(request.program)" }
    if let file = zip(summary.files, files).first(where: { $0 != $1 })?.1 { return "\(file.path) is not the file that it was" }
    if summary.files.count != files.count || summary.header != header { return "its run had other inputs or options" }
    if summary.outputs != request.outputs.names {
      return "its run wrote other outputs (\(summary.outputs.joined(separator: ", ")))"
    }
    return nil
  }

  /// Everything that the result depends on; a folder of pictures by its own time of change.
  private static func files(of request: TrackRequest) -> [InputFile] {
    (request.inputs + request.namedFiles).compactMap { InputFile(path: $0) }
  }
}

extension TrackOutputs {
  /// What is written, by the names of the options.
  fileprivate var names: [String] {
    let optional = [
      ("mot-output", mot), ("oriented-mot-output", orientedMot), ("kitti-output", kitti), ("csv", csv), ("summary", summary),
      ("detections-output", detections),
    ]
    return ["output"] + optional.filter { $0.1 != nil }.map(\.0) + ["rows \(rows.rawValue)"]
  }
}
