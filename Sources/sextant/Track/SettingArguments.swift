import ArgumentParser
import Pipeline

/// The settings of one section as options of the command, made from their declarations in `TrackSetting.all`.
///
/// The parser finds the options of a type by reflection; here they are made at that moment instead of being properties.
struct SettingArguments<Section: SettingSection>: ParsableArguments, CustomReflectable {
  /// The texts of the options that were given, by the settings' names.
  private(set) var given: [String: [String]] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let options = try decoder.container(keyedBy: SettingKey.self)
    for setting in Section.settings {
      let key = SettingKey(setting.name)
      switch setting.form {
      case .flag:
        if let flag = try options.decode(Flag<Bool?>.self, forKey: key).wrappedValue { given[setting.name] = ["\(flag)"] }
      case .list:
        let texts = try options.decode(Option<[String]>.self, forKey: key).wrappedValue
        if !texts.isEmpty { given[setting.name] = texts }
      case .value, .words, .choice, .file:
        if let text = try options.decode(Option<String?>.self, forKey: key).wrappedValue { given[setting.name] = [text] }
      }
    }
  }

  var customMirror: Mirror {
    Mirror(
      self, children: Section.settings.map { setting -> Mirror.Child in (setting.name, SettingArguments.option(for: setting)) })
  }

  private static func option(for setting: TrackSetting) -> Any {
    let name: NameSpecification =
      setting.letter.map { [.customShort($0), .customLong(setting.optionName)] } ?? .customLong(setting.optionName)
    switch setting.form {
    case .flag: return Flag<Bool?>(name: name, inversion: .prefixedNo, help: help(setting, nil))
    case .list(let word): return Option<[String]>(wrappedValue: [], name: name, parsing: .upToNextOption, help: help(setting, word))
    case .value(let word): return Option<String?>(name: name, parsing: .unconditional, help: help(setting, word))
    case .words(let word, let usual):
      return Option<String?>(name: name, parsing: .unconditional, help: help(setting, word), completion: .list(usual))
    case .choice(let words):
      return Option<String?>(name: name, help: help(setting, words.joined(separator: "|")), completion: .list(words))
    case .file(let word, let extensions):
      return Option<String?>(name: name, help: help(setting, word), completion: .file(extensions: extensions))
    }
  }

  private static func help(_ setting: TrackSetting, _ word: String?) -> ArgumentHelp {
    let text = setting.help + (setting.defaultText.map { " (default: \($0))" } ?? "")
    return ArgumentHelp(stringLiteral: text).shown(as: word, isHidden: setting.isHidden)
  }
}

/// Names a section of settings as a type, because the parser makes its arguments from types alone.
protocol SettingSection {
  static var section: TrackSetting.Section { get }
}

extension SettingSection {
  static var settings: [TrackSetting] { TrackSetting.all.filter { $0.section == section } }
}

enum OutputSection: SettingSection { static let section = TrackSetting.Section.output }
enum DetectionSection: SettingSection { static let section = TrackSetting.Section.detection }
enum InputSection: SettingSection { static let section = TrackSetting.Section.input }
enum TrackingSection: SettingSection { static let section = TrackSetting.Section.tracking }
enum RunningSection: SettingSection { static let section = TrackSetting.Section.running }

extension TrackSetting {
  /// The long name without its dashes, `detect-every`.
  var optionName: String { name.map { $0 == "_" ? "-" : String($0) }.joined() }
}

private struct SettingKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension ArgumentHelp {
  fileprivate func shown(as word: String?, isHidden: Bool) -> ArgumentHelp {
    var help = self
    help.valueName = word
    help.visibility = isHidden ? .hidden : .default
    return help
  }
}
