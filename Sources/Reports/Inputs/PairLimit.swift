/// How many boxes of two sides are compared with one another in one frame or image: ten thousand with ten thousand.
///
/// No scene has so many objects, but a file whose columns of frame and identity are swapped has, and comparing them would not end.
package enum PairLimit {
  static let maximum = 100_000_000

  /// What is wrong with a frame or image of so many boxes; nil where they can be compared.
  package static func problem(_ place: @autoclosure () -> String, what: String = "boxes", truth: Int, result: Int)
    -> EvaluationError?
  {
    // Both are at most some ten millions.
    guard truth * result > maximum else { return nil }
    return .inconsistent(
      reason: "\(place()) has \(truth) \(what) in the truth and \(result) in the result, too many to compare with one another; "
        + "are the columns of frame and id swapped?")
  }
}
