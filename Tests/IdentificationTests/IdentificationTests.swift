import Foundation
import Testing

@testable import Identification
@testable import Splines

@Suite struct IdentificationOfKnownSystemsTests {
  private func settings(_ form: ModelForm) -> Identification.Settings {
    var settings = Identification.Settings()
    settings.form = form
    return settings
  }

  @Test func aLinearSystemIsFoundExactly() throws {
    let u = TestSystems.noise(3000, seed: 11)
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0))
    let found = try Identification(record: record, training: 0..<2000, validation: 2000..<3000, settings: settings(.linear))
    // z² - 1.4 z + .9
    for pole in found.linear.linearized.poles {
      #expect(abs(pole.real - 0.7) < 1e-6 && abs(abs(pole.imaginary) - (0.9 - 0.49).squareRoot()) < 1e-6)
    }
    let run = try found.linear.freeRun(over: record, rows: 2000..<3000)
    #expect(run.rootMeanSquareError(against: record, skipped: 50) < 1e-6)
  }

  /// The curve must be the cubic up to what the linear part can hold: a straight line. Also where there is no noise, and no error to compare with.
  @Test(arguments: [0, 0.002, 0.006]) func theSpringOfADuffingOscillatorIsFound(deviation: Double) throws {
    let u = TestSystems.noise(6000, seed: 12).map { 1.5 * $0 }
    let y = TestSystems.duffing(u, cubic: 0.4)
    let noise = TestSystems.noise(6000, seed: 13)
    let record = SignalRecord(input: u, output: zip(y, noise).map { $0 + deviation * $1 })
    var settings = settings(.acceleration)
    settings.snaps = true
    let found = try Identification(record: record, training: 0..<4000, validation: 4000..<5000, settings: settings)
    let truth = SignalRecord(input: u, output: y)
    let linear = try found.linear.freeRun(over: truth, rows: 5000..<6000).rootMeanSquareError(against: truth, skipped: 50)
    let curved = try found.model.freeRun(over: truth, rows: 5000..<6000).rootMeanSquareError(against: truth, skipped: 50)
    #expect(curved < linear / 10)
    #expect(curved < 0.002)
    let snapped = try #require(found.snapped)
    guard case .formula(let kept) = snapped.stateMap.links[0].edge.curve else {
      Issue.record("the edge is no formula")
      return
    }
    // In scaled units y = s z + m, so -0.4 y³ / s holds -0.4 s² z³, and a part in z² because the mean m is not zero.
    #expect(kept.terms.contains(.power(3)) && Set(kept.terms).isSubset(of: [.power(2), .power(3)]))
    let cubic = zip(kept.terms, kept.factors).first { $0.0 == .power(3) }?.1 ?? 0
    let scale = snapped.scaling.outputs[0].scale
    #expect(abs(cubic / (scale * scale) + 0.4) < 0.008)
  }

  @Test func threadsDoNotChangeTheResult() throws {
    let u = TestSystems.noise(20_000, seed: 5)
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0.4))
    var models: [StateSpaceModel] = []
    for threads in [1, 2, 3] {
      var settings = settings(.acceleration)
      settings.threads = threads
      models.append(try Identification(record: record, training: 0..<17_000, validation: 17_000..<20_000, settings: settings).model)
    }
    #expect(models[0] == models[1] && models[0] == models[2])
  }

  /// Only the first of the two static curves of the full form matters here; the others must fall to the group penalty.
  @Test func theFullFormKeepsTheEdgesThatAreThere() throws {
    let u = TestSystems.noise(4000, seed: 21).map { 1.5 * $0 }
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0.4))
    var settings = settings(.full)
    settings.intervals = 6
    settings.groupPenalty = 1e-3
    settings.smoothness = [1e-5]
    let found = try Identification(record: record, training: 0..<3000, validation: 3000..<4000, settings: settings)
    let run = try found.model.freeRun(over: record, rows: 3000..<4000)
    let linear = try found.linear.freeRun(over: record, rows: 3000..<4000)
    #expect(run.rootMeanSquareError(against: record, skipped: 50) < linear.rootMeanSquareError(against: record, skipped: 50) / 5)
    #expect(!found.pruned.isEmpty)
    #expect(found.pruned.allSatisfy { $0 != "x1' <- x1" })
  }

  /// The project's bar for a model in continuous time: at half and twice the rate no more than 1.2 times the error.
  @Test func aModelOfThirtyHertzRunsAtFifteenAndSixty() throws {
    let coarse = TestSystems.noise(1500, seed: 31).map { 6 * $0 }
    // The same input at 60 Hz: straight lines between the samples at 15 Hz.
    func input(_ rate: Int) -> [Double] {
      let part = rate / 15
      return (0..<(coarse.count - 1) * part).map {
        coarse[$0 / part] + (coarse[$0 / part + 1] - coarse[$0 / part]) * Double($0 % part) / Double(part)
      }
    }
    func record(_ rate: Int, noise: Double) -> SignalRecord {
      let u = input(rate)
      let y = TestSystems.oscillator(u, rate: Double(rate), damping: 0.6, stiffness: 8, cubic: 4)
      return SignalRecord(input: u, output: zip(y, TestSystems.noise(y.count, seed: 33)).map { $0 + noise * $1 })
    }
    var settings = settings(.kinematic)
    settings.clock = .continuous(sampleTime: 1.0 / 30, maximumStep: 1.0 / 60, hold: .linear)
    settings.intervals = 8
    let rows = 0..<1800
    let training = record(30, noise: 0.01)
    let found = try Identification(record: training, training: rows, validation: 1800..<2400, settings: settings)
    var errors: [Int: Double] = [:]
    for rate in [15, 30, 60] {
      let truth = record(rate, noise: 0)
      let test = 2400 * rate / 30..<2990 * rate / 30
      let model = found.model.resampled(to: 1 / Double(rate))
      errors[rate] = try model.freeRun(over: truth, rows: test).rootMeanSquareError(against: truth, skipped: 50)
    }
    #expect(errors[15]! <= 1.2 * errors[30]! && errors[60]! <= 1.2 * errors[30]!)
    #expect(errors[30]! < 0.01)
  }

  @Test func gradientDescentFallsTowardsTheSameModel() throws {
    let u = TestSystems.noise(600, seed: 41)
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0.4))
    let scaling = try SignalScaling(of: record, rows: 0..<600)
    let start = try LinearStart(record.scaled(by: scaling), rows: 0..<600, order: 2)
    let model = StateSpaceModel.observer(start, scaling: scaling)
    let fit = SimulationFit(record: record, scaling: scaling, training: 0..<600)
    let best = try fit.run(from: model)
    var settings = AdamFit.Settings()
    settings.passes = 600
    settings.rate = 1e-4
    let found = try AdamFit(fit, settings: settings).run(from: model)
    #expect(found.meanSquare >= best.meanSquare * (1 - 1e-9))
    #expect(found.meanSquare < (try fit.trainingError(of: model)) * (try fit.trainingError(of: model)) * 1.001)
    #expect(found.meanSquare < best.meanSquare * 1.5)
  }
}

