import Foundation

@testable import Video

func sine(_ x: Double) -> Double { Foundation.sin(x) }

/// The test data beside the package; absent on machines that only have the package.
enum SharedData {
  static let missing = "test data are not there: put them into ../shared/data beside the package"

  /// A folder of ../shared/data; nil where it is absent.
  static func folder(_ name: String) -> String? {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = package.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)").path
    return ImageListing.isFolder(path) ? path : nil
  }

  static let clips = folder("clips")

  /// The path of a clip. Only for tests that are enabled where the clips are.
  static func clip(_ name: String) -> String { (clips ?? "") + "/" + name }

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}

/// A folder that is removed when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("video-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: file(name))) }
}

/// Everything that a source delivers.
struct Delivery {
  var frames: [Frame] = []
  var events: [SourceEvent] = []

  init(_ source: any VideoSource, keepingFrames limit: Int = .max) throws {
    while let item = try source.next() {
      switch item {
      case .frame(let frame): if frames.count < limit { frames.append(frame) }
      case .event(let event): events.append(event)
      }
    }
  }

  init(_ input: String, options: SourceOptions = SourceOptions()) throws {
    try self.init(VideoSources.open(input, options: options))
  }
}

extension Frame {
  /// The stored first plane without gaps.
  var storedBytes: [UInt8] {
    withStoredPlane { bytes, rowBytes, rows, stride in joined(bytes, rowBytes: rowBytes, rows: rows, stride: stride) } ?? []
  }

  /// The displayed luma without gaps.
  var lumaBytes: [UInt8] {
    get throws {
      try withLuma { bytes, width, height, stride in joined(bytes, rowBytes: width, rows: height, stride: stride) }
    }
  }
}

private func joined(_ bytes: UnsafeRawBufferPointer, rowBytes: Int, rows: Int, stride: Int) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(rows * rowBytes)
  for row in 0..<rows { result.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[row * stride..<row * stride + rowBytes])) }
  return result
}
