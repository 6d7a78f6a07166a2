import Geometry
import Imaging

/// What each pixel looks like without objects: two Gaussians a pixel, of which the older one is believed.
///
/// After Yi et al., "Detection of Moving Objects with Non-stationary Cameras in 5.8 ms", CVPR workshops 2013: the *apparent* model is the
/// background, the *candidate* takes what does not fit it and replaces it when it has become older. Different from there, models are
/// kept for pixels rather than blocks (small objects keep their shape), and what shows an object teaches slowly.
struct BackgroundModel: Codable {
  private let grid: PixelGrid
  private var models: [PixelModel]
  private var spare: [PixelModel]

  /// Whether colours are known.
  let hasChroma: Bool

  /// Takes a first frame (grey) for the background, with its differences in colour, of the same size, where there are any.
  init(_ frame: Image, chroma: ChromaPictures? = nil) {
    grid = frame.grid
    hasChroma = chroma != nil
    models = frame.pixels.map { PixelModel(mean: Float($0), chroma: .zero, age: 1) }
    if let chroma { for i in models.indices { models[i].chroma = chroma[i] } }
    spare = models
    render()
  }

  /// Maps points of the present frame to points of the model's grid.
  ///
  /// The grid stays where it is while the camera moves a little, for each time that models are moved they blur.
  private(set) var modelFromPresent = Homography.identity
  /// The grid follows when a corner of the picture has moved by this share of the width. Chosen (Benchmarks/README.md, "Motion detector").
  private static let greatestOffset = 0.08

  /// The background as the last frame's camera sees it: grey values, one a pixel.
  private(set) var mean: [Float] = []
  /// How many frames taught each pixel's background; 0 where none did.
  private(set) var age: [Float] = []
  /// The background's blue and red differences likewise, 0 for grey; empty where colours are not known.
  private(set) var chroma: [SIMD2<Float>] = []

  /// Moves the background with the camera.
  mutating func move(previousFromPresent: Homography) {
    modelFromPresent = modelFromPresent * previousFromPresent
    if offset > Self.greatestOffset * Double(grid.width) { moveGrid() }
    render()
  }

  /// Whether it holds one value for each pixel of a grid.
  func isSound(on grid: PixelGrid) -> Bool {
    self.grid == grid && [models.count, spare.count, mean.count, age.count].allSatisfy { $0 == grid.count }
      && chroma.count == (hasChroma ? grid.count : 0)
  }

  /// How far the picture's corners are from the grid's.
  private var offset: Double {
    let (width, height) = (Double(grid.width), Double(grid.height))
    let corners = [Point(0, 0), Point(width, 0), Point(0, height), Point(width, height)]
    let distances = corners.map { (modelFromPresent.apply($0) - $0).length }
    return distances.reduce(0) { $1.isFinite ? max($0, $1) : .infinity }
  }

