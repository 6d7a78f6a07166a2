/// What each disparity costs at each pixel: `disparities` numbers a pixel, row by row.
struct CostVolume {
  let width: Int
  let height: Int
  let disparities: Int
  var values: [Float]

  init(width: Int, height: Int, disparities: Int) {
    self.width = width
    self.height = height
    self.disparities = disparities
    values = [Float](repeating: 0, count: width * height * disparities)
  }

  /// Where a pixel's numbers begin.
  @inline(__always)
  func start(_ x: Int, _ y: Int) -> Int { (y * width + x) * disparities }

  /// The cheapest disparity of each pixel of the left picture, the smaller of equal ones.
  func cheapest() -> [Int32] {
    (0..<width * height).map { pixel in
      var best = pixel * disparities
      for index in best..<(pixel + 1) * disparities where values[index] < values[best] { best = index }
      return Int32(best - pixel * disparities)
    }
  }

  /// The same for the right picture, whose pixel x has the costs of the left one's pixel x + d.
  func cheapestOnTheRight() -> [Int32] {
    var result = [Int32](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        var best = Float.infinity
        for d in 0..<min(disparities, width - x) {
          let cost = values[start(x + d, y) + d]
          if cost < best {
            best = cost
            result[y * width + x] = Int32(d)
          }
        }
      }
    }
    return result
  }
}
