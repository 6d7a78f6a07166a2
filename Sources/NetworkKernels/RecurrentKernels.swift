import Foundation
import ModelFiles

/// GRU, LSTM and RNN: one recurrence over time for each direction and row.
///
/// Weights are stacked by gate: GRU z r h, LSTM i o f c with peepholes i o f.
extension Kernels {
  static let recurrent: [String: Kernel] = [
    "RNN": Kernel { call in try RecurrentLayer(call, gates: 1).run { layer, direction, x, state in layer.rnn(direction, x, &state) }
    },
    "GRU": Kernel { call in try RecurrentLayer(call, gates: 3).run { layer, direction, x, state in layer.gru(direction, x, &state) }
    },
    "LSTM": Kernel { call in
      try RecurrentLayer(call, gates: 4).run { layer, direction, x, state in layer.lstm(direction, x, &state) }
    },
  ]
}

/// Hidden state, and the cell of an LSTM.
private struct RecurrentState {
  var hidden: [Double]
  var cell: [Double]
}

private struct RecurrentLayer {
  private let call: KernelCall
  private let gates: Int
  private let (steps, batch, inputSize, hidden): (Int, Int, Int, Int)
  private let directions: [Bool]
  private let (x, weights, recurrence): ([Double], [Double], [Double])
  private let (bias, peepholes): ([Double]?, [Double]?)
  private let lengths: [Int]
  private let (initialHidden, initialCell): ([Double]?, [Double]?)
  private let functions: [(Double) -> Double]
  private let clip: Double
  private let isResetLate: Bool
  private let isCoupled: Bool
  private let isBatchFirst: Bool
  private let type: ElementType

  init(_ call: KernelCall, gates: Int) throws {
    self.call = call
    self.gates = gates
    let input = try call.floats(0)
    isBatchFirst = try call.flag("layout")
    guard input.rank == 3, let hidden = try call.int("hidden_size"), hidden > 0, hidden <= ModelLimits.elements / 8 else {
      throw call.fault("needs an input of three axes and a hidden_size")
    }
    (steps, batch) = isBatchFirst ? (input.shape[1], input.shape[0]) : (input.shape[0], input.shape[1])
    inputSize = input.shape[2]
    self.hidden = hidden
    switch try call.string("direction", default: "forward") {
    case "forward": directions = [false]
    case "reverse": directions = [true]
    case "bidirectional": directions = [false, true]
    case let other: throw call.unsupported("has the direction '\(other)'")
    }
    let count = directions.count
    let fits = { (index: Int, shape: [Int]) throws -> [Double]? in
      guard let tensor = call.optional(index) else { return nil }
      guard tensor.shape == shape else {
        throw call.fault("has an input \(index) of shape \(Tensor.text(tensor.shape)) instead of \(Tensor.text(shape))")
      }
      return tensor.elements.doubles
    }
    x = input.elements.doubles
    type = input.type
    weights = try fits(1, [count, gates * hidden, inputSize]) ?? []
    recurrence = try fits(2, [count, gates * hidden, hidden]) ?? []
    guard call.optional(1) != nil, call.optional(2) != nil else { throw call.fault("lacks its weights") }
    bias = try fits(3, [count, 2 * gates * hidden])
    let states = isBatchFirst ? [batch, count, hidden] : [count, batch, hidden]
    initialHidden = try fits(5, states)
    initialCell = gates == 4 ? try fits(6, states) : nil
    peepholes = gates == 4 ? try fits(7, [count, 3 * hidden]) : nil
    lengths = try call.optionalIntegers(4) ?? [Int](repeating: steps, count: batch)
    guard lengths.count == batch, lengths.allSatisfy({ [steps] in 0...steps ~= $0 }) else {
      throw call.fault("has wrong sequence lengths")
    }
    functions = try RecurrentLayer.functions(call, gates: gates, directions: count)
    clip = try call.float("clip", default: .infinity)
    isResetLate = try call.flag("linear_before_reset")
    isCoupled = try call.flag("input_forget")
  }

  private static func functions(_ call: KernelCall, gates: Int, directions: Int) throws -> [(Double) -> Double] {
    let usual = [1: ["Tanh"], 3: ["Sigmoid", "Tanh"], 4: ["Sigmoid", "Tanh", "Tanh"]][gates] ?? []
    let names = try call.strings("activations") ?? Array(repeating: usual, count: directions).flatMap { $0 }
    guard names.count == usual.count * directions else { throw call.fault("has \(names.count) activations") }
    let alphas = try call.floats("activation_alpha") ?? []
    let betas = try call.floats("activation_beta") ?? []
    return try names.enumerated().map { index, name in
      let alpha = index < alphas.count ? alphas[index] : nil
      let beta = index < betas.count ? betas[index] : nil
      switch name.lowercased() {
      case "sigmoid": return Kernels.sigmoid
      case "tanh": return { tanh($0) }
      case "relu": return { max(0, $0) }
      case "softsign": return { $0 / (1 + abs($0)) }
      case "softplus": return Kernels.softplus
      case "hardsigmoid": return { min(max((alpha ?? 0.2) * $0 + (beta ?? 0.5), 0), 1) }
      case "leakyrelu": return { $0 < 0 ? (alpha ?? 0.01) * $0 : $0 }
      case "elu": return { $0 < 0 ? (alpha ?? 1) * expm1($0) : $0 }
      case "affine": return { (alpha ?? 1) * $0 + (beta ?? 0) }
      case "scaledtanh": return { (alpha ?? 1) * tanh((beta ?? 1) * $0) }
      case "thresholdedrelu": return { $0 > (alpha ?? 1) ? $0 : 0 }
      default: throw call.unsupported("has the activation '\(name)'")
      }
    }
  }

