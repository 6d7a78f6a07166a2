import Foundation
import ModelFiles

/// The elements of a tensor in groups: those that differ only in the reduced axes.
struct Reduction {
  let kept: [Int]
  private let starts: [Int]
  private let steps: [Int]

  init(_ shape: [Int], axes: [Int]) {
    let strides = Strides.of(shape)
    let reduced = Set(axes)
    let keptAxes = shape.indices.filter { !reduced.contains($0) }
    let inner = shape.indices.filter { reduced.contains($0) }
    kept = keptAxes.map { shape[$0] }
    starts = Strides.places(kept, strides: keptAxes.map { strides[$0] })
    steps = Strides.places(inner.map { shape[$0] }, strides: inner.map { strides[$0] })
  }

  var groupCount: Int { starts.count }
  func members(of group: Int) -> [Int] { steps.map { starts[group] + $0 } }
}

/// Reductions over axes.
extension Kernels {
  static let reductions: [String: Kernel] = [
    "ReduceSum": reduce({ $0.reduce(0, +) }, axesAreInputsSince: 13),
    "ReduceMean": reduce { $0.reduce(0, +) / Double($0.count) },
    "ReduceMax": reduce { $0.contains(where: \.isNaN) ? .nan : $0.max() ?? -.infinity },
    "ReduceMin": reduce { $0.contains(where: \.isNaN) ? .nan : $0.min() ?? .infinity },
    "ReduceProd": reduce { $0.reduce(1, *) },
    "ReduceL1": reduce { $0.reduce(0) { $0 + abs($1) } },
    "ReduceL2": reduce { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
    "ReduceSumSquare": reduce { $0.reduce(0) { $0 + $1 * $1 } },
    "ReduceLogSum": reduce { log($0.reduce(0, +)) },
    "ReduceLogSumExp": reduce { values in
      let top = values.max() ?? 0
      return top.isInfinite ? top : top + log(values.reduce(0) { $0 + exp($1 - top) })
    },
    "ArgMax": .one { call in try extreme(call) { $0 > $1 } },
    "ArgMin": .one { call in try extreme(call) { $0 < $1 } },
    "CumSum": .one { call in
      let input = try call.input(0)
      let view = AxisView(input.shape, axis: try call.axis(try call.integer(1), rank: input.rank))
      let (isExclusive, isReverse) = (try call.flag("exclusive"), try call.flag("reverse"))
      let integers = input.elements.integers
      let values = integers == nil ? input.elements.doubles : []
      var (sums, totals) = (values, integers ?? [])
      for outer in 0..<view.outer {
        for inner in 0..<view.inner {
          var (sum, total) = (0.0, Int64(0))
          for step in 0..<view.size {
            let place = (outer * view.size + (isReverse ? view.size - 1 - step : step)) * view.inner + inner
            if isExclusive, integers == nil { sums[place] = sum }
            if isExclusive, integers != nil { totals[place] = total }
            if let integers { total = total &+ integers[place] } else { sum += values[place] }
            if !isExclusive, integers == nil { sums[place] = sum }
            if !isExclusive, integers != nil { totals[place] = total }
          }
        }
      }
      if integers != nil { return try Tensor(shape: input.shape, elements: .from(totals, type: input.type)) }
      return try call.result(input.shape, sums, type: input.type)
    },
  ]

  private static func reduce(
    _ function: @escaping @Sendable ([Double]) -> Double, axesAreInputsSince version: Int = 18
  ) -> Kernel {
    .one { call in
      let input = try call.input(0)
      let named = call.version >= version ? try call.optionalIntegers(1) : try call.ints("axes")
      let keeps = try call.flag("keepdims", default: true)
      if (named ?? []).isEmpty, try call.flag("noop_with_empty_axes") { return input }
      let axes =
        (named ?? []).isEmpty ? Array(input.shape.indices) : try call.axes(named ?? [], rank: input.rank)
      let reduction = Reduction(input.shape, axes: axes)
      // Integers up to 2⁵³ are exact in a 64-bit float; larger ones are refused rather than rounded.
      let values = input.elements.doubles
      if !input.type.isFloat, values.contains(where: { abs($0) > 9e15 }) { throw call.unsupported("reduces integers above 2⁵³") }
      let results = (0..<reduction.groupCount).map { function(reduction.members(of: $0).map { values[$0] }) }
      let shape = keeps ? input.shape.indices.map { axes.contains($0) ? 1 : input.shape[$0] } : reduction.kept
      return try call.result(shape, results, type: input.type)
    }
  }

  private static func extreme(_ call: KernelCall, _ isBetter: (Double, Double) -> Bool) throws -> Tensor {
    let input = try call.input(0)
    let axis = try call.axis(try call.int("axis", default: 0), rank: input.rank)
    let (keeps, last) = (try call.flag("keepdims", default: true), try call.flag("select_last_index"))
    let view = AxisView(input.shape, axis: axis)
    guard view.size > 0 else { throw call.fault("looks for the best of no elements") }
    let values = input.elements.doubles
    var result: [Int64] = []
    for outer in 0..<view.outer {
      for inner in 0..<view.inner {
        var best = 0
        for index in 0..<view.size {
          let (value, champion) = (
            values[(outer * view.size + index) * view.inner + inner], values[(outer * view.size + best) * view.inner + inner]
          )
          if isBetter(value, champion) || (last && value == champion) { best = index }
        }
        result.append(Int64(best))
      }
    }
    var shape = input.shape
    if keeps { shape[axis] = 1 } else { shape.remove(at: axis) }
    return try Tensor(shape: shape, result)
  }
}
