import ArgumentParser
import Records
import TrajectoryEvaluation

/// What a shell offers for the values of options that name formats and units.
extension CompletionKind {
  /// The formats that are read as boxes or tracks.
  static var boxFormats: CompletionKind { .list(["auto"] + BoxFormat.allCases.map(\.rawValue)) }
  /// The formats whose boxes have identities.
  static var trackFormats: CompletionKind { .list(["auto"] + BoxFormat.ofTracks.map(\.rawValue)) }
  /// What `convert` reads.
  static var convertedFormats: CompletionKind {
    .list(["auto"] + BoxFormat.allCases.map(\.rawValue) + TrajectoryFormatName.allCases.map(\.rawValue))
  }
  /// What `convert` writes.
  static var writtenFormats: CompletionKind {
    .list(
      BoxFormat.allCases.filter(\.isWritable).map(\.rawValue) + TrajectoryFormatName.allCases.map(\.rawValue)
        + [GeoJSONConversion.format, ConvertCommand.parquet])
  }
  /// The formats of camera paths.
  static var trajectoryFormats: CompletionKind { .list(["auto"] + TrajectoryFile.Format.allCases.map(\.rawValue)) }
  /// The units of time stamps.
  static var timeUnits: CompletionKind { .list(["auto"] + TimeUnit.allCases.map(\.rawValue)) }
}

/// The name of a box format as an option gives it.
struct BoxFormatArgument {
  /// nil: to be guessed.
  let format: BoxFormat?

  /// - Parameters:
  ///   - formats: Those that the command reads.
  ///   - others: Names that the option takes besides, for messages.
  ///   - fault: What is wrong with a format of boxes that is not among them.
  init(
    _ name: String, option: String, among formats: [BoxFormat] = BoxFormat.allCases, besides others: [String] = [],
    fault: String = "it has no identities, which tracks need"
  ) throws {
    guard name != "auto" else {
      format = nil
      return
    }
    guard let known = BoxFormat(rawValue: name), formats.contains(known) else {
      let problem = BoxFormat(rawValue: name) == nil ? "there is no such format" : fault
      let names = ([BoxFormatArgument.names(formats)] + others).joined(separator: ", ")
      throw CommandError.usage("\(option) \(name): \(problem); there are \(names)")
    }
    format = known
  }

  /// The names that an option takes, for its help and for messages.
  static func names(_ formats: [BoxFormat]) -> String { (["auto"] + formats.map(\.rawValue)).joined(separator: ", ") }
}

extension BoxFormat {
  /// The formats that tracks are read from.
  static var ofTracks: [BoxFormat] { allCases.filter(\.hasIdentities) }
}

/// A size in pixels, `640x512`.
struct ImageSizeArgument {
  let size: (width: Double, height: Double)

  init(_ text: String, option: String = "--image-size") throws {
    let sides = text.lowercased().split(separator: "x").compactMap { Double($0) }
    guard sides.count == 2, sides.allSatisfy({ $0.isFinite && $0 >= 1 && $0 <= 1e6 }) else {
      throw CommandError.usage("\(option) \(text): give width and height in pixels such as 640x512")
    }
    size = (sides[0], sides[1])
  }
}

/// Names of class numbers, `0=car 1=person`.
struct ClassNameArguments {
  let names: [Int: String]

  init(_ texts: [String]) throws {
    var names: [Int: String] = [:]
    for text in texts.flatMap({ $0.split(separator: ",") }) {
      let sides = text.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let number = Int(sides[0]) else {
        throw CommandError.usage("--names \(text): write names as number=name such as 0=car")
      }
      guard names.updateValue(String(sides[1]), forKey: number) == nil else {
        throw CommandError.usage("--names \(texts.joined(separator: " ")): names the class number \(number) twice; name it once")
      }
    }
    self.names = names
  }
}
