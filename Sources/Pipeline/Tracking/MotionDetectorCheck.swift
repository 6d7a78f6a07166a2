import Detection

extension MotionDetectorSettings {
  /// Shares of a whole.
  private static let shares: [(String, KeyPath<MotionDetectorSettings, Double> & Sendable)] = [
    ("learning_under_objects", \.learningUnderObjects), ("changed_share", \.changedShare), ("explained_share", \.explainedShare),
    ("fragment_gap", \.fragmentGap), ("least_area", \.leastArea),
    ("greatest_area", \.greatestArea), ("large_area", \.largeArea), ("objects.shape_rate", \.objects.shapeRate),
    ("objects.place_rate", \.objects.placeRate),
  ]
  /// Shares at each of two ends, between which something has to be left.
  private static let tails: [(String, KeyPath<MotionDetectorSettings, Double> & Sendable)] = [
    ("tail", \.tail), ("large_tail", \.largeTail),
  ]
  /// Times, lengths, speeds and grey levels, which may be as large as anyone likes but not negative.
  private static let amounts: [(String, KeyPath<MotionDetectorSettings, Double> & Sendable)] = [
    ("memory", \.memory), ("least_difference", \.leastDifference), ("edge_tolerance", \.edgeTolerance),
    ("comparison_time", \.comparisonTime), ("changed_distance", \.changedDistance), ("least_speed", \.leastSpeed),
    ("velocity_spread", \.velocitySpread), ("objects.apprenticeship", \.objects.apprenticeship),
    ("objects.patience", \.objects.patience), ("objects.whole_patience", \.objects.wholePatience),
  ]
  /// Elements in pixels.
  private static let elements: [(String, KeyPath<MotionDetectorSettings, Int> & Sendable)] = [
    ("large_gap", \.largeGap), ("small_gap", \.smallGap), ("standing_gap", \.standingGap),
  ]

  /// Checks that each value is one that the detector can work with; 0.001 is the least amount, so that nothing is divided by 0.
  ///
  /// - Throws: `TrackSettingError` with the name as it stands in files.
  func check() throws(TrackSettingError) {
    for (name, path) in Self.shares { try check(self[keyPath: path], name, in: 0...1) }
    for (name, path) in Self.tails { try check(self[keyPath: path], name, in: 0...0.49) }
    for (name, path) in Self.amounts { try check(self[keyPath: path], name, in: 0.001...1e6) }
    for (name, path) in Self.elements {
      let size = self[keyPath: path]
      guard (1...63).contains(size), size % 2 == 1 else {
        throw TrackSettingError(
          setting: "detector.\(name)", problem: "\(size) pixels are no element: give an odd number from 1 to 63")
      }
    }
    guard leastArea < greatestArea else {
      throw TrackSettingError(
        setting: "detector.least_area", problem: "\(leastArea) leaves no object: give less than greatest_area, \(greatestArea)")
    }
    try check(workingPixels, "working_pixels", in: 1_024...16_777_216)
  }

  private func check<Number: Comparable>(_ value: Number, _ name: String, in range: ClosedRange<Number>) throws(TrackSettingError) {
    // A NaN compares false with both ends and so is refused too.
    guard value >= range.lowerBound, value <= range.upperBound else {
      throw TrackSettingError(
        setting: "detector.\(name)", problem: "\(value) is out of range: give \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
