import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Memory of objects")
struct ObjectMemoryTests {
  static let size = (width: 160, height: 120)

  /// A textured rectangle on a grey ground.
  static func frame(_ box: AxisBox?) -> Image {
    var image = Image(
      width: size.width, height: size.height, channels: 1,
      pixels: [UInt8](repeating: 90, count: size.width * size.height))
    guard let box else { return image }
    for y in max(0, Int(box.top))..<min(size.height, Int(box.bottom)) {
      for x in max(0, Int(box.left))..<min(size.width, Int(box.right)) {
        let local = Point(Double(x) - box.left, Double(y) - box.top) * 0.35
        image[x, y] = UInt8(150 + 60 * MovingScene.texture(local))
      }
    }
    return image
  }

  static func region(_ box: AxisBox, _ frame: Image) throws -> Region {
    var mask = Image(width: size.width, height: size.height, channels: 1)
    for y in Int(box.top)..<Int(box.bottom) {
      for x in Int(box.left)..<Int(box.right) { mask[x, y] = 255 }
    }
    let parts = try ConnectedComponents(of: mask)
    return Region(
      try #require(parts.components.first), in: parts, frame: frame, weights: mask, tail: 0.02)
  }

  static func place(_ step: Int) -> AxisBox {
    AxisBox(left: 20 + 2 * Double(step), top: 40, width: 40, height: 24)
  }

  /// Eight frames at 25 a second with full evidence.
  static func learnt(_ settings: MotionDetectorSettings = .init()) throws -> ObjectMemory {
    var memory = ObjectMemory(settings: settings)
    for step in 0..<8 {
      let frame = frame(place(step))
      _ = memory.update(
        [try region(place(step), frame)], frame: frame, presentFromPrevious: .identity, time: Double(step) / 25, seconds: 0.04)
    }
    return memory
  }

  @Test("an object without evidence is followed by its pixels, and forgotten after as long as it was known")
  func followsWithoutEvidence() throws {
    var memory = try Self.learnt()
    for step in 8..<14 {
      let seen = memory.update(
        [], frame: Self.frame(Self.place(step)), presentFromPrevious: .identity, time: Double(step) / 25, seconds: 0.04)
      #expect(try #require(seen.first).box.orientedBox.hull.iou(with: Self.place(step)) > 0.8)
    }
    for step in 14..<18 {
      _ = memory.update(
        [], frame: Self.frame(Self.place(step)), presentFromPrevious: .identity, time: Double(step) / 25, seconds: 0.04)
    }
    #expect(memory.hulls.isEmpty)
  }

  /// The place of an object that has gone so many steps and then stands, and all that differs from the background there.
  private static func standing(after steps: Int, frames: Int, evidence: Bool) throws -> Int {
    var memory = ObjectMemory(settings: .init())
    var last = 0
    for step in 0..<steps + frames {
      let (place, time) = (Self.place(min(step, steps)), Double(step) / 25)
      let frame = Self.frame(place)
      var differing = Image(width: size.width, height: size.height, channels: 1)
      if evidence {
        differing.grid.forEachPixel(columns: Int(place.left)..<Int(place.right), rows: Int(place.top)..<Int(place.bottom)) {
          _, _, i in
          differing.pixels[i] = 255
        }
      }
      let seen = memory.update(
        step <= steps ? [try region(place, frame)] : [], evidence: differing, frame: frame, presentFromPrevious: .identity,
        time: time,
        seconds: 0.04)
      if seen.contains(where: { $0.unsupported == 0 && $0.box.orientedBox.hull.iou(with: place) > 0.8 }) { last = step }
    }
    return last - steps
  }

  @Test("what stops after its own length stays as surely as it was while its place still differs, anything else does not")
  func stops() throws {
    // The side of 40×24 pixels is 31; a step is 2.
    #expect(try Self.standing(after: 20, frames: 100, evidence: true) == 99)
    #expect(try Self.standing(after: 20, frames: 100, evidence: false) == 0)
    #expect(try Self.standing(after: 10, frames: 100, evidence: true) == 0)
  }

  @Test("a fragment of an object leaves its size alone")
  func fragment() throws {
    var memory = try Self.learnt()
    let frame = Self.frame(Self.place(8))
    let piece = AxisBox(left: Self.place(8).left + 2, top: 42, width: 10, height: 8)
    let seen = memory.update(
      [try Self.region(piece, frame)], frame: frame, presentFromPrevious: .identity, time: 8.0 / 25, seconds: 0.04)
    #expect(seen.count == 1)
    #expect(seen[0].box.orientedBox.hull.iou(with: Self.place(8)) > 0.8)
  }

  @Test("a small part takes the object's place when it persists, but not while the whole is found", arguments: [1.0, 8.0])
  func persistentChange(wholePatience: Double) throws {
    var settings = MotionDetectorSettings()
    settings.objects.patience = 0.4
    settings.objects.wholePatience = wholePatience
    var memory = try Self.learnt(settings)
    var seen: [ObjectMemory.Sighting] = []
    for step in 8..<24 {
      let frame = Self.frame(Self.place(step))
      let small = AxisBox(left: Self.place(step).left + 2, top: 44, width: 14, height: 16)
      seen = memory.update(
        [try Self.region(small, frame)], frame: frame, presentFromPrevious: .identity, time: Double(step) / 25, seconds: 0.04)
    }
    let part = AxisBox(left: Self.place(23).left + 2, top: 44, width: 14, height: 16)
    let expected = wholePatience > 1 ? Self.place(23) : part
    #expect(try #require(seen.first).box.orientedBox.hull.iou(with: expected) > 0.6)
  }

  @Test("an object whose pixels are gone is not reported")
  func vanished() throws {
    var memory = try Self.learnt()
    let seen = memory.update(
      [], frame: Self.frame(nil), presentFromPrevious: .identity, time: 8.0 / 25, seconds: 0.04)
    #expect(seen.isEmpty)
  }

  @Test("a new object outlives a frame without evidence at two frames a second, as it does at 25", arguments: [2.0, 25])
  func lowRate(rate: Double) throws {
    var memory = ObjectMemory(settings: .init())
    func update(_ step: Int, found: Bool) throws -> Int {
      let frame = Self.frame(Self.place(step))
      return memory.update(
        found ? [try Self.region(Self.place(step), frame)] : [], frame: frame, presentFromPrevious: .identity,
        time: Double(step) / rate, seconds: 1 / rate
      ).count
    }
    #expect(try update(0, found: true) == 1)
    // Not reported while it is new and unseen, but not forgotten either: the next evidence finds it with two hits.
    #expect(try update(1, found: false) == 0)
    #expect(try update(2, found: true) == 1)
    #expect(try update(3, found: true) == 1)
    #expect(memory.hulls.count == 1)
  }
}
