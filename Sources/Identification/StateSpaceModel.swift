import Splines

/// A state-space model whose learned parts are linear terms and curves of one variable (SS-KAN).
///
///     a_k = stateMap(x_k, u_k, y_k),    y_k = outputMap(x_k, u_k)
///     x_{k+1} or dx/dt = drift · x_k + entry · a_k
///
/// `drift` and `entry` are fixed and hold what is known: exact kinematics, or the shifts of a canonical form. With drift 0 and entry 1
/// this is the full form of G. Cruz and others, "State-Space Kolmogorov–Arnold Networks for Interpretable Nonlinear System
/// Identification", IEEE Control Systems Letters, 2025, with a linear part beside the curves. Every form of `docs/identification.md` is a
/// choice of fixed parts, free numbers and edges. All signals are scaled: `scaling` leads from the units of the data.
public struct StateSpaceModel: Sendable, Hashable, Codable {
  /// n × n: how the state moves without the map.
  public var drift: Matrix
  /// n × rows of the state map: what the map's values add to the state.
  public var entry: Matrix
  /// Sources: states, inputs, outputs.
  public var stateMap: LearnedMap
  /// Sources: states, inputs.
  public var outputMap: LearnedMap
  /// Whether the map gives the next state or its rate of change.
  public var clock: ModelClock
  /// What leads from the units of the data to the model's signals.
  public var scaling: SignalScaling

  /// The caller gives sizes that agree; what comes from elsewhere is checked with `validate()`.
  public init(
    drift: Matrix, entry: Matrix, stateMap: LearnedMap, outputMap: LearnedMap, clock: ModelClock, scaling: SignalScaling
  ) {
    self.drift = drift
    self.entry = entry
    self.stateMap = stateMap
    self.outputMap = outputMap
    self.clock = clock
    self.scaling = scaling
  }

  /// n, the number of states.
  public var stateCount: Int { drift.rows }
  /// m, the number of inputs.
  public var inputCount: Int { scaling.inputs.count }
  /// p, the number of outputs.
  public var outputCount: Int { outputMap.rows }

  /// A bound for what is read from files; identification takes far fewer.
  public static let maximumStates = 64

  /// Refuses a model whose sizes do not agree or whose numbers cannot be used; what comes from a file is checked with it.
  public func validate() throws(IdentificationError) {
    let n = stateCount
    guard (1...StateSpaceModel.maximumStates).contains(n) else { throw .malformedModel("it has \(n) states") }
    guard drift.columns == n, drift.values.count == n * n, entry.rows == n, entry.values.count == n * entry.columns,
      drift.isFinite, entry.isFinite
    else { throw .malformedModel("its fixed parts do not have the sizes of \(n) states") }
    guard stateMap.isConsistent, outputMap.isConsistent, entry.columns == stateMap.rows,
      stateMap.sources == n + inputCount + outputCount, outputMap.sources == n + inputCount,
      scaling.outputs.count == outputCount, outputCount > 0
    else { throw .malformedModel("its maps do not have the sizes of \(n) states, \(inputCount) inputs and \(outputCount) outputs") }
    guard (scaling.inputs + scaling.outputs).allSatisfy({ $0.offset.isFinite && $0.scale.isFinite && $0.scale > 0 }) else {
      throw .malformedModel("a scale is not a positive number")
    }
    if case .continuous(let sampleTime, let maximumStep, _) = clock {
      guard sampleTime.isFinite, sampleTime > 0, maximumStep.isFinite, maximumStep > 0 else {
        throw .malformedModel("its sample time or step is not a positive number")
      }
    }
  }

  /// The same continuous-time model at another sample time, in seconds; a discrete one is what it is.
  public func resampled(to sampleTime: Double) -> StateSpaceModel {
    var result = self
    if case .continuous(_, let step, let hold) = clock {
      result.clock = .continuous(sampleTime: sampleTime, maximumStep: step, hold: hold)
    }
    return result
  }
}

// MARK: - Parameters

extension StateSpaceModel {
  /// The number of `parameters`.
  public var parameterCount: Int { parameters.count }

  /// The learned numbers: linear part of the state map, of the output map, edges of the state map, of the output map.
  public var parameters: [Double] {
    get {
      stateMap.freePlaces.map { stateMap.linear.values[$0] } + outputMap.freePlaces.map { outputMap.linear.values[$0] }
        + stateMap.links.flatMap(\.edge.parameters) + outputMap.links.flatMap(\.edge.parameters)
    }
    set {
      precondition(newValue.count == parameterCount, "a model keeps its number of parameters")
      var rest = newValue[...]
      for place in stateMap.freePlaces { stateMap.linear.values[place] = rest.removeFirst() }
      for place in outputMap.freePlaces { outputMap.linear.values[place] = rest.removeFirst() }
      for index in stateMap.links.indices {
        let count = stateMap.links[index].edge.parameterCount
        stateMap.links[index].edge.set(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      for index in outputMap.links.indices {
        let count = outputMap.links[index].edge.parameterCount
        outputMap.links[index].edge.set(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Where an edge is: in the state or in the output map, and its number there.
  public struct EdgePlace: Sendable, Hashable {
    /// Whether it is in the output map.
    public var isOutput: Bool
    /// Its number within the map's links, from 0.
    public var index: Int
  }

  /// All edges in the order of the parameters.
  public var edgePlaces: [EdgePlace] {
    stateMap.links.indices.map { EdgePlace(isOutput: false, index: $0) }
      + outputMap.links.indices.map { EdgePlace(isOutput: true, index: $0) }
  }

  /// The edge at a place that exists, with its row and source.
  public func link(_ place: EdgePlace) -> LearnedMap.Link {
    place.isOutput ? outputMap.links[place.index] : stateMap.links[place.index]
  }

  /// Puts another edge at a place that exists.
  public mutating func setEdge(_ place: EdgePlace, to edge: Edge) {
    if place.isOutput { outputMap.links[place.index].edge = edge } else { stateMap.links[place.index].edge = edge }
  }

  /// The parameters of an edge within all parameters.
  public func parameterRange(of place: EdgePlace) -> Range<Int> {
    var start = stateMap.freePlaces.count + outputMap.freePlaces.count
    for other in edgePlaces {
      let count = link(other).edge.parameterCount
      if other == place { return start..<start + count }
      start += count
    }
    return start..<start
  }

  /// The name of an edge, such as `x1 <- y` or `y <- x2`.
  public func name(of place: EdgePlace) -> String {
    let link = link(place)
    let n = stateCount
    let target = place.isOutput ? (outputCount == 1 ? "y" : "y\(link.row + 1)") : (stateMap.rows == 1 ? "a" : "x\(link.row + 1)'")
    let source =
      link.source < n
      ? "x\(link.source + 1)"
      : link.source < n + inputCount
        ? (inputCount == 1 ? "u" : "u\(link.source - n + 1)") : (outputCount == 1 ? "y" : "y\(link.source - n - inputCount + 1)")
    return "\(target) <- \(source)"
  }
}
