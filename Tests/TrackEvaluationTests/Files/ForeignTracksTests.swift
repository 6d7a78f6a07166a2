import Foundation
import Records
import Reports
import TestSupport
import Testing

@testable import TrackEvaluation

/// Tracks in the forms of other tools, each against scores that can be counted by hand.
@Suite struct ForeignTracksTests {
  private func evaluate(truth: String, result: String, suffix: String = "txt") throws -> TrackResultEvaluation {
    let scratch = try ScratchFolder()
    let files = (try scratch.write(truth, to: "truth.\(suffix)"), try scratch.write(result, to: "result.\(suffix)"))
    return try TrackResultEvaluation.run(name: "r", truth: files.0, result: files.1, TrackEvaluationOptions(), threads: 1)
  }

  /// Two regions, a car, a pedestrian, and an "other" that nothing is asked of; the result has a car within the region.
  @Test func visDroneIgnoresItsRegionsAndOthers() throws {
    let truth =
      "1,0,593,43,174,190,0,0,0,0\n2,0,592,43,174,189,0,0,0,0\n1,1,100,100,40,30,1,4,0,0\n2,1,104,100,40,30,1,4,0,1\n"
      + "1,2,300,200,20,40,1,1,0,0\n2,2,302,200,20,40,1,1,1,2\n1,3,400,300,30,30,1,11,0,0\n2,3,402,300,30,30,1,11,0,0\n"
    let result =
      "1,1,100,100,40,30,0.9,4,-1,-1\n2,1,104,100,40,30,0.9,4,-1,-1\n1,2,300,200,20,40,0.8,1,-1,-1\n2,2,302,200,20,40,0.8,1,-1,-1\n"
      + "1,9,600,60,30,30,0.7,4,-1,-1\n2,9,602,60,30,30,0.7,4,-1,-1\n"
    let evaluation = try evaluate(truth: truth, result: result)
    #expect(evaluation.classes.compactMap { $0 }.sorted() == ["car", "pedestrian"])
    for name in ["car", "pedestrian"] {
      let scores = try #require(evaluation.combined(name).clear)
      #expect(scores.truePositives == 2 && scores.falsePositives == 0 && scores.falseNegatives == 0)
    }
  }

  @Test func classZeroIsThePedestrianOfMOTChallenge() throws {
    let truth = "1,1,105,100,50,80,1,1,1\n2,1,110,100,50,80,1,1,1\n"
    for result in [
      "1,1,105,100,50,80,0.9,0,-1,-1\n2,1,110,100,50,80,0.9,0,-1,-1\n", "1 1 105 100 50 80 0.9 0 -1\n2 1 110 100 50 80 0.9 0 -1\n",
    ] {
      let evaluation = try evaluate(truth: truth, result: result)
      #expect(evaluation.combined("pedestrian").clear?.truePositives == 2)
      #expect(evaluation.combined("pedestrian").clear?.falsePositives == 0)
    }
  }

