import Foundation
import Geometry
import Models
import NetworkDetection
import TestSupport
import Testing

@testable import PictureTraining

/// What squares teach of masks.
@Suite("Targets of masks")
struct MaskTargetTests {
  private static let (side, cells) = (64, 16)
  private static var room: Int { MaskLoss.objects }

  /// An uneven shape in a picture of 64 × 64, whose box is wide enough that all cells are of its region.
  private static func shape() -> LabelledBox {
    var random = TestRandom(seed: 4)
    let mask = RunLengthMask(width: 64, height: 64, columns: 9..<55, rows: 5..<43) { _, _ in random.unit() < 0.5 }
    return LabelledBox(
      box: OrientedBox(center: Point(32, 32), width: 60, height: 60, angle: 0), classIndex: 0, mask: mask)
  }

  private static func targets(_ label: LabelledBox, _ change: PictureChange) -> MaskTargets {
    let part = SquarePart(width: side, height: side)
    var labels = SquareComposer.Labels()
    labels.boxes = [label.moved(to: change.box(label.box, middle: part.middle))]
    (labels.parts, labels.views) = ([part], [PictureView(change, in: part)])
    var random = SplitMix64(seed: 1)
    let told = DetectorTargets(labels.boxes, in: labels.parts, side: side, classes: 1)
    return MaskTargets(labels, told, side: side, &random)
  }

  private static func map(_ change: PictureChange) throws -> [Float] {
    let made = targets(shape(), change)
    #expect(made.regions[..<(cells * cells)].allSatisfy { abs($0 - 1 / 256) < 1e-7 })
    #expect(made.regions[(cells * cells)...].allSatisfy { $0 == 0 })
    return Array(made.masks[..<(cells * cells)])
  }

  /// Turns by quarters and mirrors move the cells' shares and change none.
  @Test func turnsByQuartersAndMirrorsArePermutations() throws {
    let (n, change) = (Self.cells, PictureChange(center: Point(32, 32)))
    let plain = try Self.map(change)
    let pixels = try #require(Self.shape().mask).pixels
    for place in plain.indices {
      var hits = 0
      for y in 0..<4 { for x in 0..<4 { hits += Int(pixels[(place / n * 4 + y) * 64 + place % n * 4 + x]) } }
      #expect(plain[place] == Float(hits) / 16)
    }
    var turned = plain
    for quarter in 1...3 {
      // From x towards y: what was above comes to the right.
      turned = turned.indices.map { turned[(n - 1 - $0 % n) * n + $0 / n] }
      var other = change
      other.turn = Double(quarter) * .pi / 2
      #expect(try Self.map(other) == turned)
    }
    for (x, y) in [(true, false), (false, true), (true, true)] {
      var other = change
      other.isMirrored = (x, y)
      let mirrored = plain.indices.map { plain[(y ? n - 1 - $0 / n : $0 / n) * n + (x ? n - 1 - $0 % n : $0 % n)] }
      #expect(try Self.map(other) == mirrored)
    }
    // Cut four pixels farther to the right and eight farther up: other cells of the same picture, and nothing beside it.
    let moved = try Self.map(PictureChange(center: Point(36, 24)))
    for place in moved.indices {
      let (row, column) = (place / n - 2, place % n + 1)
      #expect(moved[place] == (row >= 0 && column < n ? plain[row * n + column] : 0))
    }
  }

  /// Worked out by hand: one in the middle, one half where a cell's middle lies on the inscribed ellipse, a sixteenth at twice the distance.
  @Test func whereOnlyABoxIsKnownAGaussianStandsForTheMask() {
    let label = LabelledBox(box: OrientedBox(center: Point(34, 34), width: 16, height: 32, angle: 0), classIndex: 0, weight: 0.5)
    let made = Self.targets(label, PictureChange(center: Point(32, 32)))
    func share(_ column: Int, _ row: Int) -> Float { made.masks[row * Self.cells + column] }
    #expect(share(8, 8) == 1 && abs(share(10, 8) - 0.5) < 1e-6 && abs(share(8, 12) - 0.5) < 1e-6)
    #expect(abs(share(10, 12) - 0.25) < 1e-6)
    let region = made.regions[..<256]
    // Cells whose middles are within 12 and 24 pixels of the centre: 7 columns and 13 rows, in all the object's own weight.
    #expect(region.count { $0 > 0 } == 7 * 13 && abs(region.reduce(0, +) - 0.5) < 1e-6)
    // Beyond the region nothing is told.
    #expect(share(12, 8) == 0)
    let turned = OrientedBox(center: Point(3, 4), width: 10, height: 6, angle: 0.7)
    #expect(abs(MaskTargets.likelihood(turned.center + Point(angle: 0.7) * 5, turned) - 0.5) < 1e-12)
    #expect(MaskTargets.reach == OutputLayout.gaussian(classes: 1, masks: 1).maskReach)
  }

