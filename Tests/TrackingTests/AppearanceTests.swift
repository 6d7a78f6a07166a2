import Foundation
import Geometry
import TestSupport
import Testing

@testable import Tracking

/// A detection that looks like one of a few objects: a direction of its own, on what all have in common, with noise.
private func seen(
  _ x: Double, _ y: Double, like object: Int, using random: inout TestRandom, score: Double = 0.97
) -> DetectedBox {
  var numbers = [Float](repeating: 1, count: 12)
  numbers[object] += 1.5
  for index in numbers.indices { numbers[index] += 0.15 * Float(random.normal()) }
  let length = numbers.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
  var box = detection(x, y, score: score)
  box.embedding = numbers.map { $0 / length }
  return box
}

@Suite struct AppearanceTests {
  private static func frame(_ ordinal: Int, _ boxes: [DetectedBox], rate: Double = 20) -> TrackerInput {
    TrackerInput(ordinal: ordinal, time: Double(ordinal) / rate, detections: boxes, width: 1000, height: 800)
  }

  /// Two objects that are hidden where their ways meet, and come out each as it went in or each as the other: looks alone tell.
  @Test(arguments: [false, true]) func looksTellWhoComesOutFromBehindAMeeting(turnsBack: Bool) {
    var random = TestRandom(seed: 5)
    var tracker = Tracker()
    var last: TrackerOutput?
    for ordinal in 0...260 {
      let t = Double(ordinal) / 20
      var boxes = [seen(100, 700, like: 2, using: &random), seen(900, 700, like: 3, using: &random)]
      // They meet at 400 after 9 s, and are out of sight for .6 s there, one in front of the other.
      let offset = abs(9 - t) * 40
      if offset > 12 {
        let isBehind = t > 9 && !turnsBack
        boxes.append(seen(400 - (isBehind ? -offset : offset), 300, like: 0, using: &random))
        boxes.append(seen(400 + (isBehind ? -offset : offset), 324, like: 1, using: &random))
      }
      last = tracker.update(Self.frame(ordinal, boxes))
    }
    let rows = last?.tracks ?? []
    let left = rows.first { $0.box.center.y < 400 && $0.box.center.x < 400 }
    let right = rows.first { $0.box.center.y < 400 && $0.box.center.x > 400 }
    #expect(left?.id == (turnsBack ? 3 : 4) && right?.id == (turnsBack ? 4 : 3), "\(rows.map { ($0.id, $0.box.center) })")
  }

