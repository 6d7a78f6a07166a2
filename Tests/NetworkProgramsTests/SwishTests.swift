import Foundation
import ModelFiles
import NetworkGraph
import NetworkPrograms
import NetworkTestSupport
import Testing

/// x · sigmoid(x) behind convolutions in bfloat16, number by number against 64-bit floats.
@Suite(.enabled(if: (try? Library.note(on: .bf16)) == .some(nil), "needs a processor that multiplies bfloat16 numbers"))
struct SwishTests {
  private static let channels = 32
  /// Half of the last of eight significant bits.
  private static let rounding = 1.0 / 256
  /// What the function may be off by before it is rounded.
  private static let approximation = 2e-4
  /// Where 1 / (1 + e⁻ˣ) is no normal number it may become zero: x = −90 gives −7e−38.
  private static let least = 0x1p-119

  /// Every bfloat16 number from 2^−40 to below 2^7 of both signs, in a shape of `channels`; the places that are left hold zeros.
  private static func numbers() throws -> Tensor {
    let all = (0..<65536 as Range<UInt32>).map { Float(bitPattern: $0 << 16) }
    var kept = all.filter { (0x1p-40..<0x1p7).contains(abs($0)) }
    let columns = (kept.count + channels - 1) / channels
    kept += [Float](repeating: 0, count: columns * channels - kept.count)
    return try Tensor(shape: [1, channels, 1, columns], kept)
  }

  /// A convolution that hands its source on: each channel comes from the same one alone, times one.
  private static func same(_ maker: inout GraphMaker, _ source: Int) throws -> Int {
    let ones = (0..<channels * channels).map { $0 % (channels + 1) == 0 ? 1 as Float : 0 }
    let weights = maker.constant(try Tensor(shape: [channels, channels, 1, 1], ones))
    return maker.one(
      "Conv", [source, weights],
      [
        "kernel_shape": .integers([1, 1]), "strides": .integers([1, 1]), "pads": .integers([0, 0, 0, 0]), "group": .integer(1),
        "dilations": .integers([1, 1]),
      ])
  }

  /// What `make` makes of the numbers, handed on by one more convolution: bfloat16 is what lies between two.
  ///
  /// - Returns: Each number with its result.
  private func results(_ make: (inout GraphMaker, Int) throws -> Int) throws -> [(x: Double, y: Double)] {
    var maker = GraphMaker(seed: 1)
    let made = try make(&maker, maker.input())
    maker.output(try SwishTests.same(&maker, made))
    let graph = maker.graph
    let numbers = try SwishTests.numbers()
    let inputs = [graph.values[graph.inputs[0]].name: numbers]
    let programs = [try Program(graph, threads: 1, type: .bf16), try Program(graph, threads: 2, type: .bf16)]
    let found = try programs.map { try #require(try $0.run(inputs).values.first) }
    #expect(found[0] == found[1], "the same bytes with more threads")
    let report = try #require(try programs[0].report(for: inputs))
    #expect(report.steps.contains { $0.name == "swish" })
    let pairs = zip(try #require(numbers.values(Float.self)), try #require(found[0].values(Float.self)))
    return pairs.map { (Double($0), Double($1)) }
  }

  @Test func everyNumberIsRoundedOnce() throws {
    let found = try results { maker, input in maker.swish(try SwishTests.same(&maker, input)) }
    for (x, y) in found {
      let exact = x / (1 + exp(-x))
      let limit = (SwishTests.rounding + SwishTests.approximation) * abs(exact) + SwishTests.least
      #expect(abs(y - exact) <= limit, "\(x)")
    }
  }

  @Test func whatIsAddedIsAddedBeforeRounding() throws {
    let found = try results { maker, input in
      let twice = try SwishTests.same(&maker, maker.one("Add", [input, input]))
      return maker.one("Add", [twice, maker.swish(try SwishTests.same(&maker, input))])
    }
    for (x, y) in found {
      let function = x / (1 + exp(-x))
      let exact = function + 2 * x
      let limit = SwishTests.rounding * abs(exact) + SwishTests.approximation * abs(function) + SwishTests.least
      #expect(abs(y - exact) <= limit, "\(x)")
    }
  }
}
