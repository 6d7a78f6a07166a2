import Foundation
import Geometry
import Records
import Reports
import TestSupport
import Testing

@testable import TrackEvaluation

/// Tracks of masks: TrackEval's scores, and what is refused or told.
@Suite struct MaskTrackTests {
  /// A rectangle of pixels as a MOTS line.
  private func line(
    _ frame: Int, _ id: Int, _ number: Int, x: Range<Int>, y: Range<Int>, size: (width: Int, height: Int) = (40, 30)
  ) -> String {
    var pixels = [UInt8](repeating: 0, count: size.width * size.height)
    for row in y { for column in x { pixels[row * size.width + column] = 1 } }
    let mask = RunLengthMask(width: size.width, height: size.height, pixels: pixels)
    return "\(frame) \(id) \(number) \(size.height) \(size.width) \(mask?.compressed ?? "")\n"
  }

  /// One object that moves to the right.
  private func object(_ frames: ClosedRange<Int>, id: Int, _ number: Int = 2) -> String {
    frames.map { line($0, id, number, x: $0..<$0 + 10, y: 3..<13) }.joined()
  }

  private func evaluate(_ truth: String, _ result: String, _ change: (inout TrackEvaluationOptions) -> Void = { _ in }) throws
    -> TrackSequenceEvaluation
  {
    let scratch = try ScratchFolder()
    let files = try scratch.sequence(truth: truth, result: result)
    var options = TrackEvaluationOptions()
    change(&options)
    return try MaskTrackEvaluator.evaluate(files, options)
  }

  // MARK: - Parity

  /// Sequences of both benchmarks with TrackEval 1.3.0's scores, made by `Benchmarks/evaluation/mask_parity.py --fixture`.
  private struct Stored: Decodable {
    struct Sequence: Decodable {
      var name: String
      var frames: Int
      var truth: String
      var result: String
    }
    var sequences: [Sequence]
    /// Class, sequence or COMBINED, field.
    var scores: [String: [String: [String: Double]]]
  }

  @Test(arguments: ["kitti", "mots"]) func agreesWithTrackEval(benchmark: String) throws {
    let stored = try #require(try StoredFixture.load("mask-sequences.json", as: [String: Stored].self)[benchmark])
    let scratch = try ScratchFolder()
    for sequence in stored.sequences {
      let truth = benchmark == "kitti" ? "truth/label_02/\(sequence.name).txt" : "truth/\(sequence.name)/gt/gt.txt"
      try scratch.write(sequence.truth, to: truth)
      try scratch.write(sequence.result, to: "result/data/\(sequence.name).txt")
      if benchmark == "mots" {
        try scratch.write("[Sequence]\nseqLength=\(sequence.frames)\n", to: "truth/\(sequence.name)/seqinfo.ini")
      }
    }
    let map = stored.sequences.map { "\($0.name) empty 000000 \($0.frames - 1)\n" }.joined()
    if benchmark == "kitti" { try scratch.write(map, to: "truth/evaluate_mots.seqmap.val") }
    let root = scratch.url.path
    let evaluation = try MaskTrackEvaluator.run(
      name: "made", truth: root + "/truth", result: root + "/result", TrackEvaluationOptions())
    #expect(evaluation.sequences.map(\.frames) == stored.sequences.map(\.frames))
    var compared = 0
    for (name, parts) in stored.scores {
      for (sequence, fields) in parts {
        let part = evaluation.parts(of: name).first { $0.sequence == sequence }?.evaluation.scores
        guard let scores = sequence == "COMBINED" ? evaluation.combined(name) : part else {
          #expect(fields["CLR_TP"] == 0 && fields["CLR_FN"] == 0 && fields["CLR_FP"] == 0, "a class that neither side has")
          continue
        }
        for (field, expected) in fields {
          let value = try #require(scores.value(of: field), "\(field)")
          // The fixture has 13 digits.
          #expect(abs(value - expected) <= 1e-11 * max(1, abs(expected)), "\(name) \(sequence) \(field): \(value), not \(expected)")
          compared += 1
        }
      }
    }
    #expect(compared > 150)
  }

  // MARK: - Regions and classes

