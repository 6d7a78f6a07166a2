import Foundation

/// A queue of lines in files of a folder, first in, first out: `NAME-000001.spool` and so on. Belongs to one owner, who serialises calls.
struct SpoolLane {
  /// A file, and what of it was not confirmed yet.
  private struct Segment {
    let number: Int
    var bytes = 0
    var lines = 0
    /// What was read and confirmed, from the beginning.
    var confirmedBytes = 0
    var confirmedLines = 0

    var waiting: Int { lines - confirmedLines }
  }

  /// Where lines are to be read.
  struct Place: Equatable {
    let path: String
    let segment: Int
    let range: Range<Int>
  }

  private let folder: String
  private let name: String
  private let segmentBytes: Int
  private var segments: [Segment] = []
  private var highestNumber = 0
  /// The last segment, open to be written to; -1 where it is not.
  private var descriptor: Int32 = -1

  /// Takes up what an earlier run has left.
  ///
  /// - Parameter segmentBytes: A file of so many is followed by another.
  init(folder: String, name: String, segmentBytes: Int) throws {
    (self.folder, self.name, self.segmentBytes) = (folder, name, segmentBytes)
    let numbers = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { file -> Int? in
      guard file.hasPrefix(name + "-"), file.hasSuffix(".spool") else { return nil }
      return Int(file.dropFirst(name.count + 1).dropLast(6))
    }
    for number in numbers.sorted() {
      let data = try Data(contentsOf: URL(fileURLWithPath: path(number)), options: .mappedIfSafe)
      // What a kill has cut off behind the last line feed is no line.
      let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      var segment = Segment(number: number)
      segment.bytes = whole
      segment.lines = data[..<whole].reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
      if segment.lines > 0 { segments.append(segment) } else { unlink(path(number)) }
      highestNumber = number
    }
  }

  /// Lines that wait, and the bytes of the files that hold them.
  var waiting: Int { segments.reduce(0) { $0 + $1.waiting } }
  var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }

  /// Adds lines; false where the disk does not take them.
  mutating func append(_ line: [UInt8]) -> Bool {
    if descriptor < 0 || (segments.last?.bytes ?? 0) >= segmentBytes { guard begin() else { return false } }
    guard let last = segments.indices.last else { return false }
    let written = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == line.count else {
      // Half a line would be read as one with the next.
      ftruncate(descriptor, off_t(segments[last].bytes))
      return false
    }
    segments[last].bytes += line.count
    segments[last].lines += 1
    return true
  }

  private mutating func begin() -> Bool {
    close()
    let opened = open(path(highestNumber + 1), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
    guard opened >= 0 else { return false }
    highestNumber += 1
    descriptor = opened
    segments.append(Segment(number: highestNumber))
    return true
  }

  /// The next lines, at most so many bytes; nil where none wait.
  func next(atMost bytes: Int) -> Place? {
    guard let segment = segments.first(where: { $0.waiting > 0 }) else { return nil }
    let end = min(segment.bytes, segment.confirmedBytes + bytes)
    return Place(path: path(segment.number), segment: segment.number, range: segment.confirmedBytes..<end)
  }

  /// Takes out what was read: the first bytes and lines of a place. One that was dropped meanwhile is passed over.
  mutating func confirm(_ place: Place, bytes: Int, lines: Int) {
    guard let index = segments.firstIndex(where: { $0.number == place.segment }) else { return }
    segments[index].confirmedBytes = place.range.lowerBound + bytes
    segments[index].confirmedLines += lines
    guard segments[index].confirmedBytes >= segments[index].bytes else { return }
    if index == segments.count - 1, descriptor >= 0 {
      // The file that is written to is begun anew in its place.
      ftruncate(descriptor, 0)
      segments[index] = Segment(number: place.segment)
    } else {
      unlink(path(place.segment))
      segments.remove(at: index)
    }
  }

  /// Removes the oldest file, unless it is the only one.
  ///
  /// - Returns: The lines that waited in it.
  mutating func dropOldest() -> Int {
    guard segments.count > 1 else { return 0 }
    let oldest = segments.removeFirst()
    unlink(path(oldest.number))
    return oldest.waiting
  }

  /// Nothing is written any more; a file without lines goes.
  mutating func close() {
    guard descriptor >= 0 else { return }
    Foundation.close(descriptor)
    descriptor = -1
    if let last = segments.last, last.bytes == 0 {
      unlink(path(last.number))
      segments.removeLast()
    }
  }

  private func path(_ number: Int) -> String {
    let digits = String(number)
    return "\(folder)/\(name)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).spool"
  }
}
