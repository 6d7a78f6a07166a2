extension TrackerSettings {
  /// The defaults for boxes that are followed on the ground, seen from above: metres for pixels.
  ///
  /// What is a share of the object's own size stays; the errors in pixels are metres here; a vehicle's length and width do not change, so
  /// what a detector says of them is mostly its error; and what drives keeps its velocity better than its picture does. Chosen on KITTI's
  /// sequences 0000, 0002, 0004, 0005, 0007 and 0009 (Benchmarks/README.md, "On the ground").
  public static var onGround: TrackerSettings {
    var settings = TrackerSettings()
    settings.centerAcceleration = 0.5
    settings.velocityFading = 30
    settings.pixelError = 0.1
    settings.registrationError = 0.015
    settings.findsCommonShift = false
    settings.sideError = 0.08
    settings.sizeAcceleration = 0.03
    settings.initialSizeRate = 0.02
    settings.angleError = 0.07
    settings.formAcceleration = 0.6
    settings.birthProbability = 0.06
    settings.neutralScore = 0.7
    return settings
  }
}
