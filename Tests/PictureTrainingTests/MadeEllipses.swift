import Foundation
import Geometry
import Imaging
import TestSupport

@testable import PictureTraining

/// Grey pictures of ellipses at any angle with their masks; the boxes are upright, as many data sets have them.
struct MadeEllipses: PictureSource {
  static let classes = ["ellipse"]
  let side: Int
  let seeds: Range<Int>
  var count = 3

  var pictures: [AnnotatedPicture] {
    seeds.map { seed in
      let boxes = shapes(seed).map { shape -> LabelledBox in
        let mask = mask(of: shape)
        let hull = mask?.hull ?? (0..<1, 0..<1)
        let center = Point(
          Double(hull.columns.lowerBound + hull.columns.upperBound) / 2, Double(hull.rows.lowerBound + hull.rows.upperBound) / 2)
        let box = OrientedBox(center: center, width: Double(hull.columns.count), height: Double(hull.rows.count), angle: 0)
        return LabelledBox(box: box, classIndex: 0, mask: mask)
      }
      return AnnotatedPicture(path: String(seed), boxes: boxes)
    }
  }

  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
    let seed = Int(picture.path) ?? 0
    var random = TestRandom(seed: UInt64(seed) &+ 77)
    var image = Image(width: side, height: side, channels: 1)
    for place in image.pixels.indices { image.pixels[place] = UInt8(60 + random.index(below: 20)) }
    for shape in shapes(seed) {
      for place in image.pixels.indices where holds(shape, Point(Double(place % side) + 0.5, Double(place / side) + 0.5)) {
        image.pixels[place] = UInt8(170 + random.index(below: 20))
      }
    }
    return TrainingPixels(image)
  }

  /// Ellipses as the boxes around them.
  private func shapes(_ seed: Int) -> [OrientedBox] {
    var random = TestRandom(seed: UInt64(seed) &+ 5)
    var shapes: [OrientedBox] = []
    for _ in 0..<40 where shapes.count < count {
      let shape = OrientedBox(
        center: Point(random.uniform(22, Double(side) - 22), random.uniform(22, Double(side) - 22)), width: random.uniform(26, 38),
        height: random.uniform(10, 15), angle: random.uniform(0, .pi))
      if shapes.allSatisfy({ ($0.center - shape.center).length > 30 }) { shapes.append(shape) }
    }
    return shapes
  }

  private func holds(_ shape: OrientedBox, _ point: Point) -> Bool {
    let (d, axis) = (point - shape.center, Point(angle: shape.angle))
    let (u, v) = (2 * axis.dot(d) / shape.width, 2 * axis.cross(d) / shape.height)
    return u * u + v * v <= 1
  }

  private func mask(of shape: OrientedBox) -> RunLengthMask? {
    RunLengthMask(width: side, height: side, columns: 0..<side, rows: 0..<side) { x, y in
      holds(shape, Point(Double(x) + 0.5, Double(y) + 0.5))
    }
  }
}
