import Foundation
import Testing

@testable import Identification
@testable import Splines

@Suite struct PortHamiltonianTests {
  /// Energies of a pendulum (1 - cos q) and of a Duffing oscillator (q²/2 + q⁴/4), each with p²/2.
  private func model(_ potential: (Double) -> Double, reach: Double, resistance: Double = 0) throws -> PortHamiltonianModel {
    let position = try PassiveEnergy.fit(potential, on: SplineGrid(lower: -reach, upper: reach, intervals: 32))
    let momentum = try PassiveEnergy.fit({ $0 * $0 / 2 }, on: SplineGrid(lower: -4, upper: 4, intervals: 16))
    return PortHamiltonianModel(
      exchange: Matrix([[0, 0.5], [-0.5, 0]]), dissipation: Matrix([[0, 0], [0, resistance.squareRoot()]]),
      entry: Matrix([[0], [1]]),
      energies: [position, momentum], step: 0.05)
  }

  private func drift(_ model: PortHamiltonianModel, from first: [Double], steps: Int) throws -> Double {
    var x = first
    let start = model.energy(x)
    var worst = 0.0
    for _ in 0..<steps {
      x = try model.advance(x, input: [0]).state
      worst = max(worst, abs(model.energy(x) - start))
    }
    return worst / start
  }

  /// The published figures of the method are 1e-13 after 10⁴ steps, 5e-13 and 7e-13 after 10⁵.
  @Test func undampedModelsKeepTheirEnergyToRounding() throws {
    #expect(try drift(model({ 1 - cos($0) }, reach: 3), from: [2, 0], steps: 10_000) < 1e-12)
    #expect(try drift(model({ $0 * $0 / 2 + $0 * $0 * $0 * $0 / 4 }, reach: 2.5), from: [1.5, 0], steps: 10_000) < 1e-12)
  }

  /// First steps of length .05 of the discrete gradient on the exact energies, by Newton's method in double precision.
  @Test func theFirstStepIsThatOfTheDiscreteGradient() throws {
    let pendulum = try model({ 1 - cos($0) }, reach: 3).advance([2, 0], input: [0]).state
    #expect(abs(pendulum[0] - 1.998863083) < 1e-6 && abs(pendulum[1] + 0.045476690) < 1e-5)
    let duffing = try model({ $0 * $0 / 2 + $0 * $0 * $0 * $0 / 4 }, reach: 2.5).advance([1.5, 0], input: [0]).state
    #expect(abs(duffing[0] - 1.493935556) < 1e-6 && abs(duffing[1] + 0.242577769) < 2e-5)
  }

  @Test func energyChangesByWhatIsSuppliedMinusWhatIsLost() throws {
    let model = try model({ 1 - cos($0) }, reach: 3, resistance: 0.2)
    var x = [2.0, 0]
    var balance = model.energy(x)
    for step in 0..<2000 {
      let result = try model.advance(x, input: [0.5 * sin(0.05 * (Double(step) + 0.5))])
      balance += result.supplied - result.lost
      #expect(result.lost >= 0)
      x = result.state
    }
    #expect(abs(model.energy(x) - balance) < 1e-12)
  }

  @Test func passivityHoldsWhateverTheParametersAre() throws {
    var model = try model({ $0 * $0 }, reach: 2)
    model.parameters = TestSystems.noise(model.parameters.count, seed: 3).map { 3 * $0 }
    let structure = model.structure
    for row in 0..<2 {
      for column in 0..<2 { #expect(structure[row, column] == -structure[column, row]) }
    }
    let r = model.resistance
    #expect(r.trace >= 0 && r[0, 0] * r[1, 1] - r[0, 1] * r[1, 0] >= -1e-15)
    for energy in model.energies {
      #expect(energy.curve.bounds().lowerBound >= 0)
      #expect(energy.curve.evaluate(-100).slope <= 0 && energy.curve.evaluate(100).slope >= 0)
    }
  }

  @Test func derivativesOfAStepAreTheLimitsOfDifferences() throws {
    var model = try model({ $0 * $0 / 2 }, reach: 2, resistance: 0.3)
    model.dissipation = Matrix([[0.2, 0], [-0.1, 0.4]])
    let x = [0.7, -0.4]
    let derivative = try #require(model.derivatives(from: x, to: try model.advance(x, input: [0.3]), input: [0.3]))
    let parameters = model.parameters
    for index in 0..<2 + parameters.count {
      var ends: [[Double]] = []
      for sign in [-1.0, 1] {
        var (changed, start) = (model, x)
        if index < 2 { start[index] += sign * 1e-5 } else { changed.parameters[index - 2] += sign * 1e-5 }
        ends.append(try changed.advance(start, input: [0.3]).state)
      }
      for row in 0..<2 { #expect(abs(derivative[row, index] - (ends[1][row] - ends[0][row]) / 2e-5) < 1e-7) }
    }
  }
}
