import Foundation
import Geometry
import Imaging
import TestSupport

@testable import PictureTraining

/// Grey pictures of bars and discs at any angle on an uneven, noisy ground with lines that are no objects.
struct MadePictures: PictureSource {
  static let classes = ["bar", "disc"]
  let side: Int
  let seeds: Range<Int>

  var pictures: [AnnotatedPicture] { seeds.map { AnnotatedPicture(path: String($0), boxes: scene($0).boxes) } }

  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
    TrainingPixels(scene(Int(picture.path) ?? 0).image)
  }

  private func scene(_ seed: Int) -> (boxes: [LabelledBox], image: Image) {
    var random = TestRandom(seed: UInt64(seed) &+ 1)
    var boxes: [LabelledBox] = []
    for _ in 0..<40 where boxes.count < 4 {
      let kind = random.index(below: 2)
      let length = kind == 0 ? random.uniform(18, 34) : random.uniform(10, 16)
      let box = OrientedBox(
        center: Point(random.uniform(16, Double(side) - 16), random.uniform(16, Double(side) - 16)), width: length,
        height: kind == 0 ? length * random.uniform(0.3, 0.45) : length, angle: random.uniform(0, .pi))
      if boxes.allSatisfy({ ($0.box.center - box.center).length > 26 }) { boxes.append(LabelledBox(box: box, classIndex: kind)) }
    }
    return (boxes, image(boxes, &random))
  }

  private func image(_ boxes: [LabelledBox], _ random: inout TestRandom) -> Image {
    var values = [Double](repeating: 0, count: side * side)
    let (slope, angle) = (random.uniform(0, 0.5), random.uniform(0, 2 * .pi))
    let line = (normal: random.uniform(0, .pi), offset: random.uniform(-30, 30))
    // Objects are brighter or darker than the ground; a line is as bright as they are.
    let polarity = random.unit() < 0.5 ? -50.0 : 50
    for place in values.indices {
      let d = Point(Double(place % side) + 0.5, Double(place / side) + 0.5)
      let c = d - Point(Double(side) / 2, Double(side) / 2)
      values[place] = 128 + slope * (c.x * cos(angle) + c.y * sin(angle)) + 8 * random.normal()
      let away = abs(c.x * cos(line.normal) + c.y * sin(line.normal) - line.offset)
      values[place] += polarity * coverage(away - 2)
      for label in boxes { values[place] += polarity * cover(label, d) }
    }
    return Image(
      width: side, height: side, channels: 1, pixels: values.map { UInt8(Int(bounded: $0.rounded(), in: 0...255)) })
  }

  private func coverage(_ beyond: Double) -> Double { min(1, max(0, 0.5 - beyond)) }

  private func cover(_ label: LabelledBox, _ point: Point) -> Double {
    let (d, box) = (point - label.box.center, label.box)
    if label.classIndex == 1 { return coverage(d.length - box.width / 2) }
    let (c, s) = (cos(box.angle), sin(box.angle))
    return coverage(abs(c * d.x + s * d.y) - box.width / 2) * coverage(abs(c * d.y - s * d.x) - box.height / 2)
  }
}
