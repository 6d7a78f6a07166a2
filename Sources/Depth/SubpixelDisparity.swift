/// Disparities between whole pixels, then the median of nine.
///
/// Absolute differences and counted bits rise in proportion to the distance from the match, so the costs beside it lie on two lines of opposite
/// slopes: the match is where these meet (M. Shimizu and M. Okutomi, 2001, equiangular lines). A parabola would pull it to whole pixels.
enum SubpixelDisparity {
  static func refined(_ values: [Int32], _ volume: CostVolume) -> [Float] {
    let refined = values.indices.map { index -> Float in
      let d = Int(values[index])
      guard d > 0, d < volume.disparities - 1 else { return Float(d) }
      let start = index * volume.disparities + d
      let (before, here, after) = (volume.values[start - 1], volume.values[start], volume.values[start + 1])
      let rise = max(before, after) - here
      // A filled disparity lies at no minimum of its own costs.
      guard here <= before, here <= after, rise > 1e-6 else { return Float(d) }
      return Float(d) + (before - after) / (2 * rise)
    }
    return median(refined, volume.width, volume.height)
  }

  /// The median of 3 × 3 values; the border stays.
  private static func median(_ values: [Float], _ width: Int, _ height: Int) -> [Float] {
    var result = values
    guard width > 2, height > 2 else { return result }
    var window = [Float](repeating: 0, count: 9)
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        for k in 0..<9 { window[k] = values[(y + k / 3 - 1) * width + x + k % 3 - 1] }
        window.sort()
        result[y * width + x] = window[4]
      }
    }
    return result
  }
}
