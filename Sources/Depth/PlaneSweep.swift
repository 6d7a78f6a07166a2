public import Geometry
public import Imaging

/// Dense depth of one picture of a moving camera: planes across its view are tried one after the other.
///
/// A plane at the depth z maps the picture to another one's by K (R + t nᵀ / z) K⁻¹, n the optical axis (R. Collins, "A space-sweep approach to true
/// multi-image matching", 1996); what each pixel costs there goes through the steps of `StereoMatcher`. Pictures before and after stand on two sides,
/// so that what is hidden from one is mostly seen from the other: the cheaper side counts (S. Kang, R. Szeliski and J. Chai, 2001), and a depth is
/// measured where both sides agree.
public struct PlaneSweep: Sendable {
  /// A picture and where it was taken.
  public struct View: Sendable {
    /// Without the lens's distortion, in colour or grey.
    public var image: Image
    /// Maps the world to the camera's frame.
    public var cameraFromWorld: RigidTransform

    /// - Parameters: As the properties of their names.
    public init(image: Image, cameraFromWorld: RigidTransform) {
      self.image = image
      self.cameraFromWorld = cameraFromWorld
    }
  }

  /// A camera without distortion.
  public let camera: CameraModel
  /// The inverse depths that are tried, from 0 or more upwards, evenly.
  public let inverseDepths: ClosedRange<Double>
  /// How many planes are tried, at least 3.
  public let count: Int

  /// Both sides' planes may differ by so many.
  private static let tolerance: Int32 = 1

  /// - Parameters: As the properties of their names.
  public init(camera: CameraModel, inverseDepths: ClosedRange<Double>, count: Int) {
    precondition(count >= 3 && inverseDepths.lowerBound >= 0, "planes before the camera")
    self.camera = camera.undistorted
    self.inverseDepths = inverseDepths
    self.count = count
  }

  private var step: Double { (inverseDepths.upperBound - inverseDepths.lowerBound) / Double(count - 1) }

  /// - Parameters:
  ///   - reference: The picture whose depth is asked for.
  ///   - before: Pictures of its size from one side, at least one.
  ///   - after: Those from the other side, at least one.
  /// - Returns: The inverse depth of each pixel, in units of the world: 1 / z along the optical axis.
  /// - Throws: `DepthError` for pictures of other sizes or too many costs, `ImagingError` from the library.
  public func inverseDepth(of reference: View, before: [View], after: [View]) throws -> DisparityMap {
    let image = reference.image
    try check(image, before + after)
    var sides = try [before, after].map { try volume(reference, $0) }
    var both = sides[0]
    for index in both.values.indices { both.values[index] = min(both.values[index], sides[1].values[index]) }
    let support = CrossSupport(image)
    func smooth(_ volume: CostVolume) -> CostVolume {
      var sum = volume
      support.aggregate(&sum, iterations: StereoMatcher.aggregations)
      return ScanlineOptimizer(left: image, right: nil).optimized(sum)
    }
    let ends = sides.map { smooth($0).cheapest() }
    sides = []
    let result = smooth(both)
    let places = result.cheapest()
    let isFlat = StereoMatcher.flatPixels(result)
    let values = SubpixelDisparity.refined(places, result).map { Float(inverseDepths.lowerBound + Double($0) * step) }
    let isMeasured = places.indices.map { index in
      !isFlat[index] && values[index] > 0 && ends.allSatisfy { abs($0[index] - places[index]) <= Self.tolerance }
    }
    return DisparityMap(
      width: image.width, height: image.height, values: zip(values, isFlat).map { $1 ? .nan : $0 }, isMeasured: isMeasured)
  }

  private func check(_ image: Image, _ others: [View]) throws(DepthError) {
    for other in others
    where (other.image.width, other.image.height, other.image.channels) != (image.width, image.height, image.channels) {
      throw .sizesDiffer(left: "\(image.width)×\(image.height)", right: "\(other.image.width)×\(other.image.height)")
    }
    // Four volumes are held at a time, and a pair's matcher holds two.
    guard image.width * image.height <= StereoMatcher.mostCosts / 2 / count else {
      throw .tooLarge(
        detail: "\(image.width)×\(image.height) pixels times \(count) depths are more than \(StereoMatcher.mostCosts / 2)")
    }
  }

  /// The mean costs of the pictures of one side.
  private func volume(_ reference: View, _ others: [View]) throws -> CostVolume {
    let image = reference.image
    var volume = CostVolume(width: image.width, height: image.height, disparities: count)
    let share = 1 / Float(max(1, others.count))
    for other in others {
      let motion = other.cameraFromWorld * reference.cameraFromWorld.inverse
      for plane in 0..<count {
        let map = homography(motion, inverseDepth: inverseDepths.lowerBound + Double(plane) * step)
        let costs = MatchingCost.costs(image, try other.image.warped(byInverse: map, border: .replicated))
        for pixel in costs.indices { volume.values[pixel * count + plane] += share * costs[pixel] }
      }
    }
    return volume
  }

  /// Maps the reference's pixels to another picture's, by the plane at a depth.
  ///
  /// - Parameter motion: Maps the reference's camera's frame to the other's.
  func homography(_ motion: RigidTransform, inverseDepth: Double) -> Homography {
    let plane = motion.rotation + Matrix3(outer: motion.translation, Vector3(0, 0, inverseDepth))
    let (fx, fy, c) = (camera.focalX, camera.focalY, camera.center)
    let intrinsic = Matrix3(rows: Vector3(fx, 0, c.x), Vector3(0, fy, c.y), Vector3(0, 0, 1))
    let inverse = Matrix3(rows: Vector3(1 / fx, 0, -c.x / fx), Vector3(0, 1 / fy, -c.y / fy), Vector3(0, 0, 1))
    let m = (intrinsic * plane * inverse).rowMajor
    return Homography(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
  }
}
