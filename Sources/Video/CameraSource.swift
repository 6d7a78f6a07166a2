internal import CFFmpeg

/// A camera of this machine.
public struct Camera: Sendable, Equatable {
  /// The device, such as /dev/video0: an input of `VideoSources.open`.
  public var path: String
  /// What the driver calls it.
  public var name: String
}

extension VideoSources {
  /// The cameras that Video4Linux knows; none where there are none.
  public static func cameras() -> [Camera] {
    guard (try? Library.prepare()) != nil else { return [] }
    var message = video_message()
    var found = [video_camera](repeating: video_camera(), count: 64)
    var count: Int32 = 0
    let status = found.withUnsafeMutableBufferPointer { buffer in
      video_cameras_copy(buffer.baseAddress, Int32(buffer.count), &count, &message)
    }
    guard status == VIDEO_OK else { return [] }
    return found.prefix(Int(count)).map { Camera(path: $0.path.string, name: $0.name.string) }
  }

  /// A camera as a source of frames, at the rate that is asked for where it has it.
  static func camera(_ path: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    var request = MediaRequest(input: path, url: path, format: "v4l2", isDevice: true, isConnection: true)
    if let rate = options.framesPerSecond { request.libraryOptions["framerate"] = rate.description }
    return try MediaSource(request, kind: .camera, options: options)
  }
}
