import Geometry

/// Decides whether a frame begins another scene: it must look different, nothing of the old frame may be found in it, and no translation may
/// explain it (`camera.md` section 10).
///
/// A flash is not a cut: what it leaves of the picture still fits, or it leaves nothing that a scene could be recognised by.
struct SceneChange {
  /// A frame that differs this much, in grey levels, is another picture.
  private static let strongDifference = 27.0
  /// So does one that differs this much, if it is several times what the frames before differed by.
  private static let weakDifference = 12.0
  private static let weakRatio = 3.0
  /// Even a strong difference must stand out somewhat, else it is a fast pan.
  private static let strongRatio = 1.5
  private static let greatestSurvival = 0.2
  private static let greatestResponse = 0.05

  /// The last two differences within this scene.
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
    if history.count > 2 { history.removeFirst() }
  }

  mutating func reset() {
    history.removeAll()
  }
}
