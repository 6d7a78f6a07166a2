import Foundation
import ModelFiles
import NetworkKernels
import TestSupport
import Testing

@testable import NetworkTraining

private func rows(_ rows: [[Double]]) throws -> Tensor { try Tensor(shape: [rows.count, rows[0].count], rows.flatMap { $0 }) }

/// The expected numbers are worked out from the formulas with numpy.
@Suite("Layers have the values of their formulas")
struct LayerValueTests {
  @Test func normalizations() throws {
    let x = try rows([[1, -2, 0.5, 3]])
    let scale = Tensor(list: [1, 0.5, 2, 1] as [Double])
    expectNear(
      try layerNumbers([x], ["norm.scale": scale]) { try $0.rmsNorm($1[0], "norm", size: 4) },
      [0.529813, -0.529813, 0.529813, 1.589439])
    expectNear(
      try layerNumbers([x], ["norm.scale": scale, "norm.shift": Tensor(list: [0, 0, 0, 0] as [Double])]) {
        try $0.layerNorm($1[0], "norm", size: 4)
      }, [0.210559, -0.736955, -0.140372, 1.333538])
  }

  @Test func activations() throws {
    let learned = ["gelu.mean": Tensor(list: [0.3]), "gelu.logarithm of deviation": Tensor(list: [log(0.8)])]
    expectNear(
      try layerNumbers([try rows([[-1, 0.5, 2]])], learned) { try $0.learnedGelu($1[0], "gelu") }, [-0.052081, 0.299353, 1.966413])
    expectNear(try layerNumbers([try rows([[-1, 0.3, 2]])], [:]) { $0.smoothstep($1[0]) }, [0, 0.216, 1])
    let pade = ["pade.numerator": Tensor(list: [0, 1, 0.5, 0.1] as [Double]), "pade.denominator": Tensor(list: [0.3, -0.8])]
    expectNear(
      try layerNumbers([try rows([[1.4]])], pade) {
        try $0.pade($1[0], "pade", numerator: [0, 0, 0, 0], denominator: [0, 0])
      }, [1.235754])
  }

  @Test func attention() throws {
    let q = try Tensor(shape: [1, 2, 2], [0.5, -1, 1, 0] as [Double])
    let k = try Tensor(shape: [1, 3, 2], [1, 0.2, -0.5, 0.3, 0, -2] as [Double])
    let v = try Tensor(shape: [1, 3, 1], [1, 2, 4] as [Double])
    expectNear(try numbers([q, k, v]) { $0.linearAttention($1[0], $1[1], $1[2]) }, [1.946408, 1.905636])
    expectNear(
      try numbers([q, k, v, Tensor(scalar: 0.1)]) { $0.cosineAttention($1[0], $1[1], $1[2], temperature: $1[3]) },
      [3.994573, 1.000165])
    expectNear(
      try numbers([q, k, v, Tensor(scalar: 0.5)]) { $0.linearCosineAttention($1[0], $1[1], $1[2], exponent: $1[3], count: 3) },
      [1.086818, -0.370636])
  }

  @Test func mixerBlock() throws {
    let x = try Tensor(shape: [1, 2, 3], [1, -1, 0.5, 0, 2, -0.5] as [Double])
    func weights(_ name: String, _ rows: [[Double]]) throws -> [String: Tensor] {
      // Written as [to, from]; layers keep [from, to].
      let turned = rows[0].indices.map { column in rows.map { $0[column] } }
      return [
        "block.\(name).weight": try Tensor(shape: [turned.count, rows.count], turned.flatMap { $0 }),
        "block.\(name).bias": Tensor(list: [Double](repeating: 0, count: rows.count)),
      ]
    }
    var parameters = try weights("tokens1", [[0.5, -1], [1, 0.3]])
    for (name, matrix) in [
      ("tokens2", [[0.2, 0.4], [-0.6, 0.1]]), ("channels1", [[0.3, -0.2, 0.1], [0.5, 0.4, -0.3]]),
      ("channels2", [[0.2, -0.1], [0.6, 0.3], [-0.4, 0.5]]),
    ] { parameters.merge(try weights(name, matrix)) { first, _ in first } }
    for name in ["norm1", "norm2"] {
      parameters["block.\(name).scale"] = Tensor(list: [1, 1, 1] as [Double])
      parameters["block.\(name).shift"] = Tensor(list: [0, 0, 0] as [Double])
    }
    expectNear(
      try layerNumbers([x], parameters) { try $0.mixerBlock($1[0], "block", tokens: 2, width: 3, tokenWidth: 2, channelWidth: 2) },
      [1.522886, -0.823746, 0.510741, -0.483339, 2.050253, -0.790915])
  }

