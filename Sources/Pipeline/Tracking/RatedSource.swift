import Foundation
import Records
import Video

/// The opened video of a run, at the rate that holds for it.
///
/// Pictures and bare streams carry no times. Their rate is given, or told by a `seqinfo.ini` beside the pictures, or assumed, which is said.
struct RatedSource {
  let source: any VideoSource
  /// Whether the times rest on a rate that nobody gave.
  let isRateAssumed: Bool
  let warnings: [String]

  /// FFmpeg's names of formats that hold pictures one after the other and nothing else.
  private static let bareFormats: Set<String> = [
    "jpeg_pipe", "mjpeg", "h264", "hevc", "m4v", "mpegvideo", "obu", "vc1", "cavsvideo", "dirac",
  ]

  /// - Throws: `VideoError` for an input that cannot be read.
  init(_ request: TrackRequest, cancellation: SourceCancellation) throws {
    let inputs = request.inputs
    var options = SourceOptions(request, cancellation: cancellation)
    let told = options.framesPerSecond == nil ? inputs.first.flatMap(RatedSource.toldRate) : nil
    if let told { options.framesPerSecond = Rational(approximating: told) }
    var opened = try VideoSources.open(inputs, options: options)
    var information = opened.information
    let isBare = information.kind == .file && RatedSource.bareFormats.contains(information.format)
    if isBare, let rate = options.framesPerSecond {
      // FFmpeg stamps these while it reads them, at a rate that it must know before.
      options.libraryOptions["framerate"] = "\(rate.numerator)/\(rate.denominator)"
      opened = try VideoSources.open(inputs, options: options)
      information = opened.information
    }
    source = opened
    let isUntimed = isBare || information.kind == .images
    isRateAssumed = isUntimed && options.framesPerSecond == nil
    var warnings = information.notes.map { "\(information.uri): \($0)" }
    if let range = information.valueRange, request.valueRange == nil {
      warnings.append(
        "\(information.uri): of the pictures' values those in use, at first \(range.lowerBound.plain) to \(range.upperBound.plain), are"
          + " stretched from black to white and followed slowly; the setting range fixes them")
    }
    if isRateAssumed, let rate = information.frameRate {
      warnings.append("\(information.uri): the pictures carry no times; \(rate.value.plain) frames per second are assumed")
    } else if information.kind == .file, !isBare, request.framesPerSecond != nil {
      warnings.append("\(information.uri): the video has times of its own, so the given rate has no effect")
    }
    self.warnings = warnings
  }

  /// The rate that a `seqinfo.ini` tells of a folder of pictures, in it or beside it.
  private static func toldRate(of input: String) -> Double? {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: input, isDirectory: &isFolder)
    guard !isThere || isFolder.boolValue, !input.contains("://"), input != "-" else { return nil }
    return SequenceInformation.beside(isFolder.boolValue ? input + "/picture" : input)?.frameRate
  }
}
