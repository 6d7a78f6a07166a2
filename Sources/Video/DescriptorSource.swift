import Foundation

/// A source that owns the open file it reads.
final class DescriptorSource: VideoSource {
  private let source: any VideoSource
  private let descriptor: Int32

  init(_ source: any VideoSource, descriptor: Int32) {
    self.source = source
    self.descriptor = descriptor
  }

  // The reading side may still be using the descriptor until the source itself is gone; nobody else holds that source.
  deinit { close(descriptor) }

  var information: SourceInformation { source.information }

  func next() throws(VideoError) -> SourceItem? { try source.next() }

  func cancel() { source.cancel() }
}