  /// In squares of four pictures, with objects upon them, masks lie where the bright pixels do.
  @Test func masksLieWhereTheirObjectsAreSeen() throws {
    let made = MadeEllipses(side: 160, seeds: 0..<6)
    var augmentation = Augmentation()
    augmentation.keepValues()
    (augmentation.turn, augmentation.flipsUpright, augmentation.mosaic, augmentation.paste) = (.pi, true, 0.5, 0.5)
    let composer = SquareComposer(pictures: made.pictures, source: made, augmentation: augmentation, side: 128)
    var checked = 0
    for seed in 0..<20 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var values = [Float](repeating: 0, count: 3 * 128 * 128)
      let labels = try values.withUnsafeMutableBufferPointer { try composer.fill($0, place: Int(seed) % 6, &random) }
      let told = DetectorTargets(labels.boxes, in: labels.parts, side: 128, classes: 1)
      let targets = MaskTargets(labels, told, side: 128, &random)
      for (slot, object) in told.told.prefix(Self.room).enumerated() {
        let part = labels.parts[object.index]
        for place in 0..<1_024 where targets.masks[slot * 1_024 + place] == 1 {
          var sum: Float = 0
          for y in 0..<4 { for x in 0..<4 { sum += values[(place / 32 * 4 + y) * 128 + place % 32 * 4 + x] } }
          // Objects are from 170 on, and the ground below 80; what lies upon an object takes a little of it.
          if sum / 16 > 160 / 255 { checked += 1 } else { checked -= 10 }
          #expect(part.contains(Point(Double(place % 32 * 4 + 2), Double(place / 32 * 4 + 2))))
        }
      }
    }
    #expect(checked > 200, "\(checked)")
  }

  @Test func ofManyObjectsSomeAreLearnedAtRandomAndOfNoneNothing() {
    let part = SquarePart(width: 256, height: 256)
    var labels = SquareComposer.Labels()
    for place in 0..<25 {
      let box = OrientedBox(
        center: Point(Double(place % 5) * 50 + 26, Double(place / 5) * 50 + 26), width: 20, height: 12, angle: 0.3)
      labels.boxes.append(LabelledBox(box: box, classIndex: 0, isIgnored: place == 7))
      labels.parts.append(part)
      labels.views.append(PictureView(PictureChange(center: Point(128, 128)), in: part))
    }
    let told = DetectorTargets(labels.boxes, in: labels.parts, side: 256, classes: 1)
    func claims(_ seed: UInt64) -> [Float] {
      var random = SplitMix64(seed: seed)
      return MaskTargets(labels, told, side: 256, &random).claims
    }
    let first = claims(1)
    #expect(first == claims(1) && first != claims(2))
    for slot in 0..<Self.room {
      let sum = stride(from: slot, to: first.count, by: Self.room).reduce(Float(0)) { $0 + first[$1] }
      #expect(abs(sum - 1) < 1e-5)
    }
    // The one that is ignored, in the cell of its centre (126, 76), is nobody's.
    #expect((0..<Self.room).allSatisfy { first[(19 * 64 + 31) * Self.room + $0] == 0 })
    var random = SplitMix64(seed: 1)
    let none = MaskTargets(SquareComposer.Labels(), DetectorTargets([], side: 64, classes: 1), side: 64, &random)
    #expect((none.claims + none.masks + none.regions).allSatisfy { $0 == 0 })
  }

  /// Without masks examples are what they were; with them, the rest of them is.
  @Test func theRestOfTheExamplesStaysAsItWas() throws {
    let made = MadeEllipses(side: 96, seeds: 0..<3)
    let both = try [false, true].map {
      try DetectorExamples(made.pictures, from: made, augmentation: Augmentation(), side: 64, classCount: 1, hasMasks: $0)
        .batch([0, 2], seed: 9)
    }
    #expect(Set(both[1].keys).subtracting(both[0].keys) == Set(MaskLoss.inputNames))
    #expect(both[0].allSatisfy { both[1][$0] == $1 })
    #expect(both[1]["claims"]?.shape == [2, 256, 16] && both[1]["masks"]?.shape == [2, 16, 256])
  }
}
