internal import NetworkGraph
internal import NetworkTraining

/// The features of a teacher that a network learns to tell beside its task: a map of so many channels at a stride of the pyramid.
public struct FeatureTarget: Sendable, Equatable, Codable {
  /// At least 1.
  public let channels: Int
  /// One of `PyramidSize.strides`.
  public let stride: Int

  /// - Parameters: As the properties of their names.
  public init(channels: Int, stride: Int) { (self.channels, self.stride) = (channels, stride) }
}

/// What is made small between a network's own features and a teacher's.
///
/// A linear layer of each cell brings the student's channels to the teacher's (Romero et al. 2015, "FitNets", section 2.2). What is compared is
/// how channels vary, and neither their means nor their sizes: 1 − ρ, Pearson's correlation ρ over all cells of the batch, the mean over the
/// channels (Cao et al. 2022, "PKD", equations 2 and 3). So no number has to be fitted to a teacher.
public enum FeatureLoss {
  /// The network's input beside `DetectorLoss.inputNames`: [batch, channels, side ∕ stride, side ∕ stride].
  public static let inputName = "features"
  /// What the linear layer's parameters are named after. It is there in training alone, and no part of the trained network.
  static let scope = "teacher"
  /// Added to variances: a channel of the teacher that is nearly the same everywhere, by a thousandth, has nothing to tell.
  static let floor = 1e-6

  /// Whether a parameter is there in training alone.
  static func isTeachers(_ name: String) -> Bool { name.hasPrefix("\(scope).") }
}

extension GraphBuilder {
  /// The mean over the channels of 1 − ρ, with ρ = cov(x, t) ∕ √((var x + ε) (var t + ε)) over the squares and cells, ε `FeatureLoss.floor`.
  ///
  /// - Parameters:
  ///   - found: [batch, channels, rows, columns].
  ///   - targets: Of the same shape; no gradient flows to them.
  mutating func correlationLoss(_ found: Int, _ targets: Int) -> Int {
    let axes = [0, 2, 3]
    func centred(_ graph: inout GraphBuilder, _ x: Int) -> (values: Int, variance: Int) {
      let values = graph.subtract(x, graph.mean(x, axes: axes))
      return (values, graph.add(graph.mean(graph.multiply(values, values), axes: axes), number: FeatureLoss.floor))
    }
    let (x, t) = (centred(&self, found), centred(&self, stopGradient(targets)))
    let covariance = mean(multiply(x.values, t.values), axes: axes)
    let correlation = divide(covariance, one("Sqrt", [multiply(x.variance, t.variance)]))
    return subtract(number: 1, mean(correlation))
  }
}

extension NetworkBuilder {
  /// The loss of a pyramid's features beside a teacher's, and the student's map that it is about.
  ///
  /// - Parameters:
  ///   - levels: The pyramid's.
  ///   - size: The pyramid's.
  /// - Throws: `TrainingError` for a stride that the pyramid does not have.
  mutating func featureLoss(_ levels: [Int], _ size: PyramidSize, _ target: FeatureTarget) throws -> (loss: Int, map: Int) {
    guard let level = PyramidSize.strides.firstIndex(of: target.stride), levels.indices.contains(level), target.channels > 0 else {
      throw TrainingError("Features of \(target.channels) channels at stride \(target.stride) are at no level of the pyramid.")
    }
    let targets = graph.input(FeatureLoss.inputName, shape: [.any, .fixed(target.channels), .any, .any])
    let told = try scoped(FeatureLoss.scope) { builder in
      // Means are not compared, so that there is no bias to be learned.
      try builder.convolution(
        levels[level], "projection", from: size.widths[level], to: target.channels, kernel: 1, hasBias: false, gain: 1)
    }
    return (graph.correlationLoss(told, targets), levels[level])
  }
}
