import Foundation
import Testing

@testable import NetworkTraining

/// The expected numbers are the formulas worked out in 64-bit floats.
@Suite("Optimisers, schedules and averages follow their formulas")
struct OptimiserTests {
  @Test func adamWWithDecoupledDecay() {
    var (weights, slots): ([Float], [[Float]]) = ([1], [[0], [0]])
    for (step, gradient, expected) in [(1, Float(0.5), 0.9890000002), (2, -0.2, 0.9845549418)] {
      Optimiser.adamW.update(&weights, &slots, gradient: [gradient], scale: 1, rate: 0.01, decay: 0.1, step: step)
      #expect(abs(Double(weights[0]) - expected) < 1e-6)
    }
  }

  @Test func momentumAddsUp() {
    var (weights, slots): ([Float], [[Float]]) = ([1], [[0]])
    // v = 2, w = 1 − 0.1·2; v = 0.9·2 + 2 + 0.5·0.8, …
    Optimiser.momentum(0.9).update(&weights, &slots, gradient: [2], scale: 1, rate: 0.1, decay: 0, step: 1)
    #expect(abs(weights[0] - 0.8) < 1e-6)
    Optimiser.momentum(0.9).update(&weights, &slots, gradient: [4], scale: 0.5, rate: 0.1, decay: 0.5, step: 2)
    #expect(abs(weights[0] - (0.8 - 0.1 * (1.8 + 2 + 0.4))) < 1e-6)
  }

  @Test func averagesForgetTheirBeginning() {
    let average = WeightAverage()
    for (step, decay) in [(1, 0.00049983), (100, 0.0487657), (2000, 0.6320573)] {
      #expect(abs(average.decay(at: step) - decay) < 1e-7)
    }
    var kept: [Float] = [2]
    WeightAverage(decay: 1, rise: 1e-9).update(&kept, [5], step: 1)
    #expect(kept == [2])
    WeightAverage(decay: 0, rise: 1).update(&kept, [5], step: 1)
    #expect(kept == [5])
  }

  @Test func ratesRiseAndFall() {
    let schedule = Schedule(rate: 2, warmUp: 4, total: 12, floor: 0.5)
    #expect(schedule.rate(at: 1) == 0.5 && schedule.rate(at: 4) == 2)
    #expect(abs(schedule.rate(at: 8) - 1.25) < 1e-12 && schedule.rate(at: 12) == 0.5 && schedule.rate(at: 99) == 0.5)
    #expect(Schedule(rate: 2, warmUp: 0, total: 8, shape: .linear).rate(at: 6) == 0.5)
    #expect(Schedule(rate: 2, warmUp: 2, total: 8, shape: .constant).rate(at: 7) == 2)
  }

  @Test func gradientsAreLimitedTogether() {
    #expect(GradientClipping.norm([[3], [0, 4]]) == 5)
    #expect(GradientClipping.factor(norm: 5, limit: 2) == 0.4)
    #expect(GradientClipping.factor(norm: 5, limit: 6) == 1 && GradientClipping.factor(norm: 5, limit: nil) == 1)
  }

  @Test func everyEpochHasEachExampleOnceInAnotherOrder() {
    let order = DataOrder(count: 50, seed: 3)
    let (first, second) = (order.places(epoch: 0), order.places(epoch: 1))
    #expect(first.sorted() == Array(0..<50) && second.sorted() == Array(0..<50) && first != second)
    #expect(order.places(epoch: 1) == second)
  }
}
