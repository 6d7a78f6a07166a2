import Foundation

/// The files beside a model that hold its larger tensors.
///
/// Only files within the model's own folder are read. A name is refused where it is absolute, has a part `..`, or is reached through a
/// symbolic link: each part is opened relative to the part before, with links not followed, so that nothing can be exchanged in between.
public final class ExternalData: @unchecked Sendable {
  // @unchecked: the only mutable state is `files`, reached under `lock`.
  private let folder: String?
  private let lock = NSLock()
  private var files: [String: FileBytes] = [:]

  /// - Parameter folder: The model's folder; nil refuses all external data.
  public init(folder: String?) { self.folder = folder }

  /// The bytes that the keys `location`, `offset` and `length` name.
  ///
  /// - Parameter byteCount: The bytes that the tensor needs; a `length` that differs is refused.
  func region(_ keys: [String: String], byteCount: Int, label: String) throws -> ByteRegion {
    guard let location = keys["location"], !location.isEmpty else {
      throw ModelFileError.malformed("\(label) lies outside the model's file, but no file is named.")
    }
    let offset = try number(keys["offset"], key: "offset", label: label) ?? 0
    let length = try number(keys["length"], key: "length", label: label) ?? byteCount
    guard length == byteCount else {
      throw ModelFileError.malformed("\(label) needs \(byteCount) bytes, but \(length) are named in '\(location)'.")
    }
    let file = try file(location, label: label)
    guard let region = file.region.part(offset: offset, count: length) else {
      throw ModelFileError.malformed(
        "\(label) lies at bytes \(offset) and on of '\(location)', which has only \(file.region.count); fetch the file again.")
    }
    return region
  }

  private func number(_ text: String?, key: String, label: String) throws -> Int? {
    guard let text else { return nil }
    guard let value = Int(text), value >= 0 else {
      throw ModelFileError.malformed("\(label) has '\(text)' as the \(key) of its external data; a number of bytes is needed.")
    }
    return value
  }

  private func file(_ location: String, label: String) throws -> FileBytes {
    lock.lock()
    defer { lock.unlock() }
    if let known = files[location] { return known }
    let file = try open(location, label: label)
    files[location] = file
    return file
  }

  private func open(_ location: String, label: String) throws -> FileBytes {
    let refusal = { (reason: String) in
      ModelFileError(.unsupported, "\(label) lies in '\(location)', which is refused: \(reason); put the file beside the model.")
    }
    guard let folder else { throw refusal("the model has no folder") }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !location.hasPrefix("/"), !location.utf8.contains(0) else { throw refusal("the path is absolute or has a zero byte") }
    guard !parts.contains("..") else { throw refusal("the path leads out of the model's folder") }
    let names = parts.filter { !$0.isEmpty && $0 != "." }
    guard !names.isEmpty else { throw refusal("it names no file") }

    var place = Foundation.open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for (index, name) in names.enumerated() where place >= 0 {
      let kind = index == names.count - 1 ? O_NONBLOCK : O_DIRECTORY
      let next = openat(place, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind)
      let code = errno
      close(place)
      place = next
      if next < 0 {
        throw code == ELOOP || code == ENOTDIR
          ? refusal("'\(name)' is a link or no folder")
          : ModelFileError(
            .cannotOpen, "\(label) lies in '\(location)', which cannot be opened: \(String(cString: strerror(code))).")
      }
    }
    guard place >= 0 else { throw refusal("the model's folder cannot be opened") }
    defer { close(place) }
    return try FileBytes(descriptor: place, name: location)
  }
}
