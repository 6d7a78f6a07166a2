import Geometry
import Imaging

/// A connected part of the foreground in one frame, in working pixels.
struct Region {
  var box: GaussianBox
  var hull: AxisBox
  /// The number of its pixels.
  var area: Int
  /// Some of its pixels.
  var samples: [Sample]
  /// All of its pixels; nil where nobody asked for them.
  var mask: SoftMask?

  /// A pixel of an object.
  struct Sample: Codable {
    /// Its place relative to the box's centre.
    var offset: Point
    /// Its grey value.
    var value: Float
  }

  /// So many pixels, at even steps, stand for the object's looks: enough to place it to half a pixel, few enough to be looked for at
  /// some fifty places in each frame. Chosen.
  private static let sampleCount = 150

  /// - Parameters:
  ///   - part: One of the components.
  ///   - weights: The weight of each pixel, 0 to 255.
  ///   - tail: As for `RegionBox`.
  ///   - keepsMask: Whether all of its pixels are kept.
  init(
    _ part: ConnectedComponents.Component, in parts: ConnectedComponents, frame: Image, weights: Image, tail: Double,
    keepsMask: Bool = false
  ) {
    let box = RegionBox.box(of: part, in: parts, weights: weights, tail: tail)
    var samples: [Sample] = []
    let step = max(1, part.area / Self.sampleCount)
    var number = 0
    parts.forEachPixel(of: part) { x, y, index in
      if number % step == 0 {
        let middle = Point(Double(x) + 0.5, Double(y) + 0.5)
        samples.append(Sample(offset: middle - box.mean, value: Float(frame.pixels[index])))
      }
      number += 1
    }
    self.box = box
    hull = box.orientedBox.hull
    area = part.area
    self.samples = samples
    mask = keepsMask ? SoftMask(of: part, in: parts) : nil
  }
}
