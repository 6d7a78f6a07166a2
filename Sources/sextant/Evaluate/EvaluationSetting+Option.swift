import Foundation
import Reports

extension EvaluationSetting {
  /// The option that sets it.
  var option: String {
    switch self {
    case .classes: "--classes"
    case .withoutClasses: "--class-agnostic"
    case .regionClasses: "--region-class"
    case .preprocessing: "--preprocess"
    case .frames: "--frames"
    case .binaryMasks: "--binary"
    case .voidLabels: "--void"
    case .classCount: "--class-count"
    case .classNames: "--class-names"
    case .forecasts: "track --forecast"
    case .pedestrians: "--truth"
    case .truthTimes: "--truth-times"
    case .resultTimes: "--result-times"
    case .timeOffset: "--time-offset"
    case .maximumDifference: "--max-difference"
    case .alignment: "--align"
    case .delta: "--delta"
    case .allPairs: "--all-pairs"
    case .parameters: "--parameters"
    case .objective: "--objective"
    }
  }

  /// A message of an evaluation with the option behind each setting that it names.
  static func namingOptions(in message: String) -> String {
    allCases.reduce(message) { $0.replacingOccurrences(of: $1.rawValue, with: "\($1.rawValue) (\($1.option))") }
  }
}
