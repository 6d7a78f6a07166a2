import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import PictureTraining

/// Black pictures with one bright box each.
private struct BrightBoxes: PictureSource {
  static let side = 160
  static let count = 6

  static func box(_ place: Int) -> OrientedBox {
    OrientedBox(
      center: Point(70 + 4 * Double(place), 84 - 3 * Double(place)), width: 24 + Double(place), height: 11,
      angle: 0.5 * Double(place))
  }

  var pictures: [AnnotatedPicture] {
    (0..<Self.count).map { place in
      AnnotatedPicture(path: String(place), boxes: [LabelledBox(box: Self.box(place), classIndex: place)])
    }
  }

  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
    let box = Self.box(Int(picture.path) ?? 0)
    var image = Image(width: Self.side, height: Self.side, channels: 1)
    let (c, s) = (cos(box.angle), sin(box.angle))
    for place in 0..<Self.side * Self.side {
      // Four by four points a pixel.
      let hits = (0..<16).count { part in
        let corner = Point(Double(place % Self.side) + Double(part % 4) / 4, Double(place / Self.side) + Double(part / 4) / 4)
        let d = corner + Point(0.125, 0.125) - box.center
        return abs(c * d.x + s * d.y) <= box.width / 2 && abs(c * d.y - s * d.x) <= box.height / 2
      }
      image.pixels[place] = UInt8(hits * 240 / 16)
    }
    return TrainingPixels(image)
  }
}

@Suite("Squares of several pictures keep their boxes")
struct SquareComposerTests {
  private static let side = 192

  /// Greys as they are, turned and mirrored at random; outside the pictures everything is grey.
  private static func composer(mosaic: Double = 0, paste: Double = 0) -> SquareComposer {
    var augmentation = Augmentation()
    augmentation.keepValues()
    (augmentation.turn, augmentation.flipsUpright, augmentation.scale) = (.pi, true, 1.2)
    (augmentation.mosaic, augmentation.paste) = (mosaic, paste)
    return SquareComposer(pictures: BrightBoxes().pictures, source: BrightBoxes(), augmentation: augmentation, side: side)
  }

  private static func square(_ composer: SquareComposer, place: Int, seed: UInt64, skipped: Int = 0) throws
    -> (plane: [Float], labels: SquareComposer.Labels)
  {
    var random = SplitMix64(seed: seed)
    for _ in 0..<skipped { _ = random.uniform() }
    var values = [Float](repeating: -1, count: 3 * side * side)
    let labels = try values.withUnsafeMutableBufferPointer { try composer.fill($0, place: place, &random) }
    let count = side * side
    #expect(values[..<count] == values[count..<2 * count] && values[..<count] == values[(2 * count)...])
    return (Array(values[..<count]), labels)
  }

  /// The moments of what is brighter than the grey around pictures, within one and a half of a box.
  private static func moments(_ plane: [Float], around box: OrientedBox) -> GaussianBox? {
    let wide = box.enlarged(by: 1.25)
    let (c, s) = (cos(box.angle), sin(box.angle))
    var (mass, sum, squares) = (0.0, Point(0, 0), (xx: 0.0, xy: 0.0, yy: 0.0))
    for (place, value) in plane.enumerated() {
      let d = Point(Double(place % side) + 0.5, Double(place / side) + 0.5) - box.center
      guard abs(c * d.x + s * d.y) <= wide.width / 2 + 1, abs(c * d.y - s * d.x) <= wide.height / 2 + 1 else { continue }
      let weight = Double(value)
      mass += weight
      sum = sum + d * weight
      squares = (squares.xx + weight * d.x * d.x, squares.xy + weight * d.x * d.y, squares.yy + weight * d.y * d.y)
    }
    guard mass > 0 else { return nil }
    let mean = sum / mass
    return GaussianBox(
      mean: box.center + mean,
      covariance: SymmetricMatrix2(
        xx: squares.xx / mass - mean.x * mean.x, xy: squares.xy / mass - mean.x * mean.y, yy: squares.yy / mass - mean.y * mean.y))
  }

