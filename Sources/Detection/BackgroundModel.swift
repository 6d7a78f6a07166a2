import Geometry
import Imaging

/// What each pixel looks like without objects: two Gaussians a pixel, of which the older one is believed.
///
/// After Yi et al., "Detection of Moving Objects with Non-stationary Cameras in 5.8 ms", CVPR workshops 2013: the *apparent* model A is the
/// background, the *candidate* C takes what does not fit it and replaces it when it has become older. Different from there, models are
/// kept for pixels rather than blocks (small objects keep their shape), and what shows an object teaches slowly.
struct BackgroundModel {
  let width: Int
  let height: Int

  /// Lanes: mean, variance, age of A; mean, variance, age of C; two unused. Ages are in frames.
  private typealias Pixel = SIMD8<Float>
  private var models: [SIMD8<Float>]
  private var spare: [SIMD8<Float>]

  private static let newVariance: Float = 100

  /// Takes a first frame (grey) for the background.
  init(_ frame: Image) {
    width = frame.width
    height = frame.height
    models = frame.pixels.map { value in
      SIMD8(Float(value), Self.newVariance, 1, Float(value), Self.newVariance, 0, 0, 0)
    }
    spare = models
  }

  /// The background's grey values.
  func mean(into plane: inout [Float]) {
    if plane.count != models.count { plane = [Float](repeating: 0, count: models.count) }
    for i in models.indices { plane[i] = models[i][0] }
  }

  /// The background's grey values as a picture.
  func meanPicture(into picture: inout Image) {
    for i in models.indices { picture.pixels[i] = UInt8(max(0, min(255, models[i][0].rounded()))) }
  }

  func age(at index: Int) -> Float { models[index][2] }

  /// Moves the background with the camera: each pixel takes the model of the place that the map names.
  ///
  /// Places outside were never seen: their age is 0.
  mutating func move(backgroundFromFrame: Homography) {
    let map = PixelMap(backgroundFromFrame)
    let (width, height) = (width, height)
    models.withUnsafeBufferPointer { old in
      spare.withUnsafeMutableBufferPointer { new in
        // Both buffers hold width × height models; samples are clamped to that size.
        for y in 0..<height {
          for x in 0..<width {
            let place = map.apply(Float(x) + 0.5, Float(y) + 0.5)
            if let neighbours = BilinearSample(x: place.x, y: place.y, width: width, height: height) {
              new[y * width + x] = neighbours.value(of: old)
            } else {
              new[y * width + x] = SIMD8(0, Self.newVariance, 0, 0, Self.newVariance, 0, 0, 0)
            }
          }
        }
      }
    }
    swap(&models, &spare)
  }

  /// Follows a change of exposure.
  mutating func brighten(by gain: Float) {
    let factor = SIMD8<Float>(gain, 1, 1, gain, 1, 1, 1, 1)
    for i in models.indices { models[i] *= factor }
  }

  /// How much brighter a frame is than the background: the median of the ratios, 1 where too little can be compared.
  func gain(of frame: Image) -> Float {
    var counter = QuantileCounter(limit: 4, bins: 2048)
    for i in stride(from: 0, to: models.count, by: 13) where models[i][2] > 2 {
      let value = Float(frame.pixels[i])
      if models[i][0] > 16, value > 16 { counter.add(value / models[i][0]) }
    }
    guard counter.total > 200 else { return 1 }
    return Float(max(0.5, min(2, counter.quantile(0.5))))
  }

  /// How a frame teaches the background.
  struct Learning {
    /// Frames after which the oldest models weigh no more.
    var greatestAge: Float
    var leastVariance: Float
    /// The rate at which pixels under objects teach.
    var rateUnderObjects: Float
  }

  /// Learns from a frame.
  ///
  /// - Parameters:
  ///   - objects: 0 where the frame shows the background.
  ///   - uncovered: Not 0 where an object has left its trace in the background: the frame is right there.
  mutating func learn(_ frame: Image, objects: Image, uncovered: [Bool], _ learning: Learning) {
    let count = models.count
    precondition(frame.pixels.count == count && objects.pixels.count == count && uncovered.count == count)
    models.withUnsafeMutableBufferPointer { models in
      frame.pixels.withUnsafeBufferPointer { frame in
        objects.pixels.withUnsafeBufferPointer { objects in
          // All buffers hold `count` values, checked above.
          for i in 0..<count {
            let value = Float(frame[i])
            if uncovered[i] {
              models[i] = SIMD8(value, Self.newVariance, 3, value, Self.newVariance, 0, 0, 0)
            } else {
              Self.learn(&models[i], value, isObject: objects[i] != 0, learning)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func learn(_ m: inout SIMD8<Float>, _ value: Float, isObject: Bool, _ learning: Learning) {
    if m[5] > m[2] {
      m = SIMD8(m[3], m[4], m[5], m[0], m[1], 0, 0, 0)
    }
    let fromApparent = value - m[0]
    let fromCandidate = value - m[3]
    if m[2] < 1 || fromApparent * fromApparent < max(4 * m[1], 64) {
      let rate = (isObject ? learning.rateUnderObjects : 1) / (m[2] + 1)
      m[0] += rate * fromApparent
      let rest = value - m[0]
      m[1] = max(learning.leastVariance, m[1] + rate * (rest * rest - m[1]))
      m[2] = min(learning.greatestAge, m[2] + 1)
    } else if fromCandidate * fromCandidate < max(4 * m[4], 64) {
      let rate = 1 / (m[5] + 1)
      m[3] += rate * fromCandidate
      let rest = value - m[3]
      m[4] = max(learning.leastVariance, m[4] + rate * (rest * rest - m[4]))
      m[5] = min(learning.greatestAge, m[5] + (isObject ? learning.rateUnderObjects * 1.7 : 1))
    } else {
      m[3] = value
      m[4] = newVariance
      m[5] = 0.5
    }
  }
}
