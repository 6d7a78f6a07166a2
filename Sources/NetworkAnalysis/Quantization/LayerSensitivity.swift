public import ModelFiles
internal import NetworkGraph
internal import NetworkPrograms

/// How much each layer, converted alone, moves a network's outputs.
public struct LayerSensitivity: Sendable {
  /// A layer and the errors of the outputs, one a group.
  public struct Line: Sendable {
    /// The node's place in the exact network.
    public let layer: Int
    public let errors: [Double]
    /// The largest of the errors.
    public var worst: Double { errors.max() ?? 0 }
  }
  /// In the order of the network.
  public let lines: [Line]

  /// - Parameters:
  ///   - expected: The exact network's outputs for each sample.
  public init(
    _ conversion: Conversion, groups: [ChannelGroup], samples: [[String: Tensor]], expected: [[String: Tensor]], threads: Int
  ) throws {
    var lines: [Line] = []
    for layer in conversion.layers {
      let errors = try conversion.errors(
        [layer], groups: groups, samples: samples, expected: expected, threads: threads, type: .f32)
      lines.append(Line(layer: layer, errors: errors))
    }
    self.lines = lines
  }

  /// The layers that alone make at least `share` of the sum of all layers' squared errors: independent errors add as squares.
  public func sensitive(share: Double) -> Set<Int> {
    let total = lines.reduce(0) { $0 + $1.worst * $1.worst }
    guard total > 0 else { return [] }
    return Set(lines.filter { $0.worst * $0.worst >= share * total }.map(\.layer))
  }
}