@Suite struct IdentificationRefusalTests {
  private let u = TestSystems.noise(400, seed: 51)

  private func identify(
    _ record: SignalRecord, training: Range<Int> = 0..<300, validation: Range<Int> = 300..<400,
    _ change: (inout Identification.Settings) -> Void = { _ in }
  ) throws {
    var settings = Identification.Settings()
    change(&settings)
    _ = try Identification(record: record, training: training, validation: validation, settings: settings)
  }

  @Test func refusesSignalsThatSayNothing() {
    let flat = [Double](repeating: 3, count: 400)
    #expect(throws: IdentificationError.constant(signal: "the input")) { try identify(SignalRecord(input: flat, output: u)) }
    #expect(throws: IdentificationError.constant(signal: "the output")) { try identify(SignalRecord(input: u, output: flat)) }
  }

  @Test func refusesRowsThatAreNotThere() {
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0))
    #expect(throws: IdentificationError.self) { try identify(record, training: 0..<401) }
    #expect(throws: IdentificationError.self) { try identify(record, training: 0..<5) }
    #expect(throws: IdentificationError.self) { try identify(record, validation: 390..<500) }
    #expect(throws: IdentificationError.self) { try identify(SignalRecord(input: [1], output: [2])) }
  }

  @Test func refusesSettingsOutOfRange() {
    let record = SignalRecord(input: u, output: TestSystems.duffing(u, cubic: 0))
    #expect(throws: IdentificationError.self) { try identify(record) { $0.states = 0 } }
    #expect(throws: IdentificationError.self) { try identify(record) { $0.intervals = 1 } }
    #expect(throws: IdentificationError.self) {
      try identify(record) { $0.clock = .continuous(sampleTime: 1, maximumStep: 1, hold: .linear) }
    }
    #expect(throws: IdentificationError.self) {
      try identify(record) {
        $0.form = .kinematic
        $0.states = 3
      }
    }
  }

  /// A system that runs away has no stable model: refused with the reason, whatever step notices it.
  @Test func refusesAnUnstableSystem() {
    var y = [0.1, 0.1]
    for k in 2..<400 { y.append(1.02 * y[k - 1] + 0.01 * u[k]) }
    #expect(throws: IdentificationError.self) {
      try identify(SignalRecord(input: u, output: y)) {
        $0.states = 1; $0.form = .linear
      }
    }
  }
}
