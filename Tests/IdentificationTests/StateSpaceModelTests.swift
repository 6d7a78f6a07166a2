import Foundation
import Testing

@testable import Identification
@testable import Splines

@Suite struct StateSpaceModelTests {
  static let clocks: [ModelClock] = [
    .discrete, .continuous(sampleTime: 0.4, maximumStep: 0.2, hold: .linear),
    .continuous(sampleTime: 0.3, maximumStep: 1, hold: .constant),
  ]

  /// The equations of `StateSpaceModel` written down in the plainest way.
  private func naive(_ model: StateSpaceModel, _ u: [Double], first: [Double]) -> [Double] {
    func map(_ map: LearnedMap, _ z: [Double]) -> [Double] {
      var values = (0..<map.rows).map { row in
        (0..<map.sources).reduce(map.linear[row, map.sources]) { $0 + map.linear[row, $1] * z[$1] }
      }
      for link in map.links { values[link.row] += link.edge.evaluate(z[link.source]).value }
      return values
    }
    func output(_ x: [Double], _ u: Double) -> [Double] { map(model.outputMap, x + [u]) }
    func rate(_ x: [Double], _ u: Double) -> [Double] {
      let a = map(model.stateMap, x + [u] + output(x, u))
      return zip(model.drift * x, model.entry * a).map { $0 + $1 }
    }
    func moved(_ x: [Double], _ k: [Double], _ h: Double) -> [Double] { zip(x, k).map { $0 + h * $1 } }
    var x = first
    var outputs: [Double] = []
    for k in u.indices {
      outputs.append(output(x, u[k])[0])
      let next = k + 1 < u.count ? u[k + 1] : u[k]
      switch model.clock {
      case .discrete: x = rate(x, u[k])
      case .continuous(let time, let step, let hold):
        let count = Int((time / step).rounded(.up))
        let h = time / Double(max(count, 1))
        for step in 0..<max(count, 1) {
          func input(_ part: Double) -> Double {
            hold == .constant ? u[k] : u[k] + (next - u[k]) * (Double(step) + part) / Double(max(count, 1))
          }
          let k1 = rate(x, input(0))
          let k2 = rate(moved(x, k1, h / 2), input(0.5))
          let k3 = rate(moved(x, k2, h / 2), input(0.5))
          let k4 = rate(moved(x, k3, h), input(1))
          for index in x.indices { x[index] += h / 6 * (k1[index] + 2 * k2[index] + 2 * k3[index] + k4[index]) }
        }
      }
    }
    return outputs
  }

