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

  /// The side, in pixels, of the cells of which each gives its strongest gradient. Chosen: some 2,000 points of 76,800 pixels.
  private static let cell = 6
  /// So many pixels along the border are not compared: warping spoils them.
  private static let border = 4
  /// Five for each of the ten parameters.
  private static let leastPoints = 50
  /// Flatter pixels, in grey levels per pixel, say nothing about a shift.
  private static let leastGradient: Float = 2
  /// The guess is good to a pixel or two, and each round halves what is left at least.
  private static let iterations = 6
  /// An update that moves no corner of the picture further than this ends the iterations, in pixels.
  private static let smallStep = 0.03
  /// The deviation of normal errors for the median of their sizes: 1 / Φ⁻¹(3/4).
  static let deviationOfMedian = 1.4826
  /// Grey values are never surer than this, in levels: rounding and a sensor's noise. Chosen.
  private static let leastDeviation = 1.5
  /// What is reported without a comparison, in levels: twice the least.
  private static let unknownDeviation = 3.0
  /// Tukey's limit for 95 % efficiency on normal errors, in deviations (Beaton and Tukey, 1974: 4.685).
  private static let tukeyLimit: Float = 4.7
  /// A wider limit for the first rounds, in which the ground itself is still off.
  private static let wideLimit: Float = 8
  private static let wideRounds = 2
  /// A point agrees whose weight is above this: within 0.67 of the limit.
  private static let agreeingWeight: Float = 0.3
  /// The eight parameters of the homography, then gain and offset.
  private static let parameterCount = 10
  /// The unit of the gain's step in terms of the others', so that the equations are well conditioned: steps of 16 levels from the
  /// middle grey.
  private static let gainUnit: Float = 16
  /// The unit of the offset's step, in levels.
  private static let offsetUnit: Float = 4
  /// Gain turns about this level, which it leaves where it is.
  private static let middleGrey: Float = 128
  /// What the equations' diagonal is raised by, as a share of it and in all, so that a plain picture does not make them singular.
  private static let damping = (share: 1.0001, floor: 1e-3)
  /// A smaller pivot is that of singular equations.
  private static let leastPivot = 1e-9

  /// One compared point of the frame: place (relative to the middle, in widths), grey value, and its ten derivatives.
  private struct Sample {
    var x: Float
    var y: Float
    var value: Float
    /// The change of the grey value with each parameter, in their order; the last six are 0.
    var derivatives: SIMD16<Float>

    /// - Parameters:
    ///   - slopeX: Of the picture along x, in grey levels per pixel.
    ///   - slopeY: Likewise along y.
    init(x: Float, y: Float, value: Float, slopeX: Float, slopeY: Float) {
      (self.x, self.y, self.value) = (x, y, value)
      let radial = slopeX * x + slopeY * y
      derivatives = .zero
      derivatives.lowHalf = SIMD8(
        slopeX * x, slopeX * y, slopeX, slopeY * x, slopeY * y, slopeY, -radial * x, -radial * y)
      derivatives[8] = (value - middleGrey) / gainUnit
      derivatives[9] = offsetUnit
    }
  }

  /// One step of the parameters.
  private struct Step {
    /// h₁₁ … h₃₂ of the change less the identity, in pixels over the picture's width.
    let homography: [Double]
    let gain: Float
    let offset: Float

    /// - Parameter solution: The ten unknowns of the equations.
    init(_ solution: [Double]) {
      homography = Array(solution[..<8])
      gain = Float(solution[8] / Double(gainUnit))
      offset = Float(solution[9] * Double(offsetUnit))
    }
  }

  private var samples: [Sample] = []
  private var residuals: [Float] = []
  /// Differences are counted up to 64 levels, in steps of an eighth.
  private var counter = QuantileCounter(limit: 64, bins: 512)

  /// - Parameters:
  ///   - background: Grey values, one a pixel, of the frame's size.
  ///   - guess: Maps points of the frame to points of the background.
  /// - Returns: The guess with an agreement of 0 where there is too little to compare.
  mutating func align(_ background: [Float], to frame: Image, guess: Homography) -> Result {
    let (width, height) = (frame.width, frame.height)
    collect(frame)
    let failed = Result(backgroundFromFrame: guess, deviation: Self.unknownDeviation, agreement: 0)
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
      result.deviation = max(Self.leastDeviation, Self.deviationOfMedian * counter.quantile(0.5))
      let limit = Float(result.deviation) * (iteration < Self.wideRounds ? Self.wideLimit : Self.tukeyLimit)
      guard let step = solve(limit: limit, agreement: &result.agreement, inside: inside) else { break }
      // Parameters are in pixels over the picture's width.
      let p = step.homography.map { $0 / w }
      let change = Homography(1 + p[0], p[1], p[2], p[3], 1 + p[4], p[5], p[6], p[7], 1)
      guard let inverse = change.inverse else { return failed }
      map = map * inverse
      gain += step.gain
      offset += step.offset
      if step.homography.allSatisfy({ abs($0) < Self.smallStep }) { break }
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
    PixelGrid(width: width, height: height).forEachPixel(columns: left..<left + Self.cell, rows: top..<top + Self.cell) {
      _, _, index in
      let gx = Int32(pixels[index + 1]) - Int32(pixels[index - 1])
      let gy = Int32(pixels[index + width]) - Int32(pixels[index - width])
      let strength = gx * gx + gy * gy
      if strength > strongest {
        strongest = strength
        place = index
      }
    }
    let gx = Float(Self.slope(pixels, place, step: 1, across: width)) / Self.sobelSum
    let gy = Float(Self.slope(pixels, place, step: width, across: 1)) / Self.sobelSum
    guard gx * gx + gy * gy > Self.leastGradient * Self.leastGradient else { return }
    let x = (Float(place % width) + 0.5) / Float(width) - 0.5
    let y = (Float(place / width) + 0.5 - Float(height) / 2) / Float(width)
    samples.append(Sample(x: x, y: y, value: Float(pixels[place]), slopeX: gx, slopeY: gy))
  }

  /// The weights of Sobel's operator, 1 2 1, over two pixels.
  private static let sobelSum: Float = 8

  /// `sobelSum` times the derivative by Sobel's operator.
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
        let excess = neighbours.value(of: plane) - ((sample.value - Self.middleGrey) * gain + Self.middleGrey + offset)
        residuals[i] = excess
        counter.add(abs(excess))
      }
    }
    return counter.total
  }

  /// The parameters of one step of weighted least squares; nil where the equations are singular.
  private func solve(limit: Float, agreement: inout Double, inside: Int) -> Step? {
    var rows = [SIMD16<Float>](repeating: .zero, count: Self.parameterCount)
    var right = SIMD16<Float>.zero
    var agreeing = 0
    for (sample, residual) in zip(samples, residuals) {
      let ratio = residual / limit
      // False for NaN as well.
      guard ratio * ratio < 1 else { continue }
      let root = 1 - ratio * ratio
      let weight = root * root
      if weight > Self.agreeingWeight { agreeing += 1 }
      let weighted = sample.derivatives * weight
      right += weighted * residual
      for k in rows.indices { rows[k] += weighted * sample.derivatives[k] }
    }
    agreement = Double(agreeing) / Double(inside)
    return Self.solve(rows, right).map(Step.init)
  }

  /// Cholesky's method on the 10×10 equations, slightly damped.
  private static func solve(_ rows: [SIMD16<Float>], _ right: SIMD16<Float>) -> [Double]? {
    let n = parameterCount
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i { matrix[i * n + j] = Double(rows[i][j]) * (i == j ? damping.share : 1) + (i == j ? damping.floor : 0) }
    }
    return CholeskyFactor(matrix, size: n) { _ in leastPivot }?.solve((0..<n).map { Double(right[$0]) })
  }
}
