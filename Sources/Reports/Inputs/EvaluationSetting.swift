/// What a caller of an evaluation can set, in the words in which messages name it: a program that calls one adds its own option behind them.
public enum EvaluationSetting: String, CaseIterable, Sendable, CustomStringConvertible {
  case classes = "the classes to evaluate"
  case withoutClasses = "a comparison without classes"
  case regionClasses = "the classes that only mark regions"
  case preprocessing = "the preprocessing"
  case frames = "the range of frames"
  case binaryMasks = "masks of 0 and 255"
  case voidLabels = "the labels without an answer"
  case classCount = "the number of classes"
  case classNames = "the names of the classes"
  case forecasts = "forecasts of the tracker"
  case pedestrians = "the pedestrians' own positions"
  case truthTimes = "the times of the truth"
  case resultTimes = "the times of the result"
  case timeOffset = "the offset of the result's times"
  case maximumDifference = "the largest difference of times"
  case alignment = "the alignment"
  case delta = "the distance between pairs"
  case allPairs = "pairs that overlap"
  case parameters = "the parameters to search"
  case objective = "the objective"

  /// The words themselves, to stand in a sentence.
  public var description: String { rawValue }
}
