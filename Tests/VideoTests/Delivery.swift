import Foundation

@testable import Video

func sine(_ x: Double) -> Double { Foundation.sin(x) }

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
