import Geometry
import Records
import Reports
import TestSupport
import Testing

@testable import MaskEvaluation

@Suite struct StreamMasksTests {
  private let width = 30
  private let height = 20

  private func square(_ left: Int, _ top: Int, _ side: Int) -> RunLengthMask? {
    RunLengthMask(width: width, height: height, columns: left..<left + side, rows: top..<top + side) { _, _ in true }
  }

  private func stream(_ frames: [[Int: RunLengthMask?]]) -> [UInt8] {
    var encoder = StreamEncoder(classes: ["object"])
    let box = OrientedBox(center: Point(5, 5), width: 4, height: 2, angle: 0)
    return frames.enumerated().flatMap { index, masks in
      let tracks = masks.keys.sorted().map { TrackRecord(id: $0, classIndex: 0, box: box, mask: masks[$0] ?? nil) }
      return encoder.line(.frame(FrameRecord(frame: index, time: Double(index), tracks: tracks)))
    }
  }

  /// The twin: each track as the one label of pictures.
  @Test func anObjectHasTheTrackThatFitsItBestAsPicturesOfThatTrackAloneHaveIt() throws {
    let truth = [square(3, 4, 8), square(5, 4, 8), square(7, 4, 8)].map { $0?.pixels ?? [] }
    let tracks: [[Int: RunLengthMask?]] = [
      [7: square(4, 4, 8), 300: square(20, 1, 5)], [300: square(5, 4, 8)], [7: square(8, 5, 8), 300: square(7, 4, 8)],
    ]
    var measured = MaskSequence(.unsupervised)
    for (truth, masks) in zip(truth, tracks) {
      measured.add(truth: truth, tracks: masks.compactMapValues(\.self), width: width, height: height)
    }
    let twins = [7, 300].compactMap { id -> MaskObjectScore? in
      var twin = MaskSequence(.unsupervised)
      for (truth, masks) in zip(truth, tracks) {
        let result = masks[id].flatMap(\.self)?.pixels ?? [UInt8](repeating: 0, count: width * height)
        twin.add(truth: truth, result: result, width: width, height: height)
      }
      return twin.scores().first
    }
    #expect(measured.scores() == [twins.max { $0.mean < $1.mean }].compactMap(\.self))
  }

  @Test func aStreamWithoutMasksOrOfAnotherSizeIsRefused() throws {
    let scratch = try ScratchFolder()
    let empty = try scratch.write(stream([[1: nil]]), to: "empty.ndjson")
    #expect(throws: EvaluationError.self) { try StreamMasks(path: empty) }
    let masks = try StreamMasks(path: scratch.write(stream([[1: square(1, 1, 4)]]), to: "masks.ndjson"))
    #expect(masks.frames == [0: [1: try #require(square(1, 1, 4))]])
    let truth = LabelImage(width: 10, height: 10, labels: [UInt8](repeating: 1, count: 100))
    #expect(throws: EvaluationError.self) { try masks.masks(frame: 0, truth: truth, truthPath: "0.png") }
    #expect(try masks.masks(frame: 1, truth: truth, truthPath: "1.png").isEmpty)
  }

  @Test func truthBehindTheEndOfTheStreamIsRefused() throws {
    let scratch = try ScratchFolder()
    let masks = try StreamMasks(path: scratch.write(stream([[1: square(1, 1, 4)], [1: nil]]), to: "masks.ndjson"))
    func sequence(_ names: [String]) -> MaskSequenceFiles {
      MaskSequenceFiles(name: "s", frames: names.map { .init(name: $0, truth: "", result: nil) })
    }
    // A frame without masks is a frame.
    try masks.check(sequence(["00001", "00002"]))
    #expect { try masks.check(sequence(["00002", "00003"])) } throws: {
      "\($0)".contains("it ends with frame 1, and the first picture of s is of frame 2")
    }
  }

  @Test func whatDoesNotBelongTogetherIsTold() throws {
    let scratch = try ScratchFolder()
    // Three frames, and no end record.
    let frames: [[Int: RunLengthMask?]] = [[1: square(1, 1, 4)], [1: square(2, 1, 4)], [1: square(3, 1, 4)]]
    let masks = try StreamMasks(path: scratch.write(stream(frames), to: "masks.ndjson"))
    func warnings(_ names: [String]) -> [String] {
      masks.warnings(MaskSequenceFiles(name: "s", frames: names.map { .init(name: $0, truth: "", result: nil) }))
    }
    let cut = "\(masks.path): the stream has no end record: it was cut off or is still being written"
    #expect(warnings(["0", "1", "2"]) == [cut])
    #expect(warnings(["frame_00000", "frame_00001", "frame_00002"]) == [cut])
    let fromOne = warnings(["1", "2", "3"])
    #expect(fromOne.contains("s: 1 of 3 pictures are of frames behind the stream's end, 2; they count as empty"))
    #expect(fromOne.contains("\(masks.path): 1 of its 3 frames have no picture in s; they are left out"))
    for names in [["0", "ten", "2"], ["00", "0", "1"]] { #expect(warnings(names).contains { $0.contains("taken in their order") }) }
  }

  @Test func framesHaveTheNumbersOfTheirNamesElseTheirPlaces() {
    func frames(_ names: [String]) -> [Int] {
      MaskSequenceFiles(name: "s", frames: names.map { .init(name: $0, truth: "", result: nil) }).frameNumbers
    }
    #expect(frames(["00003", "00004"]) == [3, 4])
    #expect(frames(["a3", "a4"]) == [3, 4])
    #expect(frames(["a3", "b4"]) == [0, 1])
  }
}