  @Test func recurrentSteps() throws {
    let row = try rows([[0.6, -0.3, 0.7]])
    let (state, weight, bias) = (try rows([[0.5]]), try rows([[0.2, 0.4, 0.6]]), Tensor(list: [0.05, 0.1, 0.3]))
    for (reset, expected) in [(NetworkBuilder.Reset.state, 0.601942), (.product, 0.583925)] {
      expectNear(
        try layerNumbers([row, state, weight, bias], [:]) { $0.gruStep($1[0], $1[1], $1[2], $1[3], width: 1, reset: reset) },
        [expected])
    }
    let logit = { (p: Double) in log(p / (1 - p)) }
    let parts = [logit(0.6570105), 0.55, atanh(0.5370496), 0.3].map { Tensor(list: [$0]) }
    expectNear(
      try layerNumbers(parts, [:]) { $0.lstmStep(Array($1[..<3]), cell: $1[3]).output }, [0.2307243])
  }

  @Test func simpleRecurrentUnit() throws {
    let x = try Tensor(shape: [1, 2, 1], [1, -0.5])
    let parameters = [
      "sru.in.weight": try rows([[0.8, 0.5, -0.4]]), "sru.in.bias": Tensor(list: [0, 0.1, -0.1]),
      "sru.view": Tensor(list: [0.3, 0.2]),
    ]
    for (seesCell, last) in [(true, -0.267843), (false, -0.281527)] {
      expectNear(
        try layerNumbers([x], parameters) { builder, x in
          builder.graph.concat(try builder.sru(x[0], "sru", steps: 2, width: 1, seesCell: seesCell), axis: 1)
        }, [0.729483, last])
    }
  }

  @Test func ternaryWeights() throws {
    // W as [to, from] is [[.4, −1.2, .05], [.9, −.3, 0]]: g = 0.475, Wq = [[1, −1, 0], [1, −1, 0]].
    let parameters = [
      "layer.weight": try rows([[0.4, 0.9], [-1.2, -0.3], [0.05, 0]]), "layer.bias": Tensor(list: [0, 0] as [Double]),
    ]
    expectNear(
      try layerNumbers([try rows([[0.5, -1, 2]])], parameters) { try $0.ternaryLinear($1[0], "layer", from: 3, to: 2) },
      [0.475 * 1.5, 0.475 * 1.5], within: 1e-6)
  }

  @Test func logicByMixing() throws {
    let (p, q) = (Tensor(scalar: 0.3), Tensor(scalar: 0.8))
    expectNear(try numbers([p, q]) { $0.and($1[0], $1[1]) }, [0.24])
    expectNear(try numbers([p, q]) { $0.or($1[0], $1[1]) }, [0.86])
    expectNear(try numbers([p]) { $0.not($1[0]) }, [0.7])
    expectNear(try numbers([p, q]) { $0.exclusiveOr($1[0], $1[1]) }, [0.62])
    expectNear(
      try numbers([p]) { builder, x in
        builder.casteljau([0, 0, 1, 1].map { builder.constant($0) }, x[0])
      }, [0.216])
    // P(K ≤ 1) of four trials with p = .3.
    expectNear(
      try numbers([p]) { builder, x in
        builder.casteljau([1, 1, 0, 0, 0].map { builder.constant($0) }, x[0])
      }, [0.6517])
  }

  @Test func everyBooleanFunctionOfThreeBitsIsAMixTree() throws {
    for function in 0..<256 {
      var builder = GraphBuilder(name: "logic", type: .float64)
      for word in 0..<8 {
        let bits = (0..<3).map { builder.constant(Double(word >> (2 - $0) & 1)) }
        let table = (0..<8).map { builder.constant(Double(function >> $0 & 1)) }
        builder.output(builder.mixTree(table, bits: bits), name: "\(word)")
      }
      let results = try Interpreter(builder.graph).run([:])
      for word in 0..<8 { #expect(results["\(word)"] == Tensor(scalar: Double(function >> word & 1))) }
    }
  }

  @Test func chebyshevEdge() throws {
    let parameters = ["edge.coefficients": try Tensor(shape: [3, 1], [-0.2, 0.3, 0.05]), "edge.bias": Tensor(list: [0.1])]
    expectNear(
      try layerNumbers([try rows([[0.7]])], parameters) {
        try $0.edges($1[0], "edge", from: 1, to: 1, basis: .chebyshev(degree: 3))
      },
      [-0.148222152], within: 1e-9)
  }

  @Test(.enabled(if: SharedData.place("reference/test-vectors.json") != nil, "needs ../shared/reference"))
  func splineAndBernsteinEdges() throws {
    struct Curve: Decodable {
      struct Value: Decodable {
        let x: Double?, t: Double?
        let f: Double
      }
      let coefficients: [Double]
      let values: [Value]
    }
    struct Vectors: Decodable { let bspline_cubic_uniform: Curve, bernstein: Curve }
    let path = try #require(SharedData.place("reference/test-vectors.json"))
    let vectors = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: path))
    for (curve, basis) in [
      (vectors.bspline_cubic_uniform, NetworkBuilder.Basis.spline(range: -1...1.5, cells: 5)),
      (vectors.bernstein, .bernstein(range: 0...1, degree: 4)),
    ] {
      let parameters = [
        "edge.coefficients": try Tensor(shape: [curve.coefficients.count, 1], curve.coefficients), "edge.bias": Tensor(list: [0.0]),
      ]
      let x = try Tensor(shape: [curve.values.count, 1], curve.values.map { $0.x ?? $0.t ?? 0 })
      expectNear(
        try layerNumbers([x], parameters) { try $0.edges($1[0], "edge", from: 1, to: 1, basis: basis) }, curve.values.map(\.f),
        within: 1e-9)
    }
  }
}

