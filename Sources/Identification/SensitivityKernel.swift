import Splines

/// Runs a model sample by sample, with the derivatives of state and output with respect to the parameters and the first state.
///
/// Forward sensitivities: with S = ∂x/∂θ the step x' = f(x, u, θ) gives S' = ∂f/∂x S + ∂f/∂θ, and through every stage of a Runge–Kutta step
/// in the same way. Owns its buffers; used by one thread at a time. Signals are scaled.
final class SensitivityKernel {
  let stateCount: Int
  let inputCount: Int
  let outputCount: Int
  /// The number of parameters; behind them come the columns of the first state.
  let parameterCount: Int
  /// The columns of the sensitivities in memory, a multiple of four.
  let stride: Int
  private(set) var parameters: [Double]

  private let mapRows: Int
  private let drift: [Double]
  private let entry: [Double]
  private let clock: ModelClock
  private let steps: (count: Int, length: Double)
  private var stateKernel: MapKernel
  private var outputKernel: MapKernel
  private let usesOutput: Bool
  private let withSensitivities: Bool

  /// One block of memory; the pointers below are parts of it.
  private let memory: UnsafeMutablePointer<SIMD4<Double>>
  /// The state, and its sensitivities n × stride.
  let state: UnsafeMutablePointer<Double>
  let stateSensitivity: UnsafeMutablePointer<Double>
  /// The output, and its sensitivities p × stride, of the last `computeOutput`.
  let output: UnsafeMutablePointer<Double>
  let outputSensitivity: UnsafeMutablePointer<Double>
  private let sources: UnsafeMutablePointer<Double>
  private let value: UnsafeMutablePointer<Double>
  private let slope: UnsafeMutablePointer<Double>
  private let mapSensitivity: UnsafeMutablePointer<Double>
  private let input: UnsafeMutablePointer<Double>
  private let stage: UnsafeMutablePointer<Double>
  private let stageSensitivity: UnsafeMutablePointer<Double>
  private let rate: UnsafeMutablePointer<Double>
  private let rateSensitivity: UnsafeMutablePointer<Double>
  private let sum: UnsafeMutablePointer<Double>
  private let sumSensitivity: UnsafeMutablePointer<Double>

  init(_ model: StateSpaceModel, withSensitivities: Bool) {
    let n = model.stateCount
    let p = model.outputCount
    stateCount = n
    inputCount = model.inputCount
    outputCount = p
    parameters = model.parameters
    parameterCount = parameters.count
    let mapRows = model.stateMap.rows
    self.mapRows = mapRows
    let stride = (parameters.count + n + 3) / 4 * 4
    self.stride = stride
    drift = model.drift.values
    entry = model.entry.values
    clock = model.clock
    steps = model.clock.steps
    self.withSensitivities = withSensitivities
    let stateFree = model.stateMap.freePlaces.count
    let outputFree = model.outputMap.freePlaces.count
    let stateEdges = model.stateMap.links.reduce(0) { $0 + $1.edge.parameterCount }
    stateKernel = MapKernel(model.stateMap, firstFree: 0, firstEdge: stateFree + outputFree)
    outputKernel = MapKernel(model.outputMap, firstFree: stateFree, firstEdge: stateFree + outputFree + stateEdges)
    let firstOutput = n + model.inputCount
    usesOutput =
      model.stateMap.links.contains { $0.source >= firstOutput }
      || (0..<model.stateMap.rows).contains { row in
        (firstOutput..<model.stateMap.sources).contains {
          model.stateMap.linear[row, $0] != 0 || model.stateMap.isFree[row * model.stateMap.linear.columns + $0]
        }
      }

    let vectors = [
      n, p, n + model.inputCount + p, max(mapRows, p), max(mapRows, p) * (n + model.inputCount + p), model.inputCount, n, n, n,
    ]
    let tables = withSensitivities ? [n, p, mapRows, n, n, n] : [0, 0, 0, 0, 0, 0]
    let sizes = vectors.map { ($0 + 3) / 4 } + tables.map { $0 * stride / 4 }
    let total = max(sizes.reduce(0, +), 1)
    let memory = UnsafeMutablePointer<SIMD4<Double>>.allocate(capacity: total)
    self.memory = memory
    memory.initialize(repeating: SIMD4(repeating: 0), count: total)
    var offset = 0
    // Each part begins where the one before ends; the last ends at `total`.
    let parts = sizes.map { size in
      defer { offset += size }
      return UnsafeMutableRawPointer(memory + offset).assumingMemoryBound(to: Double.self)
    }
    (state, output, sources, value, slope) = (parts[0], parts[1], parts[2], parts[3], parts[4])
    (input, stage, rate, sum) = (parts[5], parts[6], parts[7], parts[8])
    (stateSensitivity, outputSensitivity, mapSensitivity) = (parts[9], parts[10], parts[11])
    (stageSensitivity, rateSensitivity, sumSensitivity) = (parts[12], parts[13], parts[14])
    set(parameters)
  }

