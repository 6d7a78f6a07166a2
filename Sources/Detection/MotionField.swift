import Geometry
import Imaging

/// How the picture's content moves against the ground, averaged along its own path.
///
/// The flow from frame to frame is noisy; content that really moves keeps its velocity while ripples and errors do not. So each point
/// carries the mean of its last velocities with it, and starts anew where a velocity does not fit the mean (where an object
/// uncovers the ground). Kept at half the working picture's size: the flow is no finer.
struct MotionField {
  let width: Int
  let height: Int
  private let pictureWidth: Int
  private let pictureHeight: Int

  /// Lanes: velocity x and y in working pixels a frame, number of averaged frames, unused.
  private var states: [SIMD4<Float>]
  private var spare: [SIMD4<Float>]
  /// The speed of each point against the ground, in working pixels a frame.
  private(set) var speeds: [Float]

  init(pictureWidth: Int, pictureHeight: Int) {
    self.pictureWidth = pictureWidth
    self.pictureHeight = pictureHeight
    width = max(1, pictureWidth / 2)
    height = max(1, pictureHeight / 2)
    states = [SIMD4<Float>](repeating: .zero, count: width * height)
    spare = states
    speeds = [Float](repeating: 0, count: width * height)
  }

  /// Takes in the flow between two frames.
  ///
  /// - Parameters:
  ///   - flow: For each pixel of the present frame, where its content is in the previous frame *as warped onto the present one*, relative
  ///     to the pixel. What stands on the ground has flow 0.
  ///   - previousFromPresent: The map by which the previous frame was warped.
  ///   - greatestCount: The number of frames that are averaged.
  mutating func advance(flow: [SIMD2<Float>], previousFromPresent: Homography, greatestCount: Float) {
    precondition(flow.count == pictureWidth * pictureHeight)
    let map = PixelMap(previousFromPresent)
    let scaleX = Float(width) / Float(pictureWidth)
    let scaleY = Float(height) / Float(pictureHeight)
    let (width, height, pictureWidth, pictureHeight) = (width, height, pictureWidth, pictureHeight)
    states.withUnsafeBufferPointer { old in
      flow.withUnsafeBufferPointer { flow in
        for y in 0..<height {
          // The pixel of the full picture whose top-left corner is this point's middle; inside, as 2·height ≤ pictureHeight or both are 1.
          let row = min(pictureHeight - 1, 2 * y + 1)
          for x in 0..<width {
            let column = min(pictureWidth - 1, 2 * x + 1)
            let moved = flow[row * pictureWidth + column]
            let place = map.apply(Float(column) + 0.5 + moved.x, Float(row) + 0.5 + moved.y)
            let neighbours = BilinearSample(
              x: place.x * scaleX, y: place.y * scaleY, width: width, height: height)
            spare[y * width + x] = Self.blend(neighbours?.value(of: old) ?? .zero, -moved, greatestCount)
          }
        }
      }
    }
    swap(&states, &spare)
    for i in states.indices { speeds[i] = (states[i].x * states[i].x + states[i].y * states[i].y).squareRoot() }
  }

  @inline(__always)
  private static func blend(_ old: SIMD4<Float>, _ velocity: SIMD2<Float>, _ greatestCount: Float) -> SIMD4<Float> {
    let deviation = velocity - old.lowHalf
    let speed = (velocity * velocity).sum().squareRoot()
    let tolerance = 0.7 + 0.3 * speed
    guard old.z > 0, (deviation * deviation).sum() < tolerance * tolerance else {
      return SIMD4(velocity.x, velocity.y, 1, 0)
    }
    let count = min(old.z + 1, greatestCount)
    let mean = old.lowHalf + deviation / count
    return SIMD4(mean.x, mean.y, count, 0)
  }

  /// The speed at a pixel of the working picture.
  @inline(__always)
  func speed(x: Int, y: Int) -> Float { speeds[min(height - 1, y / 2) * width + min(width - 1, x / 2)] }

  /// The velocity at a pixel of the working picture.
  @inline(__always)
  func velocity(x: Int, y: Int) -> SIMD2<Float> {
    states[min(height - 1, y / 2) * width + min(width - 1, x / 2)].lowHalf
  }

  /// The median velocity of a component's pixels (of some hundred of them), along x and along y.
  func commonVelocity(of part: ConnectedComponents.Component, _ labels: [Int32]) -> SIMD2<Float> {
    var along: [Float] = []
    var across: [Float] = []
    let step = max(1, part.area / 200)
    var number = 0
    for y in part.top..<part.top + part.height {
      for x in part.left..<part.left + part.width where labels[y * pictureWidth + x] == part.label {
        number += 1
        guard number % step == 0 else { continue }
        let velocity = velocity(x: x, y: y)
        along.append(velocity.x)
        across.append(velocity.y)
      }
    }
    along.sort()
    across.sort()
    return along.isEmpty ? .zero : SIMD2(along[along.count / 2], across[across.count / 2])
  }

  /// A typical speed of what stands still: the error of the flow.
  ///
  /// From the places that show the background and have texture: where there is none, the flow is vague and means little.
  /// - Parameters:
  ///   - slopes: The steepness of the picture, as `GradientPicture` gives it.
  ///   - differences: 0 where the picture shows the background.
  func noise(slopes: Image, differences: Image) -> Double {
    var counter = QuantileCounter(limit: 16, bins: 1024)
    let least = UInt8(4 * GradientPicture.scale)
    for y in stride(from: 1, to: height, by: 2) {
      for x in stride(from: 1, to: width, by: 2) {
        let i = min(pictureHeight - 1, 2 * y + 1) * pictureWidth + min(pictureWidth - 1, 2 * x + 1)
        if slopes.pixels[i] >= least, differences.pixels[i] == 0 { counter.add(speeds[y * width + x]) }
      }
    }
    return counter.total >= 50 ? counter.quantile(0.5) : 0
  }
}
