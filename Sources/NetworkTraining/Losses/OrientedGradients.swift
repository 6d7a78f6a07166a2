internal import Foundation

/// Histograms of oriented gradients, the targets of masked feature prediction (Wei et al. 2022, "MaskFeat"; Dalal and Triggs 2005).
public enum OrientedGradients {
  /// Bins of the angle over half a turn.
  public static let bins = 9
  /// Pixels along the sides of a cell.
  public static let cell = 8

  /// One channel's histograms, cell after cell by rows, nine numbers each, of norm one, or zeros in a flat cell.
  ///
  /// gx = I(x + 1) − I(x − 1) and gy likewise, the picture reflected about its border pixels; angle atan2(gy, gx) modulo π, magnitudes summed
  /// into bin ⌊9 angle/π⌋ without interpolation. Sobel's weights or a window give other targets.
  ///
  /// - Parameter pixels: Rows of a picture whose sides are multiples of 8.
  public static func histograms(_ pixels: [Float], width: Int, height: Int) throws -> [Float] {
    guard width > 0, height > 0, width % cell == 0, height % cell == 0, pixels.count == width * height else {
      throw TrainingError(
        "Histograms of \(width)×\(height) pixels cannot be made of \(pixels.count) numbers; sides must be multiples of 8.")
    }
    let columns = width / cell
    var sums = [Float](repeating: 0, count: columns * (height / cell) * bins)
    for y in 0..<height {
      for x in 0..<width {
        let across = at(pixels, width, height, x + 1, y) - at(pixels, width, height, x - 1, y)
        let down = at(pixels, width, height, x, y + 1) - at(pixels, width, height, x, y - 1)
        let place = y / cell * columns + x / cell
        sums[place * bins + bin(across, down)] += (across * across + down * down).squareRoot()
      }
    }
    return normalized(sums)
  }

  private static func at(_ pixels: [Float], _ width: Int, _ height: Int, _ x: Int, _ y: Int) -> Float {
    func reflected(_ place: Int, _ size: Int) -> Int { place < 0 ? -place : place >= size ? 2 * size - 2 - place : place }
    return pixels[reflected(y, height) * width + reflected(x, width)]
  }

  private static func bin(_ across: Float, _ down: Float) -> Int {
    var angle = atan2(down, across)
    if angle < 0 { angle += .pi }
    guard angle.isFinite else { return 0 }
    // Bounded: the angle lies in [0, π]; π itself is the same axis as 0.
    let place = Int(Float(bins) * angle / .pi)
    return place >= bins ? 0 : place
  }

  private static func normalized(_ sums: [Float]) -> [Float] {
    stride(from: 0, to: sums.count, by: bins).flatMap { start -> [Float] in
      let cell = sums[start..<start + bins]
      let norm = max(1e-12, cell.reduce(0) { $0 + $1 * $1 }.squareRoot())
      return cell.map { $0 / norm }
    }
  }

  /// The targets of square patches: for each patch, by rows, the histograms of its cells for one channel after the other.
  ///
  /// - Parameters:
  ///   - planes: One channel's pixels after the other's.
  ///   - patch: Pixels along a patch's side, a multiple of 8; 16 with three channels gives 108 numbers a patch.
  public static func targets(_ planes: [Float], channels: Int, width: Int, height: Int, patch: Int = 16) throws -> [Float] {
    guard patch > 0, patch % cell == 0, channels > 0, width % patch == 0, height % patch == 0,
      planes.count == channels * width * height
    else {
      throw TrainingError(
        "A picture of \(width)×\(height) pixels cannot be cut into patches of \(patch); choose a multiple of 8 that divides both.")
    }
    let maps = try (0..<channels).map { channel in
      try histograms(Array(planes[channel * width * height..<(channel + 1) * width * height]), width: width, height: height)
    }
    let (side, columns) = (patch / cell, width / cell)
    var targets: [Float] = []
    for row in 0..<height / patch {
      for column in 0..<width / patch {
        for map in maps {
          for inner in 0..<side * side {
            let place = (row * side + inner / side) * columns + column * side + inner % side
            targets += map[place * bins..<(place + 1) * bins]
          }
        }
      }
    }
    return targets
  }
}
