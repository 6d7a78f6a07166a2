internal import Foundation
internal import NetworkGraph
internal import NetworkTraining

/// What a detector takes over from the frame before: its features at the coarse end, each channel by a gate of its own.
///
/// The mix is RWKV's token shift (Peng et al. 2023, "RWKV: reinventing RNNs for the transformer era", equations 11 to 13) with a frame in the place of a token:
/// f′ = b + σ(g) (f − b), f the features of this frame and b those of the frame before, both of their own picture alone. So a pair of frames
/// is all that training needs, and no error goes on from frame to frame.
public enum TimeMix {
  /// The strides whose features are mixed: there what moves stays within a cell from frame to frame, or nearly.
  public static let strides = [16, 32]
  /// The name of the input with the features of the frame before.
  public static func inputName(_ stride: Int) -> String { "before\(stride)" }
  /// The name of the output with the features of this frame.
  public static func outputName(_ stride: Int) -> String { "features\(stride)" }
  /// The network's input in training with the picture of the frame before, of the shape of `pictures`.
  public static let pictureName = "pictures before"

  /// The place of a stride in a pyramid's levels.
  static func level(_ stride: Int) -> Int { PyramidSize.strides.firstIndex(of: stride) ?? 0 }
  /// The share of this frame that channels begin with. Chosen, with no data in sight: near the network without a mix, where the gate has a slope.
  static let startShare = 0.8
}

extension NetworkBuilder {
  /// The levels of a pyramid with those of `TimeMix.strides` mixed.
  ///
  /// - Parameter before: The features of the frame before at these strides.
  mutating func timeMix(_ levels: [Int], _ before: [Int], _ size: PyramidSize) throws -> [Int] {
    try scoped("time") { builder in
      var levels = levels
      for (stride, former) in zip(TimeMix.strides, before) {
        let level = TimeMix.level(stride)
        let start = log(TimeMix.startShare / (1 - TimeMix.startShare))
        let width = size.widths[level]
        let gate = try builder.parameter(
          "gate\(stride)", [1, width, 1, 1], .values([Double](repeating: start, count: width)), isDecayed: false)
        let share = builder.graph.one("Sigmoid", [gate])
        levels[level] = builder.graph.mix(former, levels[level], share)
      }
      return levels
    }
  }

  /// The levels of the pyramids of two lists of pictures, which share their norms: `now` and, at the strides that are mixed, `before`.
  mutating func pyramids(_ now: Int, before: Int, _ size: PyramidSize) throws -> (now: [Int], before: [Int]) {
    let levels = try pyramid(graph.concat([now, before], axis: 0), size).map { level in
      graph.add("Split", [level], ["axis": .integer(0), "num_outputs": .integer(2)], count: 2)
    }
    return (levels.map { $0[0] }, TimeMix.strides.map { levels[TimeMix.level($0)][1] })
  }
}
