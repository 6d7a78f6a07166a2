import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

/// A tensor read by its places.
private struct Grid {
  let shape: [Int]
  let values: [Double]

  init(_ tensor: Tensor) { (shape, values) = (tensor.shape, tensor.elements.doubles) }

  subscript(_ places: Int...) -> Double {
    values[zip(places, shape).reduce(0) { $0 * $1.1 + $1.0 }]
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Layers on random shapes against the sums that the papers write, each computed anew for every step.
@Suite("Layers over steps agree with the sums of their papers")
struct SequenceTwinTests {
  @Test(arguments: [(1, 1, 1), (2, 5, 3), (3, 4, 6)]) func attentionWithoutProducts(_ batch: Int, _ count: Int, _ size: Int) throws
  {
    var check = GradientCheck(seed: 71)
    let (q, k, v) = (
      try check.tensor([batch, count, size]), try check.tensor([batch, count, size], -4...4),
      try check.tensor([batch, count, size])
    )
    let w = try check.tensor([count, count], -2...2)
    for isCausal in [false, true] {
      let found = try numbers([q, k, v, w]) {
        try $0.attentionFree($1[0], $1[1], $1[2], bias: $1[3], count: count, size: size, isCausal: isCausal)
      }
      let (queries, keys, values, pairs) = (Grid(q), Grid(k), Grid(v), Grid(w))
      var expected: [Double] = []
      for b in 0..<batch {
        for t in 0..<count {
          for c in 0..<size {
            var (top, bottom) = (0.0, 0.0)
            for s in 0..<(isCausal ? t + 1 : count) {
              let weight = exp(keys[b, s, c] + pairs[t, s])
              top += weight * values[b, s, c]
              bottom += weight
            }
            expected.append(sigmoid(queries[b, t, c]) * top / bottom)
          }
        }
      }
      expectNear(found, expected, within: 1e-12)
    }
  }

  @Test(arguments: [(1, 1, 1, 1), (2, 5, 3, 2)]) func causalCosineAttention(
    _ batch: Int, _ count: Int, _ size: Int, _ valueSize: Int
  )
    throws
  {
    var check = GradientCheck(seed: 72)
    let (q, k) = (try check.tensor([batch, count, size]), try check.tensor([batch, count, size]))
    let v = try check.tensor([batch, count, valueSize])
    let found = try numbers([q, k, v, Tensor(scalar: -0.3)]) {
      try $0.causalCosineAttention($1[0], $1[1], $1[2], exponent: $1[3], count: count, size: size, valueSize: valueSize)
    }
    let (queries, keys, values) = (Grid(q), Grid(k), Grid(v))
    func dot(_ a: Grid, _ i: Int, _ b: Grid, _ j: Int, _ batch: Int) -> Double {
      (0..<size).reduce(0) { $0 + a[batch, i, $1] * b[batch, j, $1] }
    }
    var expected: [Double] = []
    for b in 0..<batch {
      for t in 0..<count {
        for c in 0..<valueSize {
          expected.append(
            (0...t).reduce(0) { sum, s in
              let norms = (dot(queries, t, queries, t, b) * dot(keys, s, keys, s, b)).squareRoot()
              return sum + dot(queries, t, keys, s, b) / norms * values[b, s, c] / pow(Double(s + 1), sigmoid(-0.3))
            })
        }
      }
    }
    expectNear(found, expected, within: 1e-9)
  }

  @Test(arguments: [(1, 2, 1), (2, 4, 3)]) func matrixValuedState(_ heads: Int, _ count: Int, _ size: Int) throws {
    var check = GradientCheck(seed: 73)
    let columns = try (0..<3 * count).map { place in
      // Decays lie in (0, 1).
      try check.tensor([2, heads, size, 1], place < 2 * count ? -1...1 : 0.1...0.9, kink: 2)
    }
    let rows = try (0..<count).map { _ in try check.tensor([2, heads, 1, size]) }
    let bonus = try check.tensor([heads, size, 1])
    let found = try numbers(columns + rows + [bonus]) { builder, x in
      builder.concat(
        builder.matrixState(
          receptances: Array(x[..<count]), keys: Array(x[count..<2 * count]), values: Array(x[3 * count..<4 * count]),
          decays: Array(x[2 * count..<3 * count]), bonus: x[4 * count]), axis: 2)
    }
    let (r, k, w) = (
      columns[..<count].map(Grid.init), columns[count..<2 * count].map(Grid.init), columns[(2 * count)...].map(Grid.init)
    )
    let (v, u) = (rows.map(Grid.init), Grid(bonus))
    var expected: [Double] = []
    for b in 0..<2 {
      for h in 0..<heads {
        for t in 0..<count {
          for c in 0..<size {
            var sum = 0.0
            for key in 0..<size {
              for s in 0..<t {
                // What step s left has faded in the steps between.
                let faded = (s + 1..<max(s + 1, t)).reduce(1.0) { $0 * w[$1][b, h, key, 0] }
                sum += r[t][b, h, key, 0] * faded * k[s][b, h, key, 0] * v[s][b, h, 0, c]
              }
              sum += r[t][b, h, key, 0] * u[h, key, 0] * k[t][b, h, key, 0] * v[t][b, h, 0, c]
            }
            expected.append(sum)
          }
        }
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func sectionsAreADifferenceEquation() throws {
    var check = GradientCheck(seed: 74)
    let (count, width) = (7, 2)
    let x = try check.tensor([2, count, width])
    var parameters: [String: Tensor] = [:]
    for section in 0..<2 {
      for name in ["b0", "b1", "b2", "p", "q"] { parameters["filter.section\(section).\(name)"] = try check.tensor([width]) }
    }
    let found = try layerNumbers([x], parameters) { builder, x in
      let rows = try builder.sections(x[0], "filter", steps: count, width: width, count: 2)
      return builder.graph.concat(rows.map { builder.graph.reshape($0, [2, 1, width]) }, axis: 1)
    }
    let input = Grid(x)
    var expected = [Double](repeating: 0, count: 2 * count * width)
    for batch in 0..<2 {
      for channel in 0..<width {
        var series = (0..<count).map { input[batch, $0, channel] }
        for section in 0..<2 {
          func value(_ name: String) -> Double { parameters["filter.section\(section).\(name)"]?.elements.doubles[channel] ?? .nan }
          let a2 = tanh(value("p"))
          let a1 = (1 + a2) * tanh(value("q"))
          var output: [Double] = []
          for n in series.indices {
            func past(_ list: [Double], _ back: Int) -> Double { n >= back ? list[n - back] : 0 }
            let forward = value("b0") * series[n] + value("b1") * past(series, 1) + value("b2") * past(series, 2)
            output.append(forward - a1 * past(output, 1) - a2 * past(output, 2))
          }
          series = output
        }
        for step in 0..<count { expected[(batch * count + step) * width + channel] = series[step] }
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func timeMixing() throws {
    var check = GradientCheck(seed: 75)
    let (count, width) = (5, 3)
    let x = try check.tensor([2, count, width])
    var parameters: [String: Tensor] = [:]
    for part in ["receptance", "key", "value"] {
      parameters["mix.\(part).share"] = try check.tensor([width])
      parameters["mix.\(part).weight"] = try check.tensor([width, width])
    }
    parameters["mix.logarithm of decay"] = try check.tensor([width])
    parameters["mix.bonus"] = try check.tensor([width])
    parameters["mix.out.weight"] = try check.tensor([width, width])
    let found = try layerNumbers([x], parameters) { try $0.timeMix($1[0], "mix", steps: count, width: width) }
    let input = Grid(x)
    func vector(_ name: String, _ place: Int) -> Double { parameters["mix.\(name)"]?.elements.doubles[place] ?? .nan }
    func product(_ row: [Double], _ name: String) -> [Double] {
      (0..<width).map { column in (0..<width).reduce(0) { $0 + row[$1] * vector(name + ".weight", $1 * width + column) } }
    }
    var expected: [Double] = []
    for batch in 0..<2 {
      func part(_ name: String, _ step: Int) -> [Double] {
        let row = (0..<width).map { channel -> Double in
          let (here, before) = (input[batch, step, channel], step > 0 ? input[batch, step - 1, channel] : 0)
          return here + (before - here) * vector(name + ".share", channel)
        }
        return product(row, name)
      }
      for t in 0..<count {
        let row = (0..<width).map { channel -> Double in
          let (decay, bonus) = (exp(vector("logarithm of decay", channel)), vector("bonus", channel))
          var (top, bottom) = (0.0, 0.0)
          for s in 0...t {
            let key = part("key", s)[channel]
            let weight = s == t ? exp(bonus + key) : exp(key - Double(t - 1 - s) * decay)
            top += weight * part("value", s)[channel]
            bottom += weight
          }
          return sigmoid(part("receptance", t)[channel]) * top / bottom
        }
        expected += product(row, "out")
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func kolmogorovsNetwork() throws {
    var check = GradientCheck(seed: 76)
    let (from, to, cells) = (3, 2, 4)
    let x = try check.tensor([5, from], 0...1)
    let coefficients = try check.tensor([(2 * from + 1) * (cells + 3), to])
    let found = try layerNumbers([x], ["net.coefficients": coefficients]) {
      try $0.splineNetwork($1[0], "net", from: from, to: to, cells: cells)
    }
    func spline(_ u: Double, _ degree: Int, _ knot: Double) -> Double {
      if degree == 0 { return u >= knot && u < knot + 1 ? 1 : 0 }
      let length = Double(degree)
      return (u - knot) / length * spline(u, degree - 1, knot) + (knot + length + 1 - u) / length * spline(u, degree - 1, knot + 1)
    }
    let inner = [-0.25, 0, 0.29, 0.5, 0.71, 1, 1.25]
    func psi(_ x: Double) -> Double {
      inner.enumerated().reduce(0) { $0 + $1.element * spline(4 * x - Double($1.offset - 1), 3, -2) }
    }
    let (input, weights) = (Grid(x), Grid(coefficients))
    var expected: [Double] = []
    for row in 0..<5 {
      for out in 0..<to {
        var sum = 0.0
        for (term, direction) in NetworkBuilder.directions(from).enumerated() {
          let s = direction.enumerated().reduce(0) { $0 + $1.element * psi(input[row, $1.offset]) }
          let (low, high) = (direction.reduce(0) { $0 + min(0, $1) }, direction.reduce(0) { $0 + max(0, $1) })
          let place = (s - low) / (high - low) * Double(cells)
          for index in 0..<cells + 3 { sum += weights[term * (cells + 3) + index, out] * spline(place - Double(index - 1), 3, -2) }
        }
        expected.append(sum)
      }
    }
    expectNear(found, expected, within: 1e-12)
  }

  @Test func rationalInBernsteinsForm() throws {
    var check = GradientCheck(seed: 77)
    let x = try check.tensor([3, 4], -2...2)
    let (values, free) = (try check.tensor([5]), try check.tensor([4]))
    let found = try layerNumbers([x], ["edge.values": values, "edge.logarithms of weights": free]) {
      try $0.rational($1[0], "edge", range: -1.1...0.9, values: [0, 0, 0, 0, 0])
    }
    let weights = [1] + free.elements.doubles.map { exp($0) }
    func inside(_ x: Double) -> Double {
      let t = (x + 1.1) / 2
      var (top, bottom, binomial) = (0.0, 0.0, 1.0)
      for j in 0...4 {
        let term = binomial * pow(t, Double(j)) * pow(1 - t, Double(4 - j)) * weights[j]
        top += term * values.elements.doubles[j]
        bottom += term
        binomial = binomial * Double(4 - j) / Double(j + 1)
      }
      return top / bottom
    }
    // Outside it goes on along the tangent, here from a difference of fourth order.
    let step = 2e-4
    func slope(_ x: Double) -> Double {
      (inside(x - 2 * step) - 8 * inside(x - step) + 8 * inside(x + step) - inside(x + 2 * step)) / (12 * step)
    }
    let expected = x.elements.doubles.map { value -> Double in
      let end = min(max(value, -1.1), 0.9)
      return value == end ? inside(value) : inside(end) + slope(end) * (value - end)
    }
    expectNear(found, expected, within: 1e-9)
  }
}
