import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

private func rows(_ rows: [[Double]]) throws -> Tensor { try Tensor(shape: [rows.count, rows[0].count], rows.flatMap { $0 }) }
private func list(_ numbers: [Double]) -> Tensor { Tensor(list: numbers) }
private func steps(_ rows: [[Double]]) throws -> Tensor { try Tensor(shape: [1, rows.count, rows[0].count], rows.flatMap { $0 }) }
private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// The expected numbers of single cases are worked out from the formulas with numpy; twins are the sums as they are written in the papers.
@Suite("Layers over steps have the values of their formulas")
struct SequenceLayerTests {
  // MARK: State spaces

  @Test func stateSpaceOfTwoModes() throws {
    let parameters = [
      "ssm.logarithm of decay": try Tensor(shape: [1, 2, 1], [log(0.5), log(0.5)]),
      "ssm.frequency": try Tensor(shape: [1, 2, 1], [0, Double.pi]), "ssm.output, real": try Tensor(shape: [1, 2, 1], [1, 0.3]),
      "ssm.output, imaginary": try Tensor(shape: [1, 2, 1], [0.5, -0.2]),
      "ssm.logarithm of step": try Tensor(shape: [1, 1, 1], [log(0.1)]), "ssm.direct": list([0.5]),
    ]
    func output(_ u: [Double]) throws -> [Double] {
      try layerNumbers([try Tensor(shape: [1, 4, 1], u)], parameters) {
        try $0.stateSpace($1[0], "ssm", steps: 4, width: 1, modes: 2)
      }
    }
    expectNear(try output([1, 0, 0, 0]), [0.758689, 0.251737, 0.238686, 0.220521])
    expectNear(try output([1, 0, -1, 2]), [0.758689, 0.251737, -0.520003, 1.486162])
  }

