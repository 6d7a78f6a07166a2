internal import CFFmpeg

/// One image file.
enum StoredImage {
  enum Decoded {
    case picture(Picture)
    case damage(String)
  }

  /// A compressed image of more bytes is refused before it is read.
  private static let maximumBytes = 1 << 30

  /// - Throws: `VideoError.tooLarge` and `.outOfMemory`; everything else that is wrong with a single file is damage.
  static func decode(_ path: String, options: SourceOptions) throws(VideoError) -> Decoded {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path, upTo: maximumBytes)
    } catch {
      return .damage(error.text)
    }
    return try decode(bytes, name: path, options: options)
  }

  /// The picture of a TIFF file of floats, which FFmpeg does not read; nil for other files.
  private static func floats(_ bytes: [UInt8], name: String, options: SourceOptions) throws(VideoError) -> Picture? {
    do {
      return try GreyTIFF(bytes, maximumSide: options.maximumSide, maximumPixels: options.maximumPixels)?.picture()
    } catch let problem as GreyTIFF.Problem {
      switch problem {
      case .unsupported(let feature): throw VideoError.unsupported(input: name, feature: feature)
      case .tooLarge(let width, let height):
        throw VideoError.tooLarge(input: name, size: "\(width)x\(height)", limit: options.limitText)
      case .damaged: return nil
      }
    } catch {
      throw error as? VideoError ?? VideoError.conversionFailed(reason: "\(error)")
    }
  }

  static func decode(_ bytes: [UInt8], name: String, options: SourceOptions) throws(VideoError) -> Decoded {
    if bytes.isEmpty { return .damage("the file is empty") }
    try Library.prepare()
    var message = video_message()
    var handle: OpaquePointer?
    let status = bytes.withUnsafeBufferPointer {
      video_image_decode($0.baseAddress, $0.count, options.limits, &handle, &message)
    }
    if let handle { return .picture(Picture(handle: handle, isDamaged: TIFFFields(bytes)?.isCutOff ?? false)) }
    switch status {
    case VIDEO_TOO_LARGE: throw VideoError.tooLarge(input: name, size: message.string, limit: options.limitText)
    case VIDEO_OUT_OF_MEMORY: throw VideoError.outOfMemory(doing: "decoding \(name)")
    default: break
    }
    if let picture = try floats(bytes, name: name, options: options) { return .picture(picture) }
    return .damage(message.string.isEmpty ? "no image" : message.string)
  }
}

extension FileBytes.Failure {
  fileprivate var text: String {
    switch self {
    case .cannotOpen(let reason), .cannotRead(let reason): reason
    case .notRegular: "no plain file"
    case .tooLarge: "the file is larger than 1 GiB"
    }
  }
}
