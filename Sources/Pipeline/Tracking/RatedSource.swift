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

  /// - Throws: `VideoError` for an input that cannot be read.
  init(_ request: TrackRequest, cancellation: SourceCancellation) throws {
    let inputs = request.inputs
    var options = SourceOptions(request, cancellation: cancellation)
    let told = options.framesPerSecond == nil ? inputs.first.flatMap(RatedSource.toldRate) : nil
    if let told { options.framesPerSecond = Rational(approximating: told) }
    source = try VideoSources.open(inputs, options: options)
    let information = source.information
    isRateAssumed = information.isUntimed && options.framesPerSecond == nil
    var warnings = information.notes.map { "\(information.uri): \($0)" }
    if let range = information.valueRange, request.valueRange == nil {
      warnings.append(
        "\(information.uri): of the pictures' values those in use, at first \(range.lowerBound.plain) to \(range.upperBound.plain), are"
          + " stretched from black to white and followed slowly; the setting range fixes them")
    }
    if request.valueRange != nil, information.valueRange == nil {
      warnings.append("\(information.uri): the pictures have no more than 8 bits, so the given range of values has no effect")
    }
    if isRateAssumed, let rate = information.frameRate {
      warnings.append("\(information.uri): the pictures carry no times; \(rate.value.plain) frames per second are assumed")
    } else if information.kind == .file, !information.isUntimed, request.framesPerSecond != nil {
      warnings.append("\(information.uri): the video has times of its own, so the given rate has no effect")
    }
    self.warnings = warnings
  }

  /// The rate that a `seqinfo.ini` tells of a folder of pictures, in it or beside it.
  private static func toldRate(of input: String) -> Double? { picture(of: input).flatMap(SequenceInformation.beside)?.frameRate }

  /// The file that tells that rate.
  static func description(of input: String) -> String? { picture(of: input).flatMap(SequenceInformation.path) }

  /// A name beside a folder's or a pattern's pictures; nil for inputs of other kinds.
  private static func picture(of input: String) -> String? {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: input, isDirectory: &isFolder)
    guard !isThere || isFolder.boolValue, !input.contains("://"), input != "-" else { return nil }
    return isFolder.boolValue ? input + "/picture" : input
  }
}
