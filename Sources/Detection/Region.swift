import Geometry
import Imaging

/// A connected part of the foreground in one frame, in working pixels.
struct Region {
  var box: GaussianBox
  var hull: AxisBox
  /// The number of its pixels.
  var area: Int
  /// Some of its pixels: place relative to the box's centre, and grey value.
  var samples: [(offset: Point, value: Float)]

  private static let greatestSampleCount = 150

  init(_ part: ConnectedComponents.Component, labels: [Int32], frame: Image, weights: Image, tail: Double) {
    box = RegionBox.box(of: part, labels: labels, weights: weights, tail: tail)
    hull = box.orientedBox.hull
    area = part.area
    samples = []
    let step = max(1, part.area / Self.greatestSampleCount)
    var number = 0
    for y in part.top..<part.top + part.height {
      for x in part.left..<part.left + part.width where labels[y * frame.width + x] == part.label {
        if number % step == 0 {
          let place = Point(Double(x) + 0.5, Double(y) + 0.5)
          samples.append((place - box.mean, Float(frame.pixels[y * frame.width + x])))
        }
        number += 1
      }
    }
  }
}
