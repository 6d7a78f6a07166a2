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
    render()
  }

  /// Maps points of the present frame to points of the model's grid.
  ///
  /// The grid stays where it is while the camera moves a little, for each time that models are moved they blur.
  private(set) var modelFromPresent = Homography.identity
  /// The grid follows when a corner of the picture has moved by this share of the width.
  private static let greatestOffset = 0.08

  /// The background as the last frame's camera sees it: grey values and ages, one a pixel.
  private(set) var mean: [Float] = []
  private(set) var age: [Float] = []

  /// Moves the background with the camera.
  mutating func move(previousFromPresent: Homography) {
    modelFromPresent = modelFromPresent * previousFromPresent
    if offset > Self.greatestOffset * Double(width) { moveGrid() }
    render()
  }

  /// How far the picture's corners are from the grid's.
  private var offset: Double {
    let corners = [(0, 0), (width, 0), (0, height), (width, height)].map { Point(Double($0.0), Double($0.1)) }
    let distances = corners.map { (modelFromPresent.apply($0) - $0).length }
    return distances.reduce(0) { $1.isFinite ? max($0, $1) : .infinity }
  }

  /// Lays the grid onto the present frame. Places outside of the old one were never seen: their age is 0.
  private mutating func moveGrid() {
    let map = PixelMap(modelFromPresent)
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
    modelFromPresent = .identity
  }

  /// Brings `mean` and `age` up to date.
  private mutating func render() {
    if mean.count != models.count {
      mean = [Float](repeating: 0, count: models.count)
      age = mean
    }
    if modelFromPresent == .identity {
      for i in models.indices {
        mean[i] = models[i][0]
        age[i] = models[i][2]
      }
      return
    }
    let map = PixelMap(modelFromPresent)
    let (width, height) = (width, height)
    models.withUnsafeBufferPointer { models in
      mean.withUnsafeMutableBufferPointer { mean in
        age.withUnsafeMutableBufferPointer { age in
          // All hold width × height values; samples are clamped to the grid of that size.
          for y in 0..<height {
            for x in 0..<width {
              let place = map.apply(Float(x) + 0.5, Float(y) + 0.5)
              let neighbours = BilinearSample(x: place.x, y: place.y, width: width, height: height)
              let model = neighbours?.value(of: models) ?? .zero
              mean[y * width + x] = model[0]
              age[y * width + x] = model[2]
            }
          }
        }
      }
    }
  }

  /// The background's grey values as a picture.
  func meanPicture(into picture: inout Image) {
    precondition(picture.pixels.count == mean.count)
    picture.pixels.withUnsafeMutableBufferPointer { pixels in
      mean.withUnsafeBufferPointer { mean in
        // Both hold one value a pixel, checked above. Half a level more rounds to the nearest.
        for i in 0..<mean.count { pixels[i] = UInt8(max(0, min(255, mean[i] + 0.5))) }
      }
    }
  }

  /// Follows a change of exposure.
  mutating func brighten(by gain: Float) {
    let factor = SIMD8<Float>(gain, 1, 1, gain, 1, 1, 1, 1)
    for i in models.indices { models[i] *= factor }
    for i in mean.indices { mean[i] *= gain }
  }

  /// How much brighter a frame is than the background: the median of the ratios, 1 where too little can be compared.
  func gain(of frame: Image) -> Float {
    var counter = QuantileCounter(limit: 4, bins: 2048)
    for i in stride(from: 0, to: mean.count, by: 13) where age[i] > 2 {
      let value = Float(frame.pixels[i])
      if mean[i] > 16, value > 16 { counter.add(value / mean[i]) }
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
    guard let inverse = modelFromPresent.inverse else { return }
    let map = PixelMap(inverse)
    let (width, height) = (width, height)
    models.withUnsafeMutableBufferPointer { models in
      frame.pixels.withUnsafeBufferPointer { frame in
        objects.pixels.withUnsafeBufferPointer { objects in
          uncovered.withUnsafeBufferPointer { uncovered in
            // All buffers hold width × height values, checked above; samples are clamped to that size.
            for y in 0..<height {
              for x in 0..<width {
                let place = map.apply(Float(x) + 0.5, Float(y) + 0.5)
                guard let neighbours = BilinearSample(x: place.x, y: place.y, width: width, height: height) else { continue }
                let value = neighbours.value(of: frame)
                let nearest = neighbours.nearest
                if uncovered[nearest] {
                  models[y * width + x] = SIMD8(value, Self.newVariance, 3, value, Self.newVariance, 0, 0, 0)
                } else {
                  Self.learn(&models[y * width + x], value, isObject: objects[nearest] != 0, learning)
                }
              }
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
