import Geometry
import Imaging

/// Lays a frame onto the background by comparing grey values directly, from a first guess of the camera's motion.
///
/// Inverse compositional alignment (Baker and Matthews, "Lucas-Kanade 20 Years On", IJCV 2004) of a homography with gain and offset, by
/// iteratively reweighted least squares under Tukey's weights: objects that move by themselves drop out. It reaches a few pixels and,
/// as it compares with the background itself, does not drift.
struct PictureRegistration {
  struct Result {
    /// Maps points of the frame to points of the background, both in working pixels.
    var backgroundFromFrame: Homography
    /// The robust deviation of the grey values that remains.
    var deviation: Double
    /// The share of the compared points that agree, 0 where there was too little to compare.
    var agreement: Double
  }

  /// The side of the cells of which each gives its strongest gradient.
  private static let cell = 6
  private static let border = 4
  private static let leastPoints = 50
  private static let leastGradient: Float = 2
  private static let iterations = 6
  /// An update that moves no corner of the picture further than this ends the iterations, in pixels.
  private static let smallStep = 0.03

  /// One compared point of the frame: place (relative to the middle, in widths), grey value, and its ten derivatives.
  private struct Sample {
    var x: Float
    var y: Float
    var value: Float
    var derivatives: SIMD16<Float>
  }

  private var samples: [Sample] = []
  private var residuals: [Float] = []
  private var counter = QuantileCounter(limit: 64, bins: 512)

  /// - Parameters:
  ///   - background: Grey values, one a pixel, of the frame's size.
  ///   - guess: Maps points of the frame to points of the background.
  mutating func align(_ background: [Float], to frame: Image, guess: Homography) -> Result {
    let (width, height) = (frame.width, frame.height)
    collect(frame)
    let failed = Result(backgroundFromFrame: guess, deviation: 3, agreement: 0)
    guard samples.count >= Self.leastPoints else { return failed }
    residuals = [Float](repeating: 0, count: samples.count)
    let w = Double(width)
    let normal = Homography.scaling(1 / w, 1 / w) * Homography.translation(Point(-w / 2, -Double(height) / 2))
    let pixels = Homography.translation(Point(w / 2, Double(height) / 2)) * Homography.scaling(w, w)
    var map = normal * guess * pixels
    var gain: Float = 1
    var offset: Float = 0
    var result = failed
    for iteration in 0..<Self.iterations {
      let toPixels = pixels * map
      let inside = compare(background, width, height, PixelMap(toPixels), gain, offset)
      guard inside >= Self.leastPoints else { return failed }
      result.deviation = max(1.5, 1.4826 * counter.quantile(0.5))
      let limit = Float(result.deviation) * (iteration < 2 ? 8 : 4.7)
      guard let step = solve(limit: limit, agreement: &result.agreement, inside: inside) else { break }
      // Parameters are in pixels over the picture's width.
      let p = step.map { $0 / w }
      let change = Homography(1 + p[0], p[1], p[2], p[3], 1 + p[4], p[5], p[6], p[7], 1)
      guard let inverse = change.inverse else { return failed }
      map = map * inverse
      gain += Float(step[8] / 16)
      offset += Float(step[9] * 4)
      if step[..<8].allSatisfy({ abs($0) < Self.smallStep }) { break }
    }
    result.backgroundFromFrame = pixels * map * normal
    return result.backgroundFromFrame.isFinite ? result : failed
  }

  /// Takes from each cell of the frame the pixel with the strongest gradient.
  private mutating func collect(_ frame: Image) {
    samples.removeAll(keepingCapacity: true)
    let (width, height, cell, border) = (frame.width, frame.height, Self.cell, Self.border)
    guard width > 2 * border + cell, height > 2 * border + cell else { return }
    frame.pixels.withUnsafeBufferPointer { pixels in
      // Places stay `border` pixels inside the picture, so the neighbours exist.
      for top in stride(from: border, through: height - border - cell, by: cell) {
        for left in stride(from: border, through: width - border - cell, by: cell) {
          addStrongest(pixels, width: width, height: height, left: left, top: top)
        }
      }
    }
  }

