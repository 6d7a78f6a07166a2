import Pipeline
import Records

/// Brings the command line, the configuration file and the defaults together: the command line wins, then the file.
struct TrackRequestBuilder {
  private let inputs: [String]
  private let file: ConfigurationFile?
  private let given: [String: [String]]

  /// - Throws: `CommandError` for a configuration file that cannot be used.
  init(command: TrackCommand) throws {
    inputs = command.inputs
    file = try command.config.map(ConfigurationFile.init(path:))
    given = command.given
  }

  /// What a user should know about the configuration file.
  var warnings: [String] { file?.warnings ?? [] }

  /// - Throws: `CommandError` for a value out of range.
  func request() throws -> TrackRequest {
    var request = TrackRequest(inputs: inputs, program: ProgramVersion.programText)
    request.settingsFile = file?.path
    request.tracker = chosenDetector.usualTracker(onGround: given["poses"] != nil || file?.texts(named: "poses") != nil)
    for target in Self.targets where given[target] != nil {
      guard let detector = Self.detectors.first(where: { given[$0] != nil }) else { continue }
      throw CommandError.usage(
        "both --\(target.replacing("_", with: "-")) and --\(detector) were given: a target is followed alone, name one of the two")
    }
    try file?.overlay(.tracker, on: &request.tracker)
    try file?.overlay(.detector, on: &request.motionDetector)
    try apply(&request) {
      isOverruled($0) ? nil : file?.texts(of: $0)
    } naming: {
      "cannot read the configuration \(file?.path ?? ""): \($0.name)"
    }
    try apply(&request) {
      given[$0.name]
    } naming: {
      "--\($0.optionName)"
    }
    do {
      try request.check()
    } catch let error as TrackSettingError {
      throw CommandError.usage(
        error.sentence { name in TrackSetting.all.first { $0.name == name }.map { "--\($0.optionName)" } ?? "the setting \(name)" })
    }
    return request
  }

  /// The detector that will be in force: its scores decide which settings of the tracker are usual.
  private var chosenDetector: TrackRequest.DetectorChoice {
    let texts = given["detector"] ?? given["detections"] ?? file?.texts(named: "detector") ?? file?.texts(named: "detections")
    return texts?.first.map { TrackRequest.DetectorChoice($0) } ?? .motion
  }

  /// What is pointed at stands in the place of a detector, and the other way round.
  private static let (targets, detectors) = (["target", "target_point", "target_image"], ["detector", "detections"])

  /// Whether the command line says otherwise what a line of the file says.
  private func isOverruled(_ setting: TrackSetting) -> Bool {
    let others = Self.targets.filter { $0 != setting.name }
    if (Self.detectors + Self.targets).contains(setting.name), others.contains(where: { given[$0] != nil }) { return true }
    if setting.name.hasPrefix("target") || setting.name == "planar", Self.detectors.contains(where: { given[$0] != nil }) {
      return true
    }
    return given[setting.name] != nil || setting.rival.map { given[$0] != nil } ?? false
  }

  private func apply(
    _ request: inout TrackRequest, _ texts: (TrackSetting) -> [String]?, naming: (TrackSetting) -> String
  ) throws {
    for setting in TrackSetting.all {
      guard let values = texts(setting) else { continue }
      let rival = setting.rival.flatMap { name in TrackSetting.all.first { $0.name == name } }
      if let rival, let others = texts(rival), others != values {
        throw CommandError.usage("both \(naming(setting)) and \(naming(rival)) were given: name one of the two")
      }
      do {
        try setting.apply(values, to: &request)
      } catch let error as TrackSettingError {
        throw CommandError.usage("\(naming(setting)) \(error.problem)")
      }
    }
  }
}