  /// An object goes away for 8 s and comes back where it could have gone to, twice; a stranger appears meanwhile.
  @Test func whoComesBackHasItsIdAgainAndAStrangerANewOne() {
    var random = TestRandom(seed: 6)
    var tracker = Tracker()
    var outputs: [TrackerOutput] = []
    for ordinal in 0...800 {
      let t = Double(ordinal) / 20
      var boxes = [seen(100 + 5 * t, 700, like: 2, using: &random), seen(900 - 5 * t, 600, like: 3, using: &random)]
      if t < 10 || (18..<25).contains(t) || t > 33 { boxes.append(seen(400 + 2 * t, 300, like: 0, using: &random)) }
      if t > 13 { boxes.append(seen(430, 330, like: 5, using: &random)) }
      outputs.append(tracker.update(Self.frame(ordinal, boxes)))
    }
    let changes = outputs.flatMap(\.changes)
    #expect(changes.map(\.kind) == [.reidentified, .reidentified] && changes.map(\.id) == [3, 3])
    #expect(changes.allSatisfy { abs(($0.gap ?? 0) - 8) < 0.6 })
    #expect(outputs.flatMap(\.endings).map(\.id) == [3, 3])
    #expect(outputs[780].tracks.map(\.id) == [1, 2, 3, 4])
    #expect(outputs[780].tracks[2].box.center.y < 315)
    for output in outputs { #expect(output.tracks.map(\.id) == Set(output.tracks.map(\.id)).sorted()) }
  }

  /// Who looks like two that are away, or like one that could not have come there, is new.
  @Test func whoCouldBeAnyOfTwoOrCannotHaveComeThereIsNew() {
    func changes(twins: Bool, returnsAt x: Double, size: Double = 40) -> [TrackChange] {
      var random = TestRandom(seed: 7)
      var tracker = Tracker()
      var found: [TrackChange] = []
      for ordinal in 0...400 {
        let t = Double(ordinal) / 20
        var boxes = [seen(100 + 5 * t, 700, like: 2, using: &random), seen(900 - 5 * t, 600, like: 3, using: &random)]
        if t < 10 {
          boxes.append(seen(400, 300, like: 0, using: &random))
          boxes.append(seen(460, 340, like: twins ? 0 : 1, using: &random))
        } else if t > 14 {
          var back = seen(x, 320, like: 0, using: &random)
          back.box = detection(x, 320, width: size, height: size / 2).box
          boxes.append(back)
        }
        found += tracker.update(Self.frame(ordinal, boxes)).changes
      }
      return found
    }
    #expect(changes(twins: false, returnsAt: 430).map(\.id) == [3])
    #expect(changes(twins: true, returnsAt: 430).isEmpty)
    #expect(changes(twins: false, returnsAt: 430, size: 400).isEmpty)
  }

  @Test func nothingIsSaidBeforeTheStreamHasShownWhatLooksTell() {
    var law = LikenessLaw()
    #expect(law.evidence(1) == 0 && !law.isKnown)
    var random = TestRandom(seed: 8)
    for _ in 0..<400 {
      law.learn(same: 0.8 + 0.1 * random.normal())
      law.learn(other: -0.1 + 0.3 * random.normal())
    }
    #expect(law.isKnown)
    // It rises, and is worth what the two normal densities say where neither is odd.
    let values = stride(from: -1.0, through: 1, by: 0.02).map(law.evidence)
    for (a, b) in zip(values, values.dropFirst()) { #expect(a <= b + 1e-9) }
    let plain = { (x: Double) in
      log(0.3 / 0.1) - (x - 0.8) * (x - 0.8) / (2 * 0.01) + (x + 0.1) * (x + 0.1) / (2 * 0.09)
    }
    #expect(abs(law.evidence(0.6) - plain(0.6)) < 0.6 && values[0] > -7 && law.greatest < 7)
    // Kinds that do not differ tell nothing, and no number is a likeness.
    var useless = LikenessLaw()
    for _ in 0..<100 {
      useless.learn(same: 0.2)
      useless.learn(other: 0.3)
    }
    #expect(useless.evidence(0.9) == 0 && law.evidence(.nan) == 0)
  }

  @Test func embeddingsThatDoNotBelongTogetherChangeNothing() {
    func run(_ change: (Int, inout DetectedBox) -> Void) -> [[TrackSnapshot]] {
      var random = TestRandom(seed: 9)
      var tracker = Tracker()
      return (0..<200).map { ordinal in
        var boxes = (0..<4).map { seen(100 + 150 * Double($0) + Double(ordinal), 300, like: $0, using: &random) }
        for index in boxes.indices { change(ordinal + index, &boxes[index]) }
        return tracker.update(Self.frame(ordinal, boxes)).tracks
      }
    }
    let without = run { $1.embedding = nil }
    // Objects that never come near each other are followed the same way with looks, without, and with bad ones.
    #expect(run { _, _ in } == without)
    #expect(run { if $0 % 3 == 1 { $1.embedding = [1, 0] } } == without)
    #expect(run { if $0 % 3 == 1 { $1.embedding = [Float](repeating: .nan, count: 12) } } == without)
    #expect(run { if $0 % 2 == 1 { $1.embedding = nil } } == without)
    #expect(run { $1.embedding = [] } == without)
  }

  /// What it knows of looks goes into its memory: two trackers that share it go on alike.
  @Test func aTrackerGoesOnFromAnothersMemory() throws {
    var random = TestRandom(seed: 10)
    let inputs = (0...600).map { ordinal -> TrackerInput in
      let t = Double(ordinal) / 20
      var boxes = [seen(100 + 5 * t, 700, like: 2, using: &random), seen(900 - 5 * t, 600, like: 3, using: &random)]
      if t < 10 || t > 18 { boxes.append(seen(400 + 2 * t, 300, like: 0, using: &random)) }
      return Self.frame(ordinal, boxes)
    }
    var whole = Tracker()
    let expected = inputs.map { whole.update($0) }
    var first = Tracker()
    for input in inputs[..<300] { _ = first.update(input) }
    var second = Tracker()
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    second.memory = try decoder.decode(Tracker.Memory.self, from: JSONEncoder.plain.encode(first.memory))
    for (input, output) in zip(inputs[300...], expected[300...]) {
      let found = second.update(input)
      #expect(found.tracks == output.tracks && found.changes == output.changes)
    }
    #expect(expected[300...].contains { !$0.changes.isEmpty })
  }
}

extension JSONEncoder {
  /// Infinite numbers included.
  fileprivate static var plain: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