  private mutating func addStrongest(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, left: Int, top: Int
  ) {
    var strongest: Int32 = -1
    var place = 0
    for y in top..<top + Self.cell {
      for index in y * width + left..<y * width + left + Self.cell {
        let gx = Int32(pixels[index + 1]) - Int32(pixels[index - 1])
        let gy = Int32(pixels[index + width]) - Int32(pixels[index - width])
        let strength = gx * gx + gy * gy
        if strength > strongest {
          strongest = strength
          place = index
        }
      }
    }
    let gx = Float(Self.slope(pixels, place, step: 1, across: width)) / 8
    let gy = Float(Self.slope(pixels, place, step: width, across: 1)) / 8
    guard gx * gx + gy * gy > Self.leastGradient * Self.leastGradient else { return }
    let x = (Float(place % width) + 0.5) / Float(width) - 0.5
    let y = (Float(place / width) + 0.5 - Float(height) / 2) / Float(width)
    let radial = gx * x + gy * y
    let value = Float(pixels[place])
    samples.append(
      Sample(
        x: x, y: y, value: value,
        derivatives: SIMD16(
          gx * x, gx * y, gx, gy * x, gy * y, gy, -radial * x, -radial * y, (value - 128) / 16, 4, 0, 0, 0, 0, 0, 0)))
  }

  /// Eight times the derivative by Sobel's operator.
  private static func slope(_ pixels: UnsafeBufferPointer<UInt8>, _ index: Int, step: Int, across: Int) -> Int {
    func difference(_ i: Int) -> Int { Int(pixels[i + step]) - Int(pixels[i - step]) }
    return difference(index - across) + 2 * difference(index) + difference(index + across)
  }

  /// Writes the background's excess over the frame at each point, NaN outside, and counts the sizes; the number inside.
  private mutating func compare(
    _ background: [Float], _ width: Int, _ height: Int, _ map: PixelMap, _ gain: Float, _ offset: Float
  ) -> Int {
    counter.removeAll()
    background.withUnsafeBufferPointer { plane in
      for i in samples.indices {
        let sample = samples[i]
        let place = map.apply(sample.x, sample.y)
        guard place.x > 1, place.y > 1, place.x < Float(width - 1), place.y < Float(height - 1),
          let neighbours = BilinearSample(x: place.x, y: place.y, width: width, height: height)
        else {
          residuals[i] = .nan
          continue
        }
        let excess = neighbours.value(of: plane) - ((sample.value - 128) * gain + 128 + offset)
        residuals[i] = excess
        counter.add(abs(excess))
      }
    }
    return counter.total
  }

  /// The ten parameters of one step of weighted least squares; nil where the equations are singular.
  private func solve(limit: Float, agreement: inout Double, inside: Int) -> [Double]? {
    var rows = [SIMD16<Float>](repeating: .zero, count: 10)
    var right = SIMD16<Float>.zero
    var agreeing = 0
    for (sample, residual) in zip(samples, residuals) {
      let ratio = residual / limit
      // False for NaN as well.
      guard ratio * ratio < 1 else { continue }
      let root = 1 - ratio * ratio
      let weight = root * root
      if weight > 0.3 { agreeing += 1 }
      let weighted = sample.derivatives * weight
      right += weighted * residual
      for k in 0..<10 { rows[k] += weighted * sample.derivatives[k] }
    }
    agreement = Double(agreeing) / Double(inside)
    return Self.solve(rows, right)
  }

  /// Cholesky's method on the 10×10 equations, slightly damped.
  private static func solve(_ rows: [SIMD16<Float>], _ right: SIMD16<Float>) -> [Double]? {
    let n = 10
    var lower = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = Double(rows[i][j]) * (i == j ? 1.0001 : 1) + (i == j ? 1e-3 : 0)
        for k in 0..<j { sum -= lower[i * n + k] * lower[j * n + k] }
        if i == j {
          guard sum > 1e-9 else { return nil }
          lower[i * n + i] = sum.squareRoot()
        } else {
          lower[i * n + j] = sum / lower[j * n + j]
        }
      }
    }
    var x = (0..<n).map { Double(right[$0]) }
    for i in 0..<n {
      for k in 0..<i { x[i] -= lower[i * n + k] * x[k] }
      x[i] /= lower[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<n { x[i] -= lower[k * n + i] * x[k] }
      x[i] /= lower[i * n + i]
    }
    return x
  }
}
