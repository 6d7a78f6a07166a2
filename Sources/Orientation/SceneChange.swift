import Geometry

/// Decides whether a frame begins another scene: it must look different, nothing of the old frame may be found in it, and no translation may
/// explain it (docs/camera-motion.md, "Cuts").
///
/// A flash is not a cut: what it leaves of the picture still fits, or it leaves nothing that a scene could be recognised by.
struct SceneChange: Codable {
  /// A frame that differs this much, in grey levels, is another picture (the default of PySceneDetect's ContentDetector).
  private static let strongDifference = 27.0
  /// So does one that differs this much, if it is several times what the frames before differed by (its AdaptiveDetector asks for 15;
  /// 12 was chosen by hand, as the two tests below stand beside it).
  private static let weakDifference = 12.0
  /// The several times (the default of its AdaptiveDetector).
  private static let weakRatio = 3.0
  /// Even a strong difference must stand out somewhat, else it is a fast pan. Chosen by hand.
  private static let strongRatio = 1.5
  /// A greater share of followed corners that come back belongs to the same scene. Chosen by hand.
  private static let greatestSurvival = 0.2
  /// A greater peak of the phase correlation does too: unrelated pictures give about 0. Chosen by hand.
  private static let greatestResponse = 0.05
  /// Differences that are remembered.
  private static let memory = 2

  /// The last differences within this scene.
  private var history: [Double] = []

  /// Whether the difference alone speaks for a cut.
  func isConspicuous(_ difference: Double) -> Bool {
    let usual = history.isEmpty ? 0 : history.reduce(0, +) / Double(history.count)
    return (difference >= SceneChange.strongDifference && difference >= SceneChange.strongRatio * usual)
      || (difference >= SceneChange.weakDifference && difference >= SceneChange.weakRatio * usual)
  }

  /// - Parameters:
  ///   - difference: Mean absolute, to the reference, in grey levels.
  ///   - survival: The share of the followed points that came back.
  ///   - response: The peak of the phase correlation.
  func isCut(difference: Double, survival: Double, response: Double) -> Bool {
    isConspicuous(difference) && survival < SceneChange.greatestSurvival && response < SceneChange.greatestResponse
  }

  /// Remembers a frame that belongs to the scene.
  mutating func record(_ difference: Double) {
    history.append(difference)
    if history.count > SceneChange.memory { history.removeFirst() }
  }

  mutating func reset() {
    history.removeAll()
  }
}
