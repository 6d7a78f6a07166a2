import ArgumentParser
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

  /// - Throws: `CommandError` for formats and names that cannot be, and where there is no such folder.
  func options(folder data: String) throws -> DetectorData.Options {
    var options = DetectorData.Options()
    options.isDAVIS = format == Self.davis
    if !options.isDAVIS { options.format = try BoxFormatArgument(format, option: "--format", among: Self.formats).format }
    options.classes = try OptionCheck.names(classes, of: "--classes")
    options.ignoredClasses = try OptionCheck.names(ignoreClasses, of: "--ignore-classes")
    options.classNames = try ClassNameArguments(names).names
    try OptionCheck.folder(data)
    if options.classNames.isEmpty, !options.isDAVIS, [nil, .yolo, .yoloOriented].contains(options.format),
      let found = try DatasetNames.read(folder: data)
    {
      options.classNames = found.names
      StandardError.say("class names are those of \(found.file)")
    }
    guard Set(options.classes).count == options.classes.count else {
      throw CommandError.usage("--classes \(options.classes.joined(separator: ",")): names a class twice")
    }
    return options
  }
}