  /// What is bright is where the box says.
  private static func check(_ box: OrientedBox, in plane: [Float], _ comment: String) throws {
    let (found, wanted) = (try #require(moments(plane, around: box)), GaussianBox(box))
    #expect((found.mean - wanted.mean).length < 0.15, "\(comment)")
    // What the mixing of border pixels adds: less than a square pixel.
    for (a, b) in [
      (found.covariance.xx, wanted.covariance.xx), (found.covariance.xy, wanted.covariance.xy),
      (found.covariance.yy, wanted.covariance.yy),
    ] { #expect(abs(a - b) < 1, "\(comment)") }
  }

  private static func lies(_ box: OrientedBox, in part: SquarePart) -> Bool {
    let hull = box.enlarged(by: 1.3).hull
    return hull.left > Double(part.x) + 1 && hull.top > Double(part.y) + 1 && hull.right < Double(part.x + part.width) - 1
      && hull.bottom < Double(part.y + part.height) - 1
  }

  @Test func theFourPicturesOfAMosaicShowTheirBoxes() throws {
    var (checked, outside) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let place = Int(seed) % BrightBoxes.count
      let (plane, labels) = try Self.square(Self.composer(mosaic: 1), place: place, seed: seed)
      #expect(labels.boxes.count == 4 && labels.boxes[0].classIndex == place)
      #expect(labels.parts.reduce(0) { $0 + $1.width * $1.height } == Self.side * Self.side)
      for cell in [(0, 0), (Self.side - 1, 0), (0, Self.side - 1), (Self.side - 1, Self.side - 1), (96, 96)] {
        let point = Point(Double(cell.0) + 0.5, Double(cell.1) + 0.5)
        #expect(labels.parts.count { $0.contains(point) } == 1)
      }
      for (label, part) in zip(labels.boxes, labels.parts) {
        #expect(min(part.width, part.height) >= Self.side / 4)
        if Self.lies(label.box, in: part) {
          // The grey around pictures is as bright as half a box: only pictures that fill their part are measured.
          guard !Self.hasMargin(plane, label.box) else { continue }
          try Self.check(label.box, in: plane, "seed \(seed)")
          checked += 1
        } else if !part.contains(label.box.center) {
          outside += 1
        }
      }
    }
    #expect(checked > 40 && outside > 5, "\(checked) \(outside)")
  }

  /// Whether the grey of letter boxes is near a box.
  private static func hasMargin(_ plane: [Float], _ box: OrientedBox) -> Bool {
    let hull = box.enlarged(by: 1.5).hull
    let grey = Float(114) / 255
    return plane.enumerated().contains { place, value in
      let point = Point(Double(place % side) + 0.5, Double(place / side) + 0.5)
      return abs(value - grey) < 1e-6 && point.x > hull.left && point.x < hull.right && point.y > hull.top && point.y < hull.bottom
    }
  }

  /// An object whose centre is outside its part is none, and what is seen of it is no background; the neighbours' cells are as they were.
  @Test func anObjectOutsideItsPartIsNone() {
    let (left, right) = (SquarePart(width: 32, height: 64), SquarePart(x: 32, width: 32, height: 64))
    let box = OrientedBox(center: Point(34, 32), width: 24, height: 24, angle: 0)
    let label = LabelledBox(box: box, classIndex: 0)
    let none = DetectorTargets([label], in: [left], side: 64, classes: 1)
    #expect(none.centres.allSatisfy { $0 == 0 } && none.weights.allSatisfy { $0 == 0 })
    for place in 0..<256 {
      // The box is from 22 to 46 along both axes: of the left part the cells 5 to 7.
      let isUnknown = (5...7).contains(place % 16) && (5...10).contains(place / 16)
      #expect(none.background[place] == (isUnknown ? 0 : 1))
    }
    let one = DetectorTargets([label], in: [right], side: 64, classes: 1)
    #expect(one.centres[8 * 16 + 8] == 1 && one.centres.reduce(0, +) == 1)
    for place in 0..<256 where place % 16 < 8 { #expect(one.background[place] == 1 && one.weights[place] == 0) }
    #expect(abs(one.weights.reduce(0, +) - 1) < 1e-6)
  }

  @Test func aPastedObjectIsWhereItsBoxSaysAndHidesNoOther() throws {
    var (pasted, checked) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let place = Int(seed) % BrightBoxes.count
      let (plane, labels) = try Self.square(Self.composer(paste: 1), place: place, seed: seed)
      // The same square without: its one draw for the choice is left out.
      let (before, alone) = try Self.square(Self.composer(), place: place, seed: seed, skipped: 1)
      #expect(labels.boxes.first == alone.boxes.first)
      guard labels.boxes.count == 2 else {
        #expect(plane == before)
        continue
      }
      pasted += 1
      let (own, added) = (labels.boxes[0].box, labels.boxes[1].box)
      #expect(labels.parts[1] == SquarePart(width: Self.side, height: Self.side))
      let area = added.enlarged(by: SquareComposer.margin)
      if own.iou(with: added.enlarged(by: 1.6)) == 0, !Self.hasMargin(before, added) {
        try Self.check(added, in: plane, "seed \(seed)")
        checked += 1
      }
      // A similarity keeps the ratio of the sides, by which the source can be told.
      let source = BrightBoxes.box(labels.boxes[1].classIndex)
      #expect(abs(added.width / added.height - source.width / source.height) < 1e-9)
      let overlap = area.iou(with: own)
      #expect(overlap * (area.area + own.area) / (1 + overlap) <= 0.1 * own.area + 1e-9)
      let (c, s) = (cos(area.angle), sin(area.angle))
      for pixel in plane.indices {
        let d = Point(Double(pixel % Self.side) + 0.5, Double(pixel / Self.side) + 0.5) - area.center
        let isOutside = abs(c * d.x + s * d.y) > area.width / 2 + 0.01 || abs(c * d.y - s * d.x) > area.height / 2 + 0.01
        if isOutside { #expect(plane[pixel] == before[pixel]) }
      }
    }
    #expect(pasted > 25 && checked > 8, "\(pasted) \(checked)")
  }

  /// Worked out by hand: an area of 20 by 10 over boxes of 20 by 10, moved along.
  @Test func aLittleMayBeHidden() {
    let area = OrientedBox(center: Point(50, 50), width: 20, height: 10, angle: 0)
    func other(_ x: Double, width: Double = 20) -> OrientedBox {
      OrientedBox(center: Point(x, 50), width: width, height: 10, angle: 0)
    }
    #expect(SquareComposer.isFree(area, of: [other(68.1)]))
    #expect(!SquareComposer.isFree(area, of: [other(67.9)]))
    // A tenth of a wide area, and all of a narrow object.
    #expect(!SquareComposer.isFree(area, of: [other(50, width: 1)]))
    #expect(SquareComposer.isFree(area, of: []))
  }

  /// Without shares the squares are those of one changed picture, made here by hand.
  @Test func nothingIsDrawnForWhatIsNotAskedFor() throws {
    let made = MadePictures(side: 96, seeds: 0..<3)
    let found = try DetectorExamples(made.pictures, from: made, augmentation: Augmentation(), side: 64, classCount: 2)
      .batch([1], seed: 7)
    var random = SplitMix64(seed: SplitMix64.mixed(8))
    let (picture, pixels) = (made.pictures[1], try made.pixels(of: made.pictures[1]))
    let change = PictureChange(Augmentation(), boxes: picture.boxes, width: 96, height: 96, side: 64, &random)
    var values = [Float](repeating: 0, count: 3 * 64 * 64)
    values.withUnsafeMutableBufferPointer { PictureSampler.fill($0, pixels, change, width: 64, height: 64, &random) }
    #expect(found["pictures"]?.values(Float.self) == values)
    let encoded = try JSONEncoder().encode(Augmentation())
    #expect(!String(decoding: encoded, as: UTF8.self).contains("composition"))
    var other = Augmentation()
    other.mosaic = 0.5
    #expect(try JSONDecoder().decode(Augmentation.self, from: try JSONEncoder().encode(other)) == other)
  }
}
