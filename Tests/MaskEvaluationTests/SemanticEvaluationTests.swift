import Reports
import TestSupport
import Testing

@testable import MaskEvaluation

@Suite struct SemanticEvaluationTests {
  private static let pixels = 60

  /// Labels of two sides: classes 0 to 4, of which a picture holds a few, class 5 beyond the classes and 255, the void.
  private func picture(_ random: inout TestRandom) -> (truth: [UInt8], result: [UInt8]) {
    let present = (0..<(1 + random.index(below: 3))).map { _ in UInt8(random.index(below: 5)) } + [255]
    let truth = (0..<Self.pixels).map { _ in present[random.index(below: present.count)] }
    let result = truth.map { random.index(below: 3) == 0 ? UInt8(random.index(below: 6)) : $0 }
    return (truth, result)
  }

  private let settings = SemanticEvaluation.Settings(classCount: 5, voidLabels: [255])

  private func evaluation(_ pictures: [(truth: [UInt8], result: [UInt8])]) -> SemanticEvaluation {
    var evaluation = SemanticEvaluation(settings)
    for (index, picture) in pictures.enumerated() { evaluation.add("\(index)", truth: picture.truth, result: picture.result) }
    return evaluation
  }

  /// A draw's scores must be those of the confusion of the pictures written out as often as they were drawn.
  @Test func aDrawScoresAsThePicturesWrittenOut() throws {
    var random = TestRandom(seed: 5)
    for _ in 0..<20 {
      let pictures = (0..<9).map { _ in picture(&random) }
      let scores = SemanticPictureScores(evaluation(pictures))
      for _ in 0..<5 {
        let drawn = (0..<9).map { _ in random.index(below: 9) }
        var occurrences = Array(repeating: 0, count: 9)
        var confusion = ClassConfusion(classCount: 5, voidLabels: [255])
        for index in drawn {
          occurrences[index] += 1
          confusion.add(truth: pictures[index].truth, result: pictures[index].result)
        }
        let found = Dictionary(uniqueKeysWithValues: zip(scores.names, scores.scores(occurrences)))
        func check(_ name: ScoreName, _ expected: Double?) throws {
          let value = try #require(found[name])
          #expect(abs(value - (expected ?? .nan)) < 1e-12 || (value.isNaN && expected == nil), "\(name)")
        }
        try check(ScoreName("mIoU"), confusion.meanIoU)
        try check(ScoreName("mean_accuracy"), confusion.meanAccuracy)
        try check(ScoreName("pixel_accuracy"), confusion.pixelAccuracy)
        for label in evaluation(pictures).confusion.classesInTruth {
          try check(ScoreName("IoU", of: "\(label)"), confusion.iou(label))
        }
      }
    }
  }

  @Test func equalResultsDifferByNothingAndTheirIntervalsAreEmpty() throws {
    var random = TestRandom(seed: 8)
    let scores = SemanticPictureScores(evaluation((0..<12).map { _ in picture(&random) }))
    let comparison = ResultComparison([("a", scores), ("b", scores)], parts: "pictures", bootstrap: PairedBootstrap(draws: 40))
    #expect(comparison.rows.first?.name == ScoreName("mIoU") && comparison.count == 12)
    for row in comparison.rows {
      let interval = try #require(row.intervals[0])
      #expect(interval.low == 0 && interval.high == 0 && row.scores[0] == row.scores[1])
    }
  }

  @Test func voidLabelsAtTheEndAreNoClasses() {
    let named = SemanticEvaluation.Settings(voidLabels: [2], names: ["sky", "road", "void"])
    #expect(named.classCount == 2 && named.listsAbsentClasses && named.name(1) == "road" && named.name(7) == "7")
    let open = SemanticEvaluation.Settings(voidLabels: [255])
    #expect(open.classCount == 255 && !open.listsAbsentClasses)
  }

  @Test func theHeadStatesTheProtocol() {
    var evaluation = SemanticEvaluation(SemanticEvaluation.Settings(classCount: 3, voidLabels: [1]))
    evaluation.add("a", truth: [0, 1, 2, 9], result: [0, 0, 0, 0])
    #expect(
      MaskTables.protocolText(evaluation)
        == "semantic, 3 classes (labels 0 to 2); void: label 1 and labels from 3 of the truth, 2 pixels left out; "
        + "one confusion over 1 pictures, mean over the 2 classes that occur in the truth")
    let page = SemanticReport(ReportedResults([("ours", evaluation)], truth: "labels", warnings: [])).html
    #expect(page.contains("label 1 and labels from 3 of the truth") && page.contains("% of the truth") && page.contains("<svg"))
  }

  /// Every pixel of a missing picture is truth that no label of the result meets: two of four pixels of class 0 are hit, none of two of
  /// class 1, and the void one is left out.
  @Test func aMissingPictureCountsAsWrong() {
    var evaluation = SemanticEvaluation(SemanticEvaluation.Settings(classCount: 2))
    evaluation.add("a", truth: [0, 0], result: [0, 0])
    evaluation.add("b", truth: [0, 0, 1, 1, 9], result: nil)
    #expect(evaluation.confusion.iou(0) == 0.5 && evaluation.confusion.iou(1) == 0)
    #expect(evaluation.confusion.pixelAccuracy == 2.0 / 6 && evaluation.voidPixels == 1)
    // Labels that are no class are another mistake, of which there is none here.
    #expect(evaluation.warnings.isEmpty)
  }

  @Test func oddLabelsAreWarnedAbout() {
    var evaluation = SemanticEvaluation(SemanticEvaluation.Settings(classCount: 2))
    evaluation.add("a", truth: [0, 1, 1, 9], result: [0, 200, 1, 200])
    #expect(evaluation.warnings == ["1 pixels of the result (33.33 %) have labels that are no class; they count as wrong"])
    var open = SemanticEvaluation(SemanticEvaluation.Settings())
    open.add("a", truth: [0, 255], result: [0, 0])
    #expect(open.warnings.count == 1 && open.warnings[0].contains("name 255 among the labels without an answer"))
  }
}

@Suite struct LabelNamesTests {
  @Test(arguments: [
    ("sky\nroad\n", ["sky", "road"]), ("index,name,red\r\n0,sky,1\r\n2,car,3\r\n", ["sky", "1", "car"]),
    ("\n 1,a\n\n0,b", ["b", "a"]), ("0,\"ground, \"\"wet\"\"\",7\n1,\"\"\n", ["ground, \"wet\"", ""]),
    ("\"a, b\"\nc d\n", ["a, b", "c d"]),
  ]) func namesAreReadFromLines(text: String, names: [String]) throws {
    #expect(LabelNames.filled(try LabelNames.given(text: text, path: "names")) == names)
  }

  @Test func labelsWithoutANameHaveNone() throws {
    #expect(try LabelNames.given(text: "0,sky\n3,road\n", path: "names") == [0: "sky", 3: "road"])
    #expect(try LabelNames.given(text: "sky\nroad\n", path: "names") == [0: "sky", 1: "road"])
  }

  @Test(arguments: [
    ("", "empty"), ("\n", "no class"), ("0,a\nx,b\n", "line 2"), ("0,a\n256,b\n", "line 2"), ("0,a\n\n0,b\n", "line 3"),
    ("0,a\n1,\"b\n", "line 2"), ("0,\"a\"b\n", "line 1"),
  ])
  func badLinesAreNamed(text: String, said: String) {
    do {
      _ = try LabelNames.given(text: text, path: "names")
      Issue.record("\(text) was read")
    } catch {
      #expect(error.description.contains("names") && error.description.contains(said))
    }
  }
}
