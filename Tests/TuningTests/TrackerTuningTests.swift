import Foundation
import Pipeline
import Testing
import Tracking

@testable import Tuning

@Suite struct TrackerTuningTests {
  private let scene: TuningScene
  private let train: [TuningFiles]
  private let validate: [TuningFiles]

  init() throws {
    scene = try TuningScene()
    train = [try scene.sequence("a", seed: 1), try scene.sequence("b", seed: 2), try scene.sequence("c", seed: 3)]
    validate = [try scene.sequence("d", seed: 4)]
  }

  private func request(_ change: (inout TrackerTuning.Request) -> Void = { _ in }) -> TrackerTuning.Request {
    var request = TrackerTuning.Request(train: train, validate: validate)
    request.framesPerSecond = 10
    request.parameters = ["highScore", "birthProbability", "coasting", "centerError"]
    request.search.candidates = 8
    request.search.simplexSteps = 12
    change(&request)
    return request
  }

  private func reason(_ request: TrackerTuning.Request) -> String {
    do {
      _ = try TrackerTuning(request)
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  // MARK: - The search

  @Test func theSameSeedGivesTheSameSettingsOnAnyNumberOfThreads() throws {
    let outcomes = try [1, 2, 5].map { threads in try TrackerTuning(request { $0.threads = threads }).run() }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.settings == outcomes[0].settings && outcome.trials == outcomes[0].trials)
      #expect(outcome.trainAfter == outcomes[0].trainAfter && outcome.validateAfter == outcomes[0].validateAfter)
    }
    let other = try TrackerTuning(request { $0.search.seed = 7 }).run()
    #expect(other.settings != outcomes[0].settings)
  }

  @Test(arguments: ["HOTA", "MOTA", "IDF1", "assa"])
  func theBestIsNeverWorseThanTheStartInTraining(objective: String) throws {
    let outcome = try TrackerTuning(request { $0.objective = objective }).run()
    let before = try #require(outcome.trainBefore.value(of: objective))
    let after = try #require(outcome.trainAfter.value(of: objective))
    #expect(after >= before)
  }

  @Test func raisesTheScoreOfPoorSettings() throws {
    let outcome = try TrackerTuning(
      request {
        $0.base.birthProbability = 0.03
        $0.base.coasting = 0.05
      }
    ).run()
    let before = try #require(outcome.trainBefore.value(of: "HOTA"))
    #expect(try #require(outcome.trainAfter.value(of: "HOTA")) > before + 0.01)
  }

  @Test func keepsSettingsBeyondTheRangesThatItCannotBetter() throws {
    // A search of one step that must begin within the range, far from the base.
    let outcome = try TrackerTuning(
      request {
        $0.base.maximumGap = 60
        $0.parameters = ["maximumGap"]
        $0.search.candidates = 1
        $0.search.simplexSteps = 0
      }
    ).run()
    let (before, after) = (outcome.trainBefore.value(of: "HOTA"), outcome.trainAfter.value(of: "HOTA"))
    #expect(try #require(after) >= #require(before))
    #expect(outcome.settings.maximumGap == 60 || after != before)
  }

  @Test func theValidationHasNoSayInTheSearch() throws {
    let outcome = try TrackerTuning(request()).run()
    let other = try TrackerTuning(request { $0.validate = [] }.adding(validation: try scene.sequence("e", seed: 5))).run()
    #expect(other.settings == outcome.settings && other.trainAfter == outcome.trainAfter)
    #expect(other.validateAfter != outcome.validateAfter)
  }

  @Test func onlyTheNamedParametersMove() throws {
    var settings = try TrackerTuning(request { $0.parameters = ["coasting"] }).run().settings
    settings.coasting = TrackerSettings().coasting
    #expect(settings == TrackerSettings())
  }

  // MARK: - Refusals

  @Test func refusesSequencesInBothPartsUnderAnyName() throws {
    #expect(reason(request { $0.validate = [train[1]] }).contains("both the training and the validation"))
    let link = scene.folder.appendingPathComponent("link.txt").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: train[0].truth)
    let hidden = TuningFiles(name: "other", truth: link, detections: validate[0].detections)
    #expect(reason(request { $0.validate = [hidden] }).contains("both the training and the validation"))
    #expect(reason(request { $0.train.append(train[0]) }).contains("given twice"))
  }

  @Test func refusesWhatTheFilesDoNotHave() throws {
    #expect(reason(request { $0.validate[0].detections = "/nowhere/det.txt" }).contains("/nowhere/det.txt"))
    let empty = TuningFiles(name: "none", truth: try scene.write("", to: "none.txt"), detections: validate[0].detections)
    #expect(reason(request { $0.validate = [empty] }).contains("the truth of the validation sequences has no box"))
    #expect(reason(request { $0.train = [empty] }).contains("the truth of the training sequences has no box"))
    let classes = try scene.write("1,-1,10,10,20,20,0.9,3\n", to: "cars.txt")
    let cars = TuningFiles(name: "cars", truth: validate[0].truth, detections: classes)
    #expect(
      reason(
        request {
          $0.className = "bus"
          $0.validate = [cars]
        }
      ).contains("no such class"))
  }

  @Test func refusesParametersAndObjectivesThatAreNone() {
    #expect(reason(request { $0.parameters = ["highScores"] }).contains("there are highScore,"))
    #expect(reason(request { $0.parameters = ["coasting", "coasting"] }).contains("name each once"))
    #expect(reason(request { $0.objective = "HOTAA" }).contains("the objective HOTAA"))
  }

  @Test func saysThatARateWasAssumed() throws {
    #expect(try TrackerTuning(request { $0.framesPerSecond = nil }).warnings.contains { $0.contains("30 is assumed") })
    #expect(try TrackerTuning(request()).warnings.isEmpty)
  }
}

extension TrackerTuning.Request {
  fileprivate func adding(validation files: TuningFiles) -> TrackerTuning.Request {
    var request = self
    request.validate.append(files)
    return request
  }
}
