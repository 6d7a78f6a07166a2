import ModelFiles
import NetworkGraph
import NetworkKernels
import Testing

@testable import NetworkTraining

/// Runs what `make` builds on given numbers, in 64-bit floats by the plain kernels.
func numbers(_ inputs: [Tensor], _ make: (inout GraphBuilder, [Int]) throws -> Int) throws -> [Double] {
  var builder = GraphBuilder(name: "test", type: .float64)
  let values = inputs.map { builder.constant($0) }
  let result = try make(&builder, values)
  builder.output(result, name: "result")
  return try #require(try Interpreter(builder.graph).run([:])["result"]).elements.doubles
}

/// Runs layers with given parameters.
func layerNumbers(
  _ inputs: [Tensor], _ parameters: [String: Tensor], _ make: (inout NetworkBuilder, [Int]) throws -> Int
) throws -> [Double] {
  var builder = NetworkBuilder(purpose: .inference(parameters), type: .float64)
  let values = inputs.map { builder.graph.constant($0) }
  let result = try make(&builder, values)
  builder.graph.output(result, name: "result")
  return try #require(try Interpreter(builder.graph.graph).run([:])["result"]).elements.doubles
}

/// Gradients of layers over inputs and parameters against central differences.
func layerError(
  _ check: inout GradientCheck, _ inputs: [Tensor], _ make: (inout NetworkBuilder, [Int]) throws -> Int
) throws -> Double {
  // The parameters that the layers ask for become inputs of the check, with their seeded values moved a little, so that none is zero.
  var trial = NetworkBuilder(seed: 3, type: .float64)
  let places = inputs.enumerated().map { trial.graph.input("x\($0.offset)", shape: $0.element.shape.map { .fixed($0) }) }
  _ = try make(&trial, places)
  let names = trial.parameters.map(\.name)
  let starts = try trial.parameters.map { parameter in
    let noise = try check.tensor(parameter.start.shape, -0.3...0.3)
    return try Tensor(shape: parameter.start.shape, zip(parameter.start.elements.doubles, noise.elements.doubles).map { $0 + $1 })
  }
  return try check.error(of: inputs + starts) { graph, values in
    var builder = NetworkBuilder(seed: 3, type: .float64)
    builder.graph = graph
    builder.useValues(Dictionary(uniqueKeysWithValues: zip(names, values[inputs.count...])))
    let result = try make(&builder, Array(values[..<inputs.count]))
    graph = builder.graph
    return result
  }
}

func expectNear(
  _ found: [Double], _ expected: [Double], within tolerance: Double = 2e-6, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  for (a, b) in zip(found, expected) { #expect(abs(a - b) < tolerance, "\(found)", sourceLocation: sourceLocation) }
}