  func run(_ step: (RecurrentLayer, Int, ArraySlice<Double>, inout RecurrentState) -> Void) throws -> [Tensor?] {
    let count = directions.count
    let shape = isBatchFirst ? [batch, steps, count, hidden] : [steps, count, batch, hidden]
    let stateShape = isBatchFirst ? [batch, count, hidden] : [count, batch, hidden]
    var output = [Double](repeating: 0, count: try call.count(shape))
    var lastHidden = [Double](repeating: 0, count: try call.count(stateShape))
    var lastCell = lastHidden
    for (direction, isReverse) in directions.enumerated() {
      for row in 0..<batch {
        let place = (isBatchFirst ? row * count + direction : direction * batch + row) * hidden
        var state = RecurrentState(
          hidden: initialHidden.map { Array($0[place..<place + hidden]) } ?? [Double](repeating: 0, count: hidden),
          cell: initialCell.map { Array($0[place..<place + hidden]) } ?? [Double](repeating: 0, count: hidden))
        for time in 0..<lengths[row] {
          let moment = isReverse ? lengths[row] - 1 - time : time
          let source = (isBatchFirst ? row * steps + moment : moment * batch + row) * inputSize
          step(self, direction, x[source..<source + inputSize], &state)
          let target =
            (isBatchFirst ? (row * steps + moment) * count + direction : (moment * count + direction) * batch + row) * hidden
          output.replaceSubrange(target..<target + hidden, with: state.hidden)
        }
        lastHidden.replaceSubrange(place..<place + hidden, with: state.hidden)
        lastCell.replaceSubrange(place..<place + hidden, with: state.cell)
      }
    }
    return [
      try call.result(shape, output, type: type), try call.result(stateShape, lastHidden, type: type),
      try call.result(stateShape, lastCell, type: type),
    ]
  }

  /// W x + Wb of one gate's unit.
  private func fromInput(_ direction: Int, _ unit: Int, _ x: ArraySlice<Double>) -> Double {
    let row = (direction * gates * hidden + unit) * inputSize
    var sum = bias?[direction * 2 * gates * hidden + unit] ?? 0
    for (index, value) in x.enumerated() { sum += weights[row + index] * value }
    return sum
  }

  /// R h + Rb of one gate's unit.
  private func fromState(_ direction: Int, _ unit: Int, _ state: [Double]) -> Double {
    let row = (direction * gates * hidden + unit) * hidden
    var sum = bias?[direction * 2 * gates * hidden + gates * hidden + unit] ?? 0
    for (index, value) in state.enumerated() { sum += recurrence[row + index] * value }
    return sum
  }

  private func clipped(_ value: Double) -> Double { min(max(value, -clip), clip) }

  func rnn(_ direction: Int, _ x: ArraySlice<Double>, _ state: inout RecurrentState) {
    let old = state.hidden
    for unit in 0..<hidden {
      state.hidden[unit] = functions[direction](clipped(fromInput(direction, unit, x) + fromState(direction, unit, old)))
    }
  }

  func gru(_ direction: Int, _ x: ArraySlice<Double>, _ state: inout RecurrentState) {
    let (f, g) = (functions[direction * 2], functions[direction * 2 + 1])
    let old = state.hidden
    let gate = { (unit: Int) in f(clipped(fromInput(direction, unit, x) + fromState(direction, unit, old))) }
    let update = (0..<hidden).map(gate)
    let reset = (hidden..<2 * hidden).map(gate)
    let damped = zip(reset, old).map { $0 * $1 }
    for unit in 0..<hidden {
      let row = 2 * hidden + unit
      let memory = isResetLate ? reset[unit] * fromState(direction, row, old) : fromState(direction, row, damped)
      let new = g(clipped(fromInput(direction, row, x) + memory))
      state.hidden[unit] = (1 - update[unit]) * new + update[unit] * old[unit]
    }
  }

  func lstm(_ direction: Int, _ x: ArraySlice<Double>, _ state: inout RecurrentState) {
    let (f, g, h) = (functions[direction * 3], functions[direction * 3 + 1], functions[direction * 3 + 2])
    let old = state.hidden
    let peephole = { (gate: Int, unit: Int) in peepholes?[(direction * 3 + gate) * hidden + unit] ?? 0 }
    let sum = { (gate: Int, unit: Int) in
      fromInput(direction, gate * hidden + unit, x) + fromState(direction, gate * hidden + unit, old)
    }
    for unit in 0..<hidden {
      let cell = state.cell[unit]
      let input = f(clipped(sum(0, unit) + peephole(0, unit) * cell))
      let forget = isCoupled ? 1 - input : f(clipped(sum(2, unit) + peephole(2, unit) * cell))
      let next = forget * cell + input * g(clipped(sum(3, unit)))
      let output = f(clipped(sum(1, unit) + peephole(1, unit) * next))
      state.cell[unit] = next
      state.hidden[unit] = output * h(next)
    }
  }
}