  @Test func ignoresMasksWithinRegions() throws {
    let truth = (1...5).map { line($0, 2001, 2, x: 2..<12, y: 3..<13) + line($0, 10_000, 10, x: 20..<40, y: 0..<30) }.joined()
    // Half of the object's pixels, and a mask inside the region.
    let result = (1...5).map { line($0, 1, 2, x: 2..<12, y: 3..<9) + line($0, 2, 2, x: 25..<30, y: 5..<9) }.joined()
    let evaluation = try evaluate(truth, result)
    let scores = try #require(evaluation.classes.first).scores
    #expect(evaluation.classes.map(\.className) == ["pedestrian"])
    #expect(scores.clear?.truePositives == 5 && scores.clear?.falsePositives == 0)
    #expect(abs(try #require(scores.value(of: "MOTP")) - 0.6) < 1e-12)
    let strict = try evaluate(truth, result) { $0.preprocessing = TrackPreprocessing.none }
    #expect(strict.classes[0].scores.clear?.falsePositives == 5)
  }

  @Test func leavesOutClassesThatTheTruthHasNowhereAndSaysSo() throws {
    let scratch = try ScratchFolder()
    let truth = try scratch.write(object(1...5, id: 1), to: "gt.txt")
    let result = try scratch.write(
      object(1...5, id: 1) + (1...5).map { line($0, 9, 1, x: 0..<9, y: 20..<25) }.joined(), to: "s.txt")
    var options = TrackEvaluationOptions()
    let evaluation = try MaskTrackEvaluator.run(name: "s", truth: truth, result: result, options)
    #expect(evaluation.classes == ["pedestrian"])
    #expect(evaluation.warnings.contains { $0.contains("classes car") && $0.contains("left out") })
    options.takesClassesAsOne = true
    let one = try MaskTrackEvaluator.run(name: "s", truth: truth, result: result, options)
    #expect(one.combined(nil).clear?.falsePositives == 5)
    options.preprocessing = .kitti
    #expect(throws: EvaluationError.self) { try MaskTrackEvaluator.run(name: "s", truth: truth, result: result, options) }
  }

  // MARK: - Frames

  @Test(arguments: [0, 1]) func countsFramesAsTheTruthDoes(first: Int) throws {
    let frames = first...first + 19
    let switched = object(first...first + 9, id: 1) + object(first + 10...first + 19, id: 2)
    let evaluation = try evaluate(object(frames, id: 7), switched)
    #expect(evaluation.frames == 20 && evaluation.firstFrame == first)
    #expect(evaluation.classes[0].events.map { $0.frame + evaluation.firstFrame } == [first + 10])
    // For the picture of the switch: the box around the mask, which spans several columns.
    let box = OrientedBox(AxisBox(left: Double(first + 10), top: 3, width: 10, height: 10))
    #expect(evaluation.classes[0].events.map(\.truthBox) == [box] && evaluation.classes[0].events.map(\.resultBox) == [box])
    let part = try evaluate(object(frames, id: 7), switched) { $0.frames = 5...15 }
    #expect(part.frames == 11)
    #expect(part.classes[0].scores.clear?.truePositives == 11)
    #expect(part.classes[0].events.map { $0.frame + part.firstFrame } == [first + 10])
  }

  @Test func tellsOfFramesThatDoNotFit() throws {
    #expect(try evaluate(object(1...25, id: 1), object(1...25, id: 1)).warnings.isEmpty)
    let missing = try evaluate(object(1...20, id: 1), object(1...10, id: 1))
    #expect(missing.warnings.contains { $0.contains("no masks in 10 of 20 frames with truth (the first is 11)") })
    let narrow = { (shift: Int) in (1...30).map { self.line($0 + shift, 1, 2, x: $0..<$0 + 4, y: 3..<13) }.joined() }
    let shifted = try evaluate(narrow(0), narrow(1))
    #expect(shifted.warnings.contains { $0.contains("frames moved by -1") })
    let empty = try evaluate(object(1...20, id: 1), "")
    #expect(empty.warnings.contains { $0.contains("has no masks") } && empty.classes[0].scores.value(of: "HOTA") == 0)
  }

  // MARK: - Bad input