  /// Lays the grid onto the present frame. Places outside of the old one were never seen: their age is 0.
  private mutating func moveGrid() {
    let map = PixelMap(modelFromPresent)
    models.withUnsafeBufferPointer { old in
      spare.withUnsafeMutableBufferPointer { new in
        // Both buffers hold one model a pixel of the grid, within which samples and walks stay.
        map.forEachSample(on: grid) { index, sample in new[index] = sample?.value(of: old) ?? .unknown }
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
      chroma = [SIMD2<Float>](repeating: .zero, count: hasChroma ? models.count : 0)
    }
    if modelFromPresent == .identity {
      for i in models.indices {
        mean[i] = models[i].mean
        age[i] = models[i].age
      }
      for i in chroma.indices { chroma[i] = models[i].chroma }
      return
    }
    let map = PixelMap(modelFromPresent)
    models.withUnsafeBufferPointer { models in
      mean.withUnsafeMutableBufferPointer { mean in
        age.withUnsafeMutableBufferPointer { age in
          chroma.withUnsafeMutableBufferPointer { chroma in
            // All hold one value a pixel of the grid, within which samples and walks stay; the last one may be empty.
            map.forEachSample(on: grid) { index, sample in
              let model = sample?.value(of: models) ?? PixelModel(lanes: .zero)
              mean[index] = model.mean
              age[index] = model.age
              if !chroma.isEmpty { chroma[index] = model.chroma }
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
        // Bounded: by 0 and 255; a mean of pixels is a number.
        for i in 0..<mean.count { pixels[i] = UInt8(max(0, min(255, mean[i] + 0.5))) }
      }
    }
  }

  /// The background's differences in colour as pictures; nil where colours are not known.
  func chromaPictures() -> ChromaPictures? {
    guard hasChroma else { return nil }
    var pictures = ChromaPictures(
      blue: Image(width: grid.width, height: grid.height, channels: 1),
      red: Image(width: grid.width, height: grid.height, channels: 1))
    for i in chroma.indices { pictures[i] = chroma[i] }
    return pictures
  }

  /// Follows a change of exposure, which colours share.
  mutating func brighten(by gain: Float) {
    for i in models.indices { models[i].brighten(by: gain) }
    for i in mean.indices { mean[i] *= gain }
    for i in chroma.indices { chroma[i] *= gain }
  }

  // MARK: Exposure

  /// Every so many pixels one is compared: prime, so that they do not lie in columns.
  private static let gainStride = 13
  /// Darker values, in levels, have ratios of noise.
  private static let darkestCompared: Float = 16
  /// With fewer comparisons the exposure is left as it is: the median of 200 ratios that scatter by 10 % is good to 1 %.
  private static let fewestCompared = 200
  /// A frame may be brighter or darker than the background by this factor; more is another scene. Chosen.
  private static let greatestGain = 2.0
  /// Ratios are counted up to twice the greatest gain, in bins of 1 in 512.
  private static let countedGain: Float = 4
  private static let gainBins = 2048

  /// How much brighter a frame is than the background: the median of the ratios, 1 where too little can be compared.
  func gain(of frame: Image) -> Float {
    var counter = QuantileCounter(limit: Self.countedGain, bins: Self.gainBins)
    for i in stride(from: 0, to: mean.count, by: Self.gainStride) where age[i] > 2 {
      let value = Float(frame.pixels[i])
      if mean[i] > Self.darkestCompared, value > Self.darkestCompared { counter.add(value / mean[i]) }
    }
    guard counter.total > Self.fewestCompared else { return 1 }
    return Float(max(1 / Self.greatestGain, min(Self.greatestGain, counter.quantile(0.5))))
  }

  // MARK: Learning

  /// How a frame teaches the background.
  struct Learning {
    /// Frames after which the oldest models weigh no more.
    var greatestAge: Float
    /// In levels².
    var leastVariance: Float
    /// The rate at which pixels under objects teach.
    var rateUnderObjects: Float
    /// A pixel whose blue or red difference is further than this from the background's does not show it, in levels.
    var greatestColorDifference = Float.infinity
  }

  /// Learns from a frame.
  ///
  /// - Parameters:
  ///   - objects: 0 where the frame shows the background.
  ///   - uncovered: True where an object has left its trace in the background: the frame is right there.
  ///   - colors: The frame's differences in colour, of its size; without them the background's stay.
  mutating func learn(_ frame: Image, colors: ChromaPictures? = nil, objects: Image, uncovered: [Bool], _ learning: Learning) {
    let count = models.count
    precondition(frame.pixels.count == count && objects.pixels.count == count && uncovered.count == count)
    guard let inverse = modelFromPresent.inverse else { return }
    let map = PixelMap(inverse)
    models.withUnsafeMutableBufferPointer { models in
      frame.pixels.withUnsafeBufferPointer { frame in
        objects.pixels.withUnsafeBufferPointer { objects in
          uncovered.withUnsafeBufferPointer { uncovered in
            // All hold one value a pixel of the grid, checked above; samples and walks stay within the grid.
            map.forEachSample(on: grid) { index, sample in
              guard let sample else { return }
              let value = sample.value(of: frame)
              let nearest = sample.nearest
              let chroma = colors?[nearest] ?? models[index].chroma
              if uncovered[nearest] {
                models[index] = PixelModel(mean: value, chroma: chroma, age: PixelModel.uncoveredAge)
              } else {
                models[index].learn(value, chroma, isObject: objects[nearest] != 0, learning)
              }
            }
          }
        }
      }
    }
  }
}
