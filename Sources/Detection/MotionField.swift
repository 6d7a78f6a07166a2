import Geometry
import Imaging

/// How the picture's content moves against the ground, averaged along its own path.
///
/// The flow from frame to frame is noisy; content that really moves keeps its velocity while ripples and errors do not. So each point
/// carries the mean of its last velocities with it, and starts anew where a velocity does not fit the mean (where an object
/// uncovers the ground). Kept at half the working picture's size: the flow is no finer.
struct MotionField: Codable {
  let width: Int
  let height: Int
  private let picture: PixelGrid

  private var states: [PathMotion]
  private var spare: [PathMotion]
  /// The speed of each point against the ground, in working pixels a frame.
  private(set) var speeds: [Float]

  /// Working pixels to a point of the field, along each side.
  static let reduction = 2

  /// - Parameters:
  ///   - pictureWidth: Of the working picture, in pixels.
  ///   - pictureHeight: Likewise.
  init(pictureWidth: Int, pictureHeight: Int) {
    picture = PixelGrid(width: pictureWidth, height: pictureHeight)
    width = max(1, pictureWidth / Self.reduction)
    height = max(1, pictureHeight / Self.reduction)
    states = [PathMotion](repeating: .none, count: width * height)
    spare = states
    speeds = [Float](repeating: 0, count: width * height)
  }

  /// Whether it is one of pictures of this size and holds one value for each of its points.
  func isSound(on grid: PixelGrid) -> Bool {
    picture == grid && width == max(1, grid.width / Self.reduction) && height == max(1, grid.height / Self.reduction)
      && [states.count, spare.count, speeds.count].allSatisfy { $0 == width * height }
  }

  /// Takes in the flow between two frames.
  ///
  /// - Parameters:
  ///   - flow: For each pixel of the present frame, where its content is in the previous frame *as warped onto the present one*, relative
  ///     to the pixel. What stands on the ground has flow 0.
  ///   - previousFromPresent: The map by which the previous frame was warped.
  ///   - greatestCount: The number of frames that are averaged.
  mutating func advance(flow: [SIMD2<Float>], previousFromPresent: Homography, greatestCount: Float) {
    precondition(flow.count == picture.count)
    let map = PixelMap(previousFromPresent)
    let scaleX = Float(width) / Float(picture.width)
    let scaleY = Float(height) / Float(picture.height)
    let field = PixelGrid(width: width, height: height)
    states.withUnsafeBufferPointer { old in
      flow.withUnsafeBufferPointer { flow in
        spare.withUnsafeMutableBufferPointer { new in
          // The field's buffers hold one value a point, the flow one a pixel; places are clamped to the picture, samples to the field.
          field.forEachPixel { x, y, index in
            let (column, row) = Self.pixel(x, y, in: picture)
            let moved = flow[picture.index(x: column, y: row)]
            let place = map.apply(Float(column) + 0.5 + moved.x, Float(row) + 0.5 + moved.y)
            let sample = BilinearSample(x: place.x * scaleX, y: place.y * scaleY, width: field.width, height: field.height)
            new[index] = (sample?.value(of: old) ?? .none).continued(by: -moved, greatestCount: greatestCount)
          }
        }
      }
    }
    swap(&states, &spare)
    for i in states.indices { speeds[i] = (states[i].velocity * states[i].velocity).sum().squareRoot() }
  }

  /// The pixel of the working picture whose top-left corner is a point's middle, or the nearest one.
  @inline(__always)
  private static func pixel(_ x: Int, _ y: Int, in picture: PixelGrid) -> (x: Int, y: Int) {
    (min(picture.width - 1, reduction * x + 1), min(picture.height - 1, reduction * y + 1))
  }

  /// The position of the point that a pixel of the working picture belongs to.
  @inline(__always)
  func index(x: Int, y: Int) -> Int {
    min(height - 1, y / Self.reduction) * width + min(width - 1, x / Self.reduction)
  }

  /// The velocity at a pixel of the working picture.
  @inline(__always)
  func velocity(x: Int, y: Int) -> SIMD2<Float> { states[index(x: x, y: y)].velocity }

  /// A component's velocity is the median of so many of its pixels: its error is under a tenth of theirs.
  private static let velocitySamples = 200

  /// The median velocity of a component's pixels, along x and along y.
  func commonVelocity(of part: ConnectedComponents.Component, in parts: ConnectedComponents) -> SIMD2<Float> {
    var along: [Float] = []
    var across: [Float] = []
    let step = max(1, part.area / Self.velocitySamples)
    var number = 0
    parts.forEachPixel(of: part) { x, y, _ in
      number += 1
      guard number % step == 0 else { return }
      let velocity = velocity(x: x, y: y)
      along.append(velocity.x)
      across.append(velocity.y)
    }
    along.sort()
    across.sort()
    return along.isEmpty ? .zero : SIMD2(along[along.count / 2], across[across.count / 2])
  }

  // MARK: Noise

  /// Texture enough for the flow to be told, in grey levels per pixel. Chosen (Benchmarks/README.md, "Motion detector").
  private static let leastSlope: Float = 4
  /// With fewer points the flow's error is not known.
  private static let fewestNoisePoints = 50
  /// Speeds are counted up to this many working pixels a frame, in steps of 1 in 64.
  private static let countedSpeed: Float = 16
  private static let speedBins = 1024

  /// A typical speed of what stands still, in working pixels a frame: the error of the flow; 0 where it is not known.
  ///
  /// From the places that show the background and have texture: where there is none, the flow is vague and means little.
  /// - Parameters:
  ///   - slopes: The steepness of the picture, as `GradientPicture` gives it.
  ///   - differences: 0 where the picture shows the background.
  func noise(slopes: Image, differences: Image) -> Double {
    var counter = QuantileCounter(limit: Self.countedSpeed, bins: Self.speedBins)
    let least = UInt8(Self.leastSlope * GradientPicture.scale)
    // Every other point along each side: neighbours tell the same.
    for y in stride(from: 1, to: height, by: 2) {
      for x in stride(from: 1, to: width, by: 2) {
        let place = Self.pixel(x, y, in: picture)
        let i = picture.index(x: place.x, y: place.y)
        if slopes.pixels[i] >= least, differences.pixels[i] == 0 { counter.add(speeds[y * width + x]) }
      }
    }
    return counter.total >= Self.fewestNoisePoints ? counter.quantile(0.5) : 0
  }
}