  deinit { memory.deallocate() }

  func set(_ parameters: [Double]) {
    self.parameters = parameters
    stateKernel.set(parameters)
    outputKernel.set(parameters)
  }

  /// Puts the model into a first state.
  func begin(at first: [Double]) {
    for index in 0..<stateCount {
      state[index] = first[index]
      // A run that diverged leaves no number behind.
      rate[index] = 0
    }
    guard withSensitivities else { return }
    rateSensitivity.update(repeating: 0, count: stateCount * stride)
    stateSensitivity.update(repeating: 0, count: stateCount * stride)
    for index in 0..<stateCount { stateSensitivity[index * stride + parameterCount + index] = 1 }
  }

  /// Whether the state is finite and within a bound; both are what a run that diverges loses.
  func isWithin(_ bound: Double) -> Bool {
    (0..<stateCount).allSatisfy { abs(state[$0]) <= bound }
  }

  /// The output for the present state.
  ///
  /// - Parameter u: `inputCount` numbers.
  @inline(__always)
  func computeOutput(_ u: UnsafePointer<Double>) { computeOutput(state, stateSensitivity, u) }

  /// Moves the state to the next sample; `computeOutput` was called for this one.
  ///
  /// - Parameter next: The input of the next sample, for a model whose input goes straight there.
  func advance(_ u: UnsafePointer<Double>, next: UnsafePointer<Double>) {
    guard case .continuous(_, _, let hold) = clock else {
      computeRate(state, stateSensitivity, u)
      state.update(from: rate, count: stateCount)
      if withSensitivities { stateSensitivity.update(from: rateSensitivity, count: stateCount * stride) }
      return
    }
    for step in 0..<steps.count { advance(step: step, u, next, hold) }
  }

  /// One Runge–Kutta step of fourth order.
  private func advance(step: Int, _ u: UnsafePointer<Double>, _ next: UnsafePointer<Double>, _ hold: ModelClock.Hold) {
    let h = steps.length
    // Stage times, and how much of the stage before it stands on, in parts of the step; weights are sixths.
    let plan: [(time: Double, reach: Double, weight: Double)] = [(0, 0, 1), (0.5, 0.5, 2), (0.5, 0.5, 2), (1, 1, 1)]
    let n = stateCount
    for (number, part) in plan.enumerated() {
      let place = hold == .constant ? 0 : (Double(step) + part.time) / Double(steps.count)
      for index in 0..<inputCount { input[index] = u[index] + (next[index] - u[index]) * place }
      for index in 0..<n { stage[index] = state[index] + part.reach * h * rate[index] }
      if withSensitivities {
        combine(stageSensitivity, stateSensitivity, rateSensitivity, number == 0 ? 0 : part.reach * h, rows: n)
      }
      if usesOutput { computeOutput(stage, stageSensitivity, input) }
      computeRate(stage, stageSensitivity, input)
      for index in 0..<n { sum[index] = (number == 0 ? 0 : sum[index]) + part.weight / 6 * rate[index] }
      if withSensitivities {
        if number == 0 { sumSensitivity.update(repeating: 0, count: n * stride) }
        combine(sumSensitivity, sumSensitivity, rateSensitivity, part.weight / 6, rows: n)
      }
    }
    for index in 0..<n { state[index] += h * sum[index] }
    if withSensitivities { combine(stateSensitivity, stateSensitivity, sumSensitivity, h, rows: n) }
  }

