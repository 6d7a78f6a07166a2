/// How a row's numbers are written.
enum NumberStyle {
  /// With the shortest digits that read back to the same value.
  case exact
  /// As while tracking, where digits beyond the measurement's are noise.
  case rounded

  /// Digits after the point of positions in pixels and of probabilities.
  static let positionDecimals = 3
  static let scoreDecimals = 4
}
