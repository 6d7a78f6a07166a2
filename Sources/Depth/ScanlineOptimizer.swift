import Imaging

/// Smooth disparities along lines of four directions: semi-global matching (H. Hirschmüller, 2008) with the penalties of Mei et al. (2011), section 3.3.
struct ScanlineOptimizer {
  /// What a change of the disparity by one costs, and by more.
  private static let smallStep: Float = 1.0
  private static let largeStep: Float = 3.0
  /// A difference of a channel between neighbours that tells an edge, in grey levels; the penalties at an edge of one picture and of both.
  private static let edge = 15
  private static let oneEdge: Float = 1.0 / 4
  private static let bothEdges: Float = 1.0 / 10

  let left: Image
  /// nil where disparities are no shifts along the row: then edges are the left picture's alone.
  let right: Image?

  /// The mean of the costs along the four directions.
  func optimized(_ volume: CostVolume) -> CostVolume {
    var sum = CostVolume(width: volume.width, height: volume.height, disparities: volume.disparities)
    let (width, height) = (volume.width, volume.height)
    for y in 0..<height {
      add(volume, &sum, first: y * width, step: 1, length: width)
      add(volume, &sum, first: y * width + width - 1, step: -1, length: width)
    }
    for x in 0..<width {
      add(volume, &sum, first: x, step: width, length: height)
      add(volume, &sum, first: (height - 1) * width + x, step: -width, length: height)
    }
    for index in sum.values.indices { sum.values[index] *= 0.25 }
    return sum
  }

  /// Adds the costs of the best paths that come along one line.
  private func add(_ volume: CostVolume, _ sum: inout CostVolume, first: Int, step: Int, length: Int) {
    let disparities = volume.disparities
    // The path's costs with an infinite one on either side, so that no disparity has fewer neighbours.
    var path = [Float](repeating: .infinity, count: disparities + 2)
    var next = path
    volume.values.withUnsafeBufferPointer { costs in
      sum.values.withUnsafeMutableBufferPointer { sums in
        // The line lies within the volume: first + place · step for place in 0..<length.
        var least: Float = 0
        for place in 0..<length {
          let pixel = first + place * step
          let start = pixel * disparities
          if place == 0 {
            for d in 0..<disparities { next[d + 1] = costs[start + d] }
          } else {
            advance(costs, start, path, &next, least, pixel: pixel, before: pixel - step)
          }
          least = .infinity
          for d in 0..<disparities {
            let cost = next[d + 1]
            sums[start + d] += cost
            least = min(least, cost)
          }
          swap(&path, &next)
        }
      }
    }
  }

  @inline(__always)
  private func advance(
    _ costs: UnsafeBufferPointer<Float>, _ start: Int, _ path: [Float], _ next: inout [Float], _ least: Float, pixel: Int,
    before: Int
  ) {
    let disparities = path.count - 2
    let isEdge = CrossSupport.colorDistance(left, pixel, before) >= Self.edge
    let row = pixel / left.width * left.width
    let rowBefore = before / left.width * left.width
    path.withUnsafeBufferPointer { path in
      next.withUnsafeMutableBufferPointer { next in
        for d in 0..<disparities {
          var isOtherEdge = isEdge
          if let right {
            // In the right picture both pixels lie d further to the left, at least in column 0.
            isOtherEdge =
              CrossSupport.colorDistance(right, max(row, pixel - d), max(rowBefore, before - d)) >= Self.edge
          }
          let share: Float = isEdge ? (isOtherEdge ? Self.bothEdges : Self.oneEdge) : (isOtherEdge ? Self.oneEdge : 1)
          let near = min(path[d], path[d + 2]) + Self.smallStep * share
          let best = min(path[d + 1], near, least + Self.largeStep * share)
          next[d + 1] = costs[start + d] + best - least
        }
      }
    }
  }
}