  private func computeOutput(_ x: UnsafePointer<Double>, _ s: UnsafePointer<Double>, _ u: UnsafePointer<Double>) {
    let n = stateCount
    for index in 0..<n { sources[index] = x[index] }
    for index in 0..<inputCount { sources[n + index] = u[index] }
    parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      outputKernel.evaluate(sources, parameters, value: output, slope: slope)
    }
    guard withSensitivities else { return }
    outputSensitivity.update(repeating: 0, count: outputCount * stride)
    outputKernel.addGradient(sources, to: outputSensitivity, stride: stride)
    for row in 0..<outputCount {
      for inner in 0..<n {
        add(outputSensitivity + row * stride, s + inner * stride, slope[row * outputKernel.sources + inner])
      }
    }
  }

  /// drift x + entry a(x, u, y) into `rate`, y as it was computed last.
  private func computeRate(_ x: UnsafePointer<Double>, _ s: UnsafePointer<Double>, _ u: UnsafePointer<Double>) {
    let n = stateCount
    for index in 0..<n { sources[index] = x[index] }
    for index in 0..<inputCount { sources[n + index] = u[index] }
    for index in 0..<outputCount { sources[n + inputCount + index] = output[index] }
    parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      stateKernel.evaluate(sources, parameters, value: value, slope: slope)
    }
    for row in 0..<n {
      var result = 0.0
      for inner in 0..<n { result += drift[row * n + inner] * x[inner] }
      for inner in 0..<mapRows { result += entry[row * mapRows + inner] * value[inner] }
      rate[row] = result
    }
    if withSensitivities { computeRateSensitivity(s) }
  }

  private func computeRateSensitivity(_ s: UnsafePointer<Double>) {
    let n = stateCount
    mapSensitivity.update(repeating: 0, count: mapRows * stride)
    stateKernel.addGradient(sources, to: mapSensitivity, stride: stride)
    for row in 0..<mapRows {
      let slopes = slope + row * stateKernel.sources
      for inner in 0..<n { add(mapSensitivity + row * stride, s + inner * stride, slopes[inner]) }
      for inner in 0..<outputCount {
        add(mapSensitivity + row * stride, outputSensitivity + inner * stride, slopes[n + inputCount + inner])
      }
    }
    rateSensitivity.update(repeating: 0, count: n * stride)
    for row in 0..<n {
      for inner in 0..<n { add(rateSensitivity + row * stride, s + inner * stride, drift[row * n + inner]) }
      for inner in 0..<mapRows {
        add(rateSensitivity + row * stride, mapSensitivity + inner * stride, entry[row * mapRows + inner])
      }
    }
  }

  /// target += factor · source, over one row of `stride` numbers.
  @inline(__always)
  private func add(_ target: UnsafeMutablePointer<Double>, _ source: UnsafePointer<Double>, _ factor: Double) {
    guard factor != 0 else { return }
    let a = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SIMD4<Double>.self)
    let b = UnsafeRawPointer(source).assumingMemoryBound(to: SIMD4<Double>.self)
    // Rows begin at multiples of four numbers within `memory`, and stride is a multiple of four.
    for index in 0..<stride / 4 { a[index] += b[index] * factor }
  }

  /// target = a + factor · b, over `rows` rows.
  private func combine(
    _ target: UnsafeMutablePointer<Double>, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ factor: Double, rows: Int
  ) {
    for index in 0..<rows * stride { target[index] = a[index] + factor * b[index] }
  }
}
