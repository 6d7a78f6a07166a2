import ArgumentParser
import NetworkDetection
import PictureTraining
import Records

/// How the labels of a folder of pictures are read.
struct PictureLabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The labels' format: auto, dota, yolo, yolo-obb, coco or hit-uav; davis for films with masks.", valueName: "format"),
    completion: .list(["auto"] + PictureLabelOptions.formats.map(\.rawValue) + [PictureLabelOptions.davis]))
  var format = "auto"

  @Option(parsing: .upToNextOption, help: ArgumentHelp("The classes to learn; all of the training part.", valueName: "names"))
  var classes: [String] = []

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Classes that are neither learned nor background.", valueName: "names"))
  var ignoreClasses: [String] = []

  @Option(
    help: ArgumentHelp(
      "Names of class numbers, such as 0=car,1=person; those of data.yaml or classes.txt in the folder.", valueName: "names"))
  var names: [String] = []

  /// No format of boxes: films with masks.
  private static let davis = "davis"
  private static let formats: [BoxFormat] = [.dota, .yolo, .yoloOriented, .coco, .hitUAV]

  /// Refuses these options where no pictures are given whose labels they could be about.
  ///
  /// - Throws: `CommandError.usage`.
  func refuseAny() throws {
    guard format == "auto", classes.isEmpty, ignoreClasses.isEmpty, names.isEmpty else {
      throw CommandError.usage(
        "--format, --classes, --ignore-classes and --names are about the labels of pictures: give --data too, or leave them out")
    }
  }

  /// - Throws: `CommandError` for formats and names that cannot be, and where there is no such folder.
  func options(folder data: String) throws -> DetectorData.Options {
    var options = DetectorData.Options()
    options.isDAVIS = format == Self.davis
    if !options.isDAVIS {
      options.format = try BoxFormatArgument(
        format, option: "--format", among: Self.formats, besides: [Self.davis], fault: "it is no format of pictures to learn from"
      ).format
    }
    options.classes = try OptionCheck.names(classes, of: "--classes")
    if let twice = ClassNames.repeated(in: options.classes) {
      throw CommandError.usage("--classes \(options.classes.joined(separator: ",")): names the class \(twice) twice; name it once")
    }
    options.ignoredClasses = try OptionCheck.names(ignoreClasses, of: "--ignore-classes")
    options.classNames = try ClassNameArguments(names).names
    try check(options, of: nil)
    try OptionCheck.folder(data)
    if options.classNames.isEmpty, !options.isDAVIS, [nil, .yolo, .yoloOriented].contains(options.format),
      let found = try DatasetNames.read(folder: data)
    {
      options.classNames = found.names
      try check(options, of: found.file)
      StandardError.say("class names are those of \(found.file)")
    }
    return options
  }

  /// Refuses one name for two numbers, unless classes are chosen by name: then what has the name is one class, whatever its numbers.
  ///
  /// - Parameter file: The names' file; nil for those of the option.
  private func check(_ options: DetectorData.Options, of file: String?) throws {
    let all = options.classNames.keys.sorted().compactMap { options.classNames[$0] }
    let learned = all.filter { !options.ignoredClasses.contains($0) }
    guard options.classes.isEmpty, let twice = ClassNames.repeated(in: learned) else { return }
    let problem = "names the class \(twice) twice; give each a name of its own, or --classes to learn all of a name as one"
    guard let file else { throw CommandError.usage("--names \(names.joined(separator: " ")): \(problem)") }
    throw CommandError.malformed("\(file): \(problem)")
  }
}