  @Test func refusesMasksThatAreNone() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("1 1 2 30 40 ;;;\n1 2 2 30\n1 x 2 30 40 0\n", to: "s.txt")
    #expect(throws: RecordsError.self) { try MaskTrackReader.read(path: path) }
    let blank = try scratch.write(" \n\n", to: "blank.txt")
    #expect(throws: RecordsError.self) { try MaskTrackReader.read(path: blank) }
    #expect(try MaskTrackReader.read(path: scratch.write("", to: "empty.txt")).rows.isEmpty)
  }

  /// Mutated texts give scores or an error that names the file, never a crash.
  @Test func survivesMutations() throws {
    let scratch = try ScratchFolder()
    let truth = try scratch.write(object(1...4, id: 1) + line(2, 10_000, 10, x: 20..<40, y: 0..<30), to: "gt.txt")
    let seed = Array((object(1...4, id: 5) + line(3, 6, 1, x: 25..<30, y: 5..<9)).utf8)
    var random = TestRandom(seed: 11)
    for _ in 0..<400 {
      var bytes = seed
      for _ in 0...random.index(below: 3) {
        let place = random.index(below: bytes.count)
        switch random.index(below: 4) {
        case 0: bytes[place] = UInt8(32 + random.index(below: 90))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: Array(["99999999", " ", "\n", "-1", "0"][random.index(below: 5)].utf8), at: place)
        default: bytes = Array(bytes[...place])
        }
      }
      let result = try scratch.write(String(decoding: bytes, as: UTF8.self), to: "s.txt")
      do {
        let evaluation = try MaskTrackEvaluator.run(name: "s", truth: truth, result: result, TrackEvaluationOptions())
        #expect(evaluation.sequences.count == 1)
      } catch {
        #expect("\(error)".contains("s.txt"))
      }
    }
  }

  @Test func refusesFramesOfMoreMasksThanCanBeCompared() throws {
    // Empty masks overlap nothing, so any number of them may stand in a frame.
    let crowd = (1...10_001).map { line(7, $0, 2, x: 0..<0, y: 0..<0, size: (4, 4)) }.joined()
    let error = #expect(throws: EvaluationError.self) { try evaluate(crowd, crowd) }
    #expect("\(try #require(error))".contains("frame 7 of s has 10001 masks in the truth and 10001 in the result"))
  }

  @Test func refusesWhatMOTSDoesNotAllow() throws {
    let truth = object(1...5, id: 1)
    func reason(_ result: String) -> String {
      do {
        _ = try evaluate(truth, result)
        return "nothing was refused"
      } catch {
        return "\(error)"
      }
    }
    #expect(reason(truth + line(3, 1, 2, x: 20..<25, y: 20..<25)).contains("s.txt: frame 3 has the id 1 twice"))
    #expect(reason(truth + line(3, 2, 2, x: 12..<25, y: 10..<25)).contains("frame 3 has overlapping masks, of the ids 1 and 2"))
    let other = line(4, 2, 2, x: 0..<3, y: 0..<3, size: (20, 15))
    #expect(reason(truth + other).contains("frame 4 has a mask of 20x15 pixels where others have 40x30"))
  }
}

@Suite struct MaskRunsTests {
  /// Against the pixels themselves.
  @Test func hullUnionAndOverlapAreThoseOfThePixels() throws {
    var random = TestRandom(seed: 3)
    for _ in 0..<300 {
      let (width, height) = (1 + random.index(below: 7), 1 + random.index(below: 7))
      let density = 1 + random.index(below: 6)
      let pixels = (0..<2).map { _ in (0..<width * height).map { _ in random.index(below: density) == 0 ? UInt8(1) : 0 } }
      let masks = try pixels.map { MaskRuns(try #require(RunLengthMask(width: width, height: height, pixels: $0))) }
      let inside = pixels[0].indices.filter { pixels[0][$0] != 0 }
      let (xs, ys) = (inside.map { $0 % width }, inside.map { $0 / width })
      if let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() {
        #expect(
          masks[0].hull
            == AxisBox(left: Double(left), top: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1)))
      } else {
        #expect(masks[0].hull == nil)
      }
      let either = pixels[0].indices.count { pixels[0][$0] != 0 || pixels[1][$0] != 0 }
      let both = pixels[0].indices.count { pixels[0][$0] != 0 && pixels[1][$0] != 0 }
      #expect(MaskRuns(union: masks).area == either)
      #expect(masks[0].intersectionArea(with: masks[1]) == both)
      #expect(MaskRuns(union: masks).intersectionArea(with: masks[1]) == masks[1].area)
    }
  }
}
