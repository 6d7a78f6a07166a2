/// Which disparities the right picture agrees with.
struct DisparityCheck {
  enum Finding: UInt8 {
    case agrees
    /// Another disparity would have agreed: a wrong match.
    case mismatch
    /// None would: the place is hidden in the right picture.
    case hidden
  }

  let findings: [Finding]

  /// The two sides may differ by as much, in pixels.
  private static let tolerance: Int32 = 1

  /// Compares the disparities of both sides (H. Hirschmüller, 2008, section 2.5).
  init(left: [Int32], right: [Int32], width: Int, disparities: Int) {
    findings = left.indices.map { index in
      let x = index % width
      let d = Int(left[index])
      if x - d >= 0, abs(right[index - d] - left[index]) <= Self.tolerance { return .agrees }
      for other in 0..<min(disparities, x + 1) where right[index - other] == Int32(other) { return .mismatch }
      return .hidden
    }
  }
}