@Suite("Gradients of layers agree with central differences")
struct LayerGradientTests {
  @Test func layersOfRows() throws {
    var check = GradientCheck(seed: 31)
    let x = [try check.tensor([3, 4])]
    let layers: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("linear", { try $0.linear($1, "a", from: 4, to: 2) }), ("rms", { try $0.rmsNorm($1, "a", size: 4) }),
      ("norm", { try $0.layerNorm($1, "a", size: 4) }), ("gelu", { try $0.learnedGelu($1, "a") }), ("silu", { $0.silu($1) }),
      ("squared", { $0.squaredRelu($1) }), ("smoothstep", { $0.smoothstep($1) }),
      ("pade", { try $0.pade($1, "a", numerator: [0, 1, 0.5], denominator: [0.3, 0.8]) }),
      ("spline", { try $0.edges($1, "a", from: 4, to: 2, basis: .spline(range: -0.7...0.8, cells: 3)) }),
      ("bernstein", { try $0.edges($1, "a", from: 4, to: 2, basis: .bernstein(range: -0.7...0.8, degree: 3)) }),
      ("mixing", { try $0.mixLayer($0.graph.one("Sigmoid", [$1]), "a", from: 4, to: 3) }),
      ("chebyshev", { try $0.edges($1, "a", from: 4, to: 2, basis: .chebyshev(degree: 3)) }),
    ]
    for (name, layer) in layers { #expect(try layerError(&check, x) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
  }

  @Test func layersOfPictures() throws {
    var check = GradientCheck(seed: 32)
    let x = [try check.tensor([2, 4, 4, 4])]
    let layers: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("convolution", { try $0.convolution($1, "a", from: 4, to: 2, stride: 2) }),
      ("depthwise", { try $0.convolution($1, "a", from: 4, to: 4, dilation: 2, groups: 4) }),
      ("enlargement", { try $0.enlargement($1, "a", from: 4, to: 3) }), ("norm", { try $0.batchNorm($1, "a", channels: 4) }),
      ("pool", { $0.globalMean($0.maximumPool($1)) }),
      ("patches", { try $0.patchEmbedding($1, "a", channels: 4, side: 4, patch: 2, width: 3) }),
    ]
    for (name, layer) in layers { #expect(try layerError(&check, x) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
  }

  @Test func layersOfTokens() throws {
    var check = GradientCheck(seed: 33)
    let x = [try check.tensor([2, 3, 4])]
    let layers: [(String, (inout NetworkBuilder, Int) throws -> Int)] = [
      ("transformer", { try $0.transformerBlock($1, "a", tokens: 3, width: 4, heads: 2) }),
      ("mixer", { try $0.mixerBlock($1, "a", tokens: 3, width: 4, tokenWidth: 2, channelWidth: 5) }),
      ("gru", { try $0.gru($1, "a", steps: 3, from: 4, width: 2).last ?? 0 }),
      ("gru, reset before", { try $0.gru($1, "a", steps: 3, from: 4, width: 2, reset: .state).last ?? 0 }),
      ("lstm", { try $0.lstm($1, "a", steps: 3, from: 4, width: 2).last ?? 0 }),
      ("coupled", { try $0.lstm($1, "a", steps: 3, from: 4, width: 2, isCoupled: true).last ?? 0 }),
      ("sru", { try $0.sru($1, "a", steps: 3, width: 4, seesCell: true).last ?? 0 }),
    ]
    for (name, layer) in layers { #expect(try layerError(&check, x) { try layer(&$0, $1[0]) } < 1e-6, "\(name)") }
  }
}
