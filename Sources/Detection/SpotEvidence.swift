import Geometry
import Imaging

/// Small things that move, in the finest picture that the detector is given: differences from two earlier pictures, and
/// what is remembered of them.
struct SpotEvidence: Codable {
  private var difference = FrameDifference()
  private var memory = SpotMemory()
  private let keepsMasks: Bool

  /// Whether the pictures that are kept are grey and of one size.
  var isSound: Bool { difference.isSound }

  /// The blur of the picture, in pixels, against noise and blocks of compression.
  private static let smoothing = 0.8

  /// - Parameter keepsMasks: Whether the spots' pixels are kept.
  init(keepsMasks: Bool) { self.keepsMasks = keepsMasks }

  /// Takes in a frame.
  ///
  /// - Parameters:
  ///   - working: The scale that the ground's motion is given in.
  ///   - previousFromPresent: The ground's motion, in working pixels.
  ///   - light: How dark the scene's shadows are; nil where that is not known.
  ///   - extents: What small things differ from the background (`SmallParts`), in working pixels.
  ///   - seconds: Since the frame before.
  /// - Throws: `ImagingError` where the library fails.
  mutating func update(
    _ input: DetectionInput, from working: WorkingScale, previousFromPresent: Homography, light: SceneLight? = nil,
    extents: [GaussianBox] = [], seconds: Double
  ) throws(ImagingError) -> SmallObjects {
    let picture = try (input.fine ?? input.image).gaussianBlurred(sigma: Self.smoothing)
    let scale = WorkingScale(
      imageWidth: picture.width, imageHeight: picture.height, displayWidth: input.displayWidth, displayHeight: input.displayHeight,
      pixels: picture.width * picture.height)
    let enlarged = Homography.scaling(
      Double(picture.width) / Double(working.width), Double(picture.height) / Double(working.height))
    let motion = previousFromPresent == .identity ? .identity : enlarged * previousFromPresent * (enlarged.inverse ?? .identity)
    difference.move(previousFromPresent: motion)
    let spots = memory.update(
      try difference.spots(in: picture, time: input.time, light: light, keepsMasks: keepsMasks),
      presentFromPrevious: motion.inverse ?? .identity,
      extents: extents.compactMap(enlarged.transform), time: input.time, seconds: seconds)
    difference.add(picture, time: input.time)
    return SmallObjects(spots: spots, scale: scale, displaySize: (input.displayWidth, input.displayHeight))
  }
}
