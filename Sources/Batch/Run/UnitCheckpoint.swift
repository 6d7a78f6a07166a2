import Checkpoints
import Foundation
import Records

/// The checkpoint of one attempt at a unit, beside the part of the stream that belongs to it.
///
/// Each attempt writes files of its own names, so attempts that run at the same time, which engines start, do not meet. An attempt that begins looks
/// for what others left and goes on with a copy of the one that has come furthest; what is copied of another that still runs is good too, for it only
/// adds to its part behind what its checkpoint speaks of.
struct UnitCheckpoint {
  let folder: UnitFolder
  let worker: WorkerName

  /// Where the tracker writes the stream.
  var stream: String { folder.part(worker, of: "zst") }
  /// The stream until it is whole.
  private var part: String { stream + PartialFile.suffix }
  /// Where the tracker writes its checkpoint.
  var path: String { folder.part(worker, of: UnitCheckpoint.suffix) }

  private static let suffix = "checkpoint"

  /// Takes over what has come furthest of what other attempts left.
  ///
  /// - Returns: Whether there was anything.
  func adopt() -> Bool {
    let left = UnitCheckpoint.names(in: folder.path).compactMap { name -> (name: String, checkpoint: Checkpoint)? in
      guard name != worker.text, let checkpoint = try? Checkpoint.read(folder.part(named: name, of: UnitCheckpoint.suffix)) else {
        return nil
      }
      return (name, checkpoint)
    }
    for (name, checkpoint) in left.sorted(by: { $0.checkpoint.summary.frames > $1.checkpoint.summary.frames }) {
      // The checkpoint was read first: the part of a run that goes on is then no shorter than it says.
      let source = folder.part(named: name, of: "zst") + PartialFile.suffix
      guard (try? FileManager.default.copyItem(atPath: source, toPath: part)) != nil else { continue }
      guard (try? checkpoint.write(to: path)) != nil else {
        unlink(part)
        continue
      }
      UnitCheckpoint.removeAbandoned(name, in: folder, host: worker.host)
      return true
    }
    return false
  }

  /// Removes what this attempt left.
  func remove() {
    for file in [path, path + PartialFile.suffix, part, stream] { unlink(file) }
  }

  /// The attempts that left a checkpoint.
  private static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { name in
      guard name.hasPrefix(UnitFolder.partPrefix), name.hasSuffix("." + suffix) else { return nil }
      return String(name.dropFirst(UnitFolder.partPrefix.count).dropLast(suffix.count + 1))
    }
  }

  /// Whether a file belongs to an attempt that can be gone on with.
  static func isNeeded(_ name: String, among names: Set<String>) -> Bool {
    guard let worker = WorkerName(partName: String(name.dropFirst(UnitFolder.partPrefix.count))) else { return false }
    return names.contains(UnitFolder.partPrefix + worker.text + "." + suffix)
  }

  private static func removeAbandoned(_ name: String, in folder: UnitFolder, host: String) {
    guard let other = WorkerName(partName: name), other.host == host, !other.isRunning else { return }
    UnitCheckpoint(folder: folder, worker: other).remove()
  }
}