  @Test(arguments: clocks) func theFreeRunIsThatOfTheEquations(clock: ModelClock) throws {
    let model = TestSystems.everything(clock)
    let u = TestSystems.noise(40, seed: 4)
    let record = SignalRecord(input: u, output: u)
    let run = try model.freeRun(over: record, rows: 0..<40, firstState: [0.3, -0.2])
    for (a, b) in zip(run.outputs, naive(model, u, first: [0.3, -0.2])) { #expect(abs(a - b) < 1e-12 * (1 + abs(b) * 100)) }
  }

  @Test(arguments: clocks) func sensitivitiesAreTheLimitsOfDifferences(clock: ModelClock) throws {
    let model = TestSystems.everything(clock)
    let u = TestSystems.noise(12, seed: 8)
    let record = SignalRecord(input: u, output: u)
    let first = [0.3, -0.2]
    let kernel = SensitivityKernel(model, withSensitivities: true)
    kernel.begin(at: first)
    for k in u.indices {
      kernel.computeOutput([u[k]])
      if k + 1 < u.count { kernel.advance([u[k]], next: [u[k + 1]]) }
    }
    let parameters = model.parameters
    for index in 0..<parameters.count + 2 {
      var ends: [Double] = []
      for sign in [-1.0, 1] {
        var (changed, state) = (model, first)
        if index < parameters.count {
          changed.parameters[index] += sign * 1e-6
        } else {
          state[index - parameters.count] += sign * 1e-6
        }
        ends.append(try changed.freeRun(over: record, rows: 0..<12, firstState: state).outputs[11])
      }
      #expect(abs(kernel.outputSensitivity[index] - (ends[1] - ends[0]) / 2e-6) < 1e-8)
    }
  }

  @Test func parametersComeBackAsTheyWereSet() {
    var model = TestSystems.everything(.discrete)
    let values = TestSystems.noise(model.parameterCount, seed: 1)
    model.parameters = values
    #expect(model.parameters == values)
    let counts = model.edgePlaces.map { place in model.parameterRange(of: place).count }
    #expect(counts == [7, 6, 2, 6])
    let names = model.edgePlaces.map { place in model.name(of: place) }
    #expect(names == ["x1' <- x1", "x2' <- y", "x2' <- u", "y <- x2"])
  }

  @Test func aModelSurvivesItsFileForm() throws {
    for clock in Self.clocks {
      let model = TestSystems.everything(clock)
      let data = try ModelFile.encode(model)
      #expect(try ModelFile.decode(data) == model)
    }
  }

  @Test func aFileOfOtherSizesIsRefused() throws {
    let model = TestSystems.everything(.discrete)
    var other = model
    other.drift = .identity(3)
    #expect(throws: IdentificationError.self) { try ModelFile.decode(ModelFile.encode(other)) }
    other = model
    other.scaling.outputs[0].scale = 0
    #expect(throws: IdentificationError.self) { try ModelFile.decode(ModelFile.encode(other)) }
    for text in ["", "{}", "[1,2]", "{\"format\":\"sextant-model/1\"}", String(repeating: "[", count: 5000)] {
      #expect(throws: IdentificationError.self) { try ModelFile.decode(Data(text.utf8)) }
    }
    // A count that does not fit its numbers.
    let text = String(decoding: try ModelFile.encode(model), as: UTF8.self)
    let broken = text.replacingOccurrences(of: "\"intervals\" : 3", with: "\"intervals\" : 300000000")
    #expect(broken != text)
    #expect(throws: IdentificationError.self) { try ModelFile.decode(Data(broken.utf8)) }
  }

  @Test func aRunThatGrowsWithoutBoundIsReportedWithItsRow() throws {
    var model = TestSystems.everything(.discrete)
    model.stateMap.linear[0, 0] = 3
    let record = SignalRecord(input: TestSystems.noise(100, seed: 2), output: TestSystems.noise(100, seed: 3))
    #expect(throws: IdentificationError.self) { try model.freeRun(over: record, rows: 0..<100, firstState: [1, 1]) }
    #expect(throws: IdentificationError.self) { try model.freeRun(over: record, rows: 50..<101) }
  }
}

@Suite struct LinearPartTests {
  /// y_k = 1.2 y_{k-1} - .5 y_{k-2} + .3 u_{k-1} + .1 u_{k-2}: poles .6 ± .3741657i, zero -1/3, gain .4/.3.
  @Test func polesZerosAndGainAreThoseOfTheTransferFunction() throws {
    let part = LinearPart(
      a: Matrix([[1.2, 1], [-0.5, 0]]), b: Matrix([[0.3], [0.1]]), c: Matrix([[1, 0]]), d: Matrix([[0]]))
    let poles = part.poles
    #expect(abs(poles[0].real - 0.6) < 1e-12 && abs(abs(poles[0].imaginary) - 0.14.squareRoot()) < 1e-12)
    let zeros = part.zeros()
    #expect(zeros.count == 1 && abs(zeros[0].real + 1.0 / 3) < 1e-12)
    #expect(abs(try #require(part.staticGain)[0, 0] - 4.0 / 3) < 1e-12)
    #expect(abs(part.radius - 0.5.squareRoot()) < 1e-12)
  }

  @Test func theDeadbeatObserverForgetsItsErrorInAsManyRowsAsStates() throws {
    let part = LinearPart(
      a: Matrix([[0.9, 0.2, 0], [-0.3, 0.7, 0.1], [0.05, 0, 1.1]]), b: Matrix([[1], [0], [0]]), c: Matrix([[1, 0.5, 0.2]]),
      d: Matrix([[0]]))
    let gain = Matrix(try #require(part.deadbeatGain).map { [$0] })
    let closed = part.a - gain * part.c
    let power = closed * closed * closed
    for value in power.values { #expect(abs(value) < 1e-9) }
  }

  @Test func rootsAreThoseThatMadeThePolynomial() {
    // (z - 1)(z + 2)(z² + 1) = z⁴ + z³ - z² + z - 2
    let roots = Polynomial.roots([1, 1, -1, 1, -2])
    for expected in [ComplexNumber(1), ComplexNumber(-2), ComplexNumber(0, 1), ComplexNumber(0, -1)] {
      #expect(roots.contains { hypot($0.real - expected.real, $0.imaginary - expected.imaginary) < 1e-9 })
    }
    #expect(Polynomial.roots([0, 0, 2, -4]).map(\.real) == [2])
    #expect(Polynomial.roots([3]).isEmpty)
  }
}