  @Test func stateSpaceIsItsRecurrence() throws {
    var check = GradientCheck(seed: 51)
    let (count, width, modes) = (6, 2, 3)
    let u = try check.tensor([2, count, width])
    var parameters: [String: Tensor] = [:]
    for name in ["logarithm of decay", "frequency", "output, real", "output, imaginary"] {
      parameters["ssm.\(name)"] = try check.tensor([width, modes, 1])
    }
    parameters["ssm.logarithm of step"] = try check.tensor([width, 1, 1], -2 ... -1)
    parameters["ssm.direct"] = try check.tensor([width])
    let found = try layerNumbers([u], parameters) { try $0.stateSpace($1[0], "ssm", steps: count, width: width, modes: modes) }
    func value(_ name: String, _ place: Int) -> Double { parameters["ssm.\(name)"]?.elements.doubles[place] ?? .nan }
    var expected = [Double](repeating: 0, count: 2 * count * width)
    for batch in 0..<2 {
      for channel in 0..<width {
        for step in 0..<count {
          expected[(batch * count + step) * width + channel] =
            value("direct", channel) * u.elements.doubles[(batch * count + step) * width + channel]
        }
        for mode in channel * modes..<(channel + 1) * modes {
          let (a, b) = (-exp(value("logarithm of decay", mode)), value("frequency", mode))
          let interval = exp(value("logarithm of step", channel))
          let (real, imaginary) = (exp(a * interval) * cos(b * interval), exp(a * interval) * sin(b * interval))
          let square = a * a + b * b
          let input = (((real - 1) * a + imaginary * b) / square, (imaginary * a - (real - 1) * b) / square)
          var state = (0.0, 0.0)
          for step in 0..<count {
            let place = (batch * count + step) * width + channel
            let x = u.elements.doubles[place]
            state = (
              real * state.0 - imaginary * state.1 + input.0 * x, real * state.1 + imaginary * state.0 + input.1 * x
            )
            expected[place] += 2 * (value("output, real", mode) * state.0 - value("output, imaginary", mode) * state.1)
          }
        }
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func firstFrequencies() {
    expectNear(StateSpaceStart.linear.frequencies(3), [0, .pi, 2 * .pi])
    expectNear(StateSpaceStart.inverse.frequencies(4), [17.8253536, 4.2441318, 1.5278875, 0.3637827], within: 1e-7)
    expectNear(StateSpaceStart.legendre.frequencies(2), [0.5565011, 4.6032930], within: 1e-7)
  }

  @Test func sectionsOfSecondOrder() throws {
    func response(_ sections: [([Double], Double, Double)]) throws -> [Double] {
      var parameters: [String: Tensor] = [:]
      for (place, (b, p, q)) in sections.enumerated() {
        for index in 0..<3 { parameters["filter.section\(place).b\(index)"] = list([b[index]]) }
        (parameters["filter.section\(place).p"], parameters["filter.section\(place).q"]) = (list([p]), list([q]))
      }
      let impulse = try Tensor(shape: [1, 8, 1], [1, 0, 0, 0, 0, 0, 0, 0] as [Double])
      return try layerNumbers([impulse], parameters) { builder, x in
        builder.graph.concat(try builder.sections(x[0], "filter", steps: 8, width: 1, count: sections.count), axis: 1)
      }
    }
    let first = ([0.3, 0.1, 0], 0.5493061, -1.0986123)
    expectNear(try response([first]), [0.3, 0.46, 0.402, 0.2524, 0.10188, -0.003944, -0.0556728, -0.0648354])
    expectNear(
      try response([first, ([1, -0.5, 0.25], -0.2, 0.4)]),
      [0.3, 0.2185131, 0.2395756, 0.136469, 0.0818492, 0.0101912, -0.0151836, -0.0313431])
  }

  // MARK: RWKV

  @Test func weightedSumsOfKeysAndValues() throws {
    func sums(_ keys: [Double], _ values: [Double], _ decay: Double, _ bonus: Double) throws -> [Double] {
      let columns = (keys + values).map { list([$0]) }
      return try numbers(columns + [list([decay]), list([bonus])]) { builder, x in
        let count = keys.count
        let found = builder.weightedSums(
          keys: Array(x[..<count]), values: Array(x[count..<2 * count]), decay: x[2 * count], bonus: x[2 * count + 1])
        return builder.concat(found, axis: 0)
      }
    }
    expectNear(try sums([1, 3, -2, 100], [1, 2, 3, 4], 0.5, 0.3), [1, 1.908877, 1.933109, 4])
    var check = GradientCheck(seed: 52)
    let (k, v) = (try check.tensor([7], -3...3).elements.doubles, try check.tensor([7]).elements.doubles)
    let expected = (0..<7).map { t -> Double in
      let weights = (0..<t).map { exp(-Double(t - 1 - $0) * 0.7 + k[$0]) } + [exp(-0.2 + k[t])]
      return zip(weights, v).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }
    expectNear(try sums(k, v, 0.7, -0.2), expected, within: 1e-12)
  }

  private static let x = [[0.5, -1], [1, 0.3], [-0.2, 0.8]]

  @Test func shiftsOfSteps() throws {
    let lam = list([0.3, 0.6])
    expectNear(
      try layerNumbers([try steps(Self.x)], ["shift.share": lam]) { try $0.tokenShift($1[0], "shift", steps: 3, width: 2) },
      [0.35, -0.4, 0.85, -0.48, 0.16, 0.5])
    expectNear(
      try layerNumbers([try steps(Self.x)], Self.adapted("shift", lam)) {
        try $0.dataShift($1[0], "shift", steps: 3, width: 2, rank: 1)
      }, [0.288770, -0.473476, 0.776030, -0.364606, 0.174997, 0.503749])
  }

  private static func adapted(_ name: String, _ offset: Tensor) throws -> [String: Tensor] {
    [
      "\(name).share": list([0.5, 0.25]), "\(name).adapted.offset": offset, "\(name).adapted.down": try rows([[0.4], [-0.2]]),
      "\(name).adapted.up": try rows([[0.5, -0.3]]),
    ]
  }

  @Test func matrixValuedState() throws {
    let shifted = [[0.288770, -0.473476], [0.776030, -0.364606], [0.174997, 0.503749]]
    func product(_ x: [Double], _ w: [[Double]]) -> [Double] { (0..<2).map { x[0] * w[0][$0] + x[1] * w[1][$0] } }
    let keys = shifted.map { product($0, [[0.5, 0.1], [-0.2, 0.4]]) }
    let values = shifted.map { product($0, [[1, 0], [0.3, 0.7]]) }
    let omega = [-1, 0.2]
    let constant = omega.map { exp(-exp($0)) }
    // ω + tanh(x A) B with A and B of the shift.
    let moving = shifted.map { x -> [Double] in
      let narrow = tanh(0.4 * x[0] - 0.2 * x[1])
      return [exp(-exp(omega[0] + 0.5 * narrow)), exp(-exp(omega[1] - 0.3 * narrow))]
    }
    func outputs(_ decays: [[Double]]) throws -> [Double] {
      let columns = try (shifted + keys + decays).map { try Tensor(shape: [1, 1, 2, 1], $0) }
      let rows = try values.map { try Tensor(shape: [1, 1, 1, 2], $0) }
      let bonus = try Tensor(shape: [1, 1, 2, 1], [0.3, -0.1])
      return try numbers(columns + rows + [bonus]) { builder, x in
        let end = 6 + decays.count
        let found = builder.matrixState(
          receptances: Array(x[..<3]), keys: Array(x[3..<6]), values: Array(x[end..<end + 3]), decays: Array(x[6..<end]),
          bonus: x[end + 3])
        return builder.concat(found, axis: 0)
      }
    }
    expectNear(try outputs([constant]), [0.001924, -0.004346, 0.105689, -0.107642, 0.027784, -0.017647])
    expectNear(Array(moving[1]), [0.642964, 0.334699])
    expectNear(Array(try outputs(moving).suffix(2)), [0.027008, -0.015895])
  }

  @Test func channelMixing() throws {
    let parameters = [
      "mix.key.share": list([0.3, 0.6]), "mix.receptance.share": list([0.5, 0.25]),
      "mix.key.weight": try rows([[1, -0.5, 0.3], [0.2, 0.6, -1]]),
      "mix.value.weight": try rows([[0.5, 0], [-0.2, 0.4], [0.1, 0.3]]), "mix.receptance.weight": try rows([[0.7, 0], [0, 0.7]]),
    ]
    expectNear(
      try layerNumbers([try steps(Self.x)], parameters) { try $0.channelMix($1[0], "mix", steps: 3, width: 2, hidden: 3) },
      [0.033680, 0.028437, 0.212547, 0.080325, 0.013738, 0.011925])
  }

  // MARK: Attention

  @Test func attentionWithoutProducts() throws {
    let (q, k, v) = (try steps([[0], [1], [-1]]), try steps([[0.5], [-1], [2]]), try steps([[1], [2], [3]]))
    let w = try rows([[0, 0.1, 0.2], [0.3, 0, -0.1], [0.2, 0.4, 0]])
    expectNear(
      try numbers([q, k, v, w]) { try $0.attentionFree($1[0], $1[1], $1[2], bias: $1[3], count: 3, size: 1) },
      [1.332856, 1.813520, 0.683150])
    expectNear(
      try numbers([q, k, v]) { try $0.attentionFree($1[0], $1[1], $1[2], bias: nil, count: 3, size: 1) },
      [1.305153, 1.908287, 0.702020])
    expectNear(
      try numbers([q, k, v, w]) { try $0.attentionFree($1[0], $1[1], $1[2], bias: $1[3], count: 3, size: 1, isCausal: true) },
      [0.5, 0.834760, 0.683150])
  }

  @Test func causalCosineAttention() throws {
    let q = try steps([[0.5, -1], [1, 0], [-0.3, 0.8]])
    let (k, v) = (try steps([[1, 0.2], [-0.5, 0.3], [0, -2]]), try steps([[1], [2], [4]]))
    expectNear(
      try numbers([q, k, v, Tensor(scalar: 0.5)]) {
        try $0.causalCosineAttention($1[0], $1[1], $1[2], exponent: $1[3], count: 3, size: 2, valueSize: 1)
      }, [0.263117, -0.133410, -1.033856])
  }

  @Test func cosineAttentionWithABias() throws {
    var check = GradientCheck(seed: 53)
    let (q, k, v) = (try check.tensor([1, 4, 3]), try check.tensor([1, 4, 3]), try check.tensor([1, 4, 2]))
    let bias = try check.tensor([4, 4])
    let found = try numbers([q, k, v, Tensor(scalar: 0.4), bias]) {
      $0.cosineAttention($1[0], $1[1], $1[2], temperature: $1[3], bias: $1[4])
    }
    func row(_ tensor: Tensor, _ place: Int) -> [Double] {
      let size = tensor.shape[2]
      return Array(tensor.elements.doubles[place * size..<(place + 1) * size])
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let expected = (0..<4).flatMap { query -> [Double] in
      let weights = (0..<4).map { key -> Double in
        let (a, b) = (row(q, query), row(k, key))
        return exp(dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot() / 0.4 + bias.elements.doubles[query * 4 + key])
      }
      return (0..<2).map { column in dot(weights, (0..<4).map { row(v, $0)[column] }) / weights.reduce(0, +) }
    }
    expectNear(found, expected, within: 1e-9)
  }

  @Test func offsetsOfAWindow() {
    // log₂ 9∕3 at the ends, log₂(1 + 8∕3)∕3 a third of the way.
    expectNear([-3, 0, 1, 3].map { NetworkBuilder.spacedOffset($0, side: 4) }, [-log2(9) / 3, 0, log2(11.0 / 3) / 3, log2(9) / 3])
  }

  // MARK: Gradients

  @Test func gradientsOfAllOfThem() throws {
    var check = GradientCheck(seed: 54)
    let x = [try check.tensor([2, 4, 4])]
    let layers: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("state space", { try $0.stateSpace($1, "a", steps: 4, width: 4, modes: 2, start: .legendre) }),
      ("sections", { try $0.sections($1, "a", steps: 4, width: 4, count: 2).last ?? 0 }),
      ("time mix", { try $0.timeMix($1, "a", steps: 4, width: 4) }),
      ("matrix, 5", { try $0.matrixTimeMix($1, "a", steps: 4, width: 4, heads: 2, isDataDependent: false) }),
      ("matrix, 6", { try $0.matrixTimeMix($1, "a", steps: 4, width: 4, heads: 2, rank: 2) }),
      ("channel mix", { try $0.channelMix($1, "a", steps: 4, width: 4, hidden: 5) }),
      ("attention free", { try $0.attentionFree($1, "a", tokens: 4, width: 4, isCausal: true) }),
      ("window", { try $0.windowAttention($1, "a", side: 2, width: 4, heads: 2, hidden: 3) }),
      (
        "causal cosine",
        { builder, x in
          let exponent = try builder.parameter("m", [1], .constant(0.5), isDecayed: false)
          return try builder.graph.causalCosineAttention(x, x, x, exponent: exponent, count: 4, size: 4, valueSize: 4)
        }
      ),
    ]
    for (name, layer) in layers { #expect(try layerError(&check, x) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
  }
}