  /// Two videos whose objects have the same numbers, in the same places: together they would be switches of identity.
  private func videos(identity: String, moved: Int = 0) -> String {
    let frames = (0..<6).map { ($0, $0 / 3 + 1, $0 % 3) }
    let images = frames.map { "{\"id\":\($0.0),\"video_id\":\($0.1),\"frame_id\":\($0.2)}" }
    let boxes = frames.map {
      "{\"id\":\($0.0),\"image_id\":\($0.0),\"category_id\":1,\(identity)\"bbox\":[\($0.2 * 5 + $0.1 * 100 + moved),100,40,30]}"
    }
    return "{\"videos\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"}],\"categories\":[{\"id\":1,\"name\":\"car\"}],"
      + "\"images\":[\(images.joined(separator: ","))],\"annotations\":[\(boxes.joined(separator: ","))]}"
  }

  @Test func eachVideoOfAFileIsASequence() throws {
    let evaluation = try evaluate(
      truth: videos(identity: "\"instance_id\":7,"), result: videos(identity: "\"track_id\":1,"), suffix: "json")
    #expect(evaluation.sequences.map(\.name) == ["a", "b"])
    let scores = evaluation.combined("car")
    #expect(scores.value(of: "IDF1") == 1 && scores.clear?.identitySwitches == 0 && scores.clear?.truePositives == 6)
  }

  /// The same videos without their list: their ids are known from the images.
  @Test(arguments: [true, false])
  func videosWithoutNamesAreMatchedByTheirIDs(isTruth: Bool) throws {
    let named = videos(identity: "\"track_id\":1,")
    let nameless = named.replacing("\"videos\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"}],", with: "")
    let evaluation = try evaluate(truth: isTruth ? nameless : named, result: isTruth ? named : nameless, suffix: "json")
    #expect(evaluation.sequences.map(\.name).sorted() == ["a", "b"] && evaluation.combined("car").value(of: "IDF1") == 1)
  }

  @Test func aFormatThatIsToldIsTheOneThatIsRead() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write(videos(identity: "\"track_id\":1,"), to: "a.json")
    for (format, isRead) in [(BoxFormat.coco, true), (.mot, false), (.visDrone, false), (.yolo, false)] {
      var options = TrackEvaluationOptions()
      options.truthFormat = format
      options.resultFormat = format
      options.imageSize = (640, 480)
      let run = Result { try TrackResultEvaluation.run(name: "r", truth: file, result: file, options, threads: 1) }
      #expect(((try? run.get()) != nil) == isRead, "\(format)")
    }
  }

  @Test func videosThatAreNotTheTruthsAreRefused() throws {
    let truth = videos(identity: "\"track_id\":1,")
    let other = truth.replacing("\"name\":\"a\"", with: "\"name\":\"x\"").replacing("\"name\":\"b\"", with: "\"name\":\"y\"")
    let error = #expect(throws: EvaluationError.self) { try evaluate(truth: truth, result: other, suffix: "json") }
    #expect("\(try #require(error))".contains("(\"x\" and \"y\") is one of the truth"))
  }

  /// Two pictures of 1000x500, a car that moves by 20 pixels: folders of labels, which are one sequence each.
  @Test(arguments: [nil, BoxFormat.yolo]) func foldersOfYOLOWithIdentitiesAreSequences(format: BoxFormat?) throws {
    let scratch = try ScratchFolder()
    for (frame, x) in [(1, "0.50"), (2, "0.52"), (3, "0.54")] {
      try scratch.write("2 \(x) 0.5 0.1 0.2 7\n", to: "truth/clip_\(frame).txt")
      try scratch.write("2 \(x) 0.5 0.1 0.2 \(frame == 3 ? 4 : 3)\n", to: "result/clip_\(frame).txt")
    }
    var options = TrackEvaluationOptions()
    options.truthFormat = format
    options.resultFormat = format
    options.imageSize = (1000, 500)
    let evaluation = try TrackResultEvaluation.run(
      name: "r", truth: scratch.file("truth"), result: scratch.file("result"), options, threads: 1)
    let scores = evaluation.combined("2")
    #expect(evaluation.sequences.map(\.name) == ["truth"] && evaluation.sequences[0].frames == 3)
    #expect(scores.clear?.truePositives == 3 && scores.clear?.identitySwitches == 1)
    #expect(evaluation.warnings.isEmpty)
    options.imageSize = nil
    #expect(throws: RecordsError.unknownImageSize(path: scratch.file("truth"))) {
      try TrackResultEvaluation.run(name: "r", truth: scratch.file("truth"), result: scratch.file("result"), options, threads: 1)
    }
  }

  /// Sequences as folders of DeepStream's files, against the same boxes in CSV.
  @Test func foldersOfFoldersAreSequencesToo() throws {
    let scratch = try ScratchFolder()
    for name in ["A", "B"] {
      for frame in [0, 2] {
        let row = "car 7 0.0 0 0.0 \(100 + frame).0 200.0 160.0 240.0 0 0 0 0 0 0 0 0.9\n"
        try scratch.write(row, to: "truth/\(name)/00_000_00000\(frame).txt")
      }
      let rows = [0, 2].map { "\($0),5,car,\(100 + $0),200,160,240\n" }.joined()
      try scratch.write("frame,track_id,class,x1,y1,x2,y2\n" + rows, to: "result/\(name).csv")
    }
    let evaluation = try TrackResultEvaluation.run(
      name: "r", truth: scratch.file("truth"), result: scratch.file("result"), TrackEvaluationOptions(), threads: 1)
    #expect(evaluation.sequences.map(\.name) == ["A", "B"])
    #expect(evaluation.combined("car").clear?.truePositives == 4 && evaluation.combined("car").clear?.falsePositives == 0)
  }

  /// CVAT's truth has its own classes, by which results in MOTChallenge's format are numbered.
  @Test func classesOfCVATAreItsOwn() throws {
    let scratch = try ScratchFolder()
    let rows = "1,1,105,100,50,80,1,1,1\n2,1,110,100,50,80,1,1,1\n1,2,300,100,50,80,1,2,1\n2,2,310,100,50,80,1,2,1\n"
    let truth = try scratch.write(rows, to: "seq/gt/gt.txt")
    try scratch.write("person\ncar\n", to: "seq/gt/labels.txt")
    let result = try scratch.write(rows, to: "result.txt")
    let evaluation = try TrackResultEvaluation.run(name: "r", truth: truth, result: result, TrackEvaluationOptions(), threads: 1)
    #expect(evaluation.classes.compactMap { $0 }.sorted() == ["car", "person"] && evaluation.sequences[0].preprocessing == .none)
    for name in ["car", "person"] { #expect(evaluation.combined(name).clear?.truePositives == 2) }
  }

  @Test func aTruthWithoutIdentitiesIsRefused() throws {
    let error = #expect(throws: RecordsError.self) {
      try evaluate(truth: videos(identity: ""), result: videos(identity: "\"track_id\":1,"), suffix: "json")
    }
    #expect(error?.description.contains("no identities") == true)
    #expect(throws: RecordsError.self) { try evaluate(truth: "1,-1,105,100,50,80,1\n", result: "1,1,105,100,50,80,1\n") }
  }
}
