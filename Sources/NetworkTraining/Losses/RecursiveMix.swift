public import ModelFiles
internal import NetworkGraph

/// Weights of several losses by a recursive mix: M = mix(L₁, mix(L₂, …, b₂), b₁), each b such that both sides of its mix pull equally hard.
///
/// A loss pulls by the sum of the magnitudes of its gradient over what the network tells of it; pulls of different places add. With the pulls g₁ of a
/// loss and g of the mix of all that follow, b = g₁ ∕ (g₁ + g) and the mix pulls by 2 g₁ g ∕ (g₁ + g). So the first loss has half of the pull,
/// the second a quarter, and so on. b cannot be learned by making M small: all weight would move to the smallest loss.
public enum RecursiveMix {
  /// Added to pulls, so that losses that never pull have a weight.
  static let floor = 1e-6

  /// The weights, which sum to one.
  ///
  /// - Parameter pulls: One for each loss, in the order of the mix.
  public static func weights(pulls: [Double]) -> [Double] {
    guard var rest = pulls.last.map({ $0 + floor }) else { return [] }
    var weights = [1.0]
    for pull in pulls.dropLast().reversed().map({ $0 + floor }) {
      let share = pull / (pull + rest)
      weights = [1 - share] + weights.map { $0 * share }
      rest = 2 * pull * rest / (pull + rest)
    }
    return weights
  }
}

extension GraphBuilder {
  /// The mix M of losses by their pulls, through which no gradient flows.
  ///
  /// - Parameters:
  ///   - losses: Single numbers, at least one.
  ///   - pulls: Single numbers, one for each loss.
  public mutating func recursiveMix(_ losses: [Int], pulls: [Int]) throws -> Int {
    guard losses.count == pulls.count, let last = losses.last else {
      throw TrainingError("A mix of \(losses.count) losses needs as many pulls, and one loss at least.")
    }
    let strengths = pulls.map { add(stopGradient($0), number: RecursiveMix.floor) }
    var (mixed, rest) = (last, strengths[strengths.count - 1])
    for place in losses.indices.dropLast().reversed() {
      let share = divide(strengths[place], add(strengths[place], rest))
      mixed = mix(losses[place], mixed, share)
      rest = multiply(multiply(share, rest), number: 2)
    }
    return mixed
  }

  /// Σ |∂L ∕ ∂x| over all numbers of a map.
  ///
  /// - Throws: `TrainingError` for a loss that does not depend on the map.
  mutating func pull(of loss: Int, over map: Int) throws -> Int {
    guard let slope = try Differentiation.gradients(of: loss, over: [map], in: &self)[0] else {
      throw TrainingError("A loss does not depend on what it is to pull at; leave it out of the mix.")
    }
    return sum(one("Abs", [slope]))
  }
}

/// A loss of several.
public struct LossTask: Sendable {
  /// A name, which no other one of the network has.
  public let name: String
  /// The loss: a single number.
  public let loss: Int
  /// What of the network it pulls at.
  public let map: Int

  /// - Parameters: As the properties of their names.
  public init(_ name: String, loss: Int, over map: Int) { (self.name, self.loss, self.map) = (name, loss, map) }
}

extension NetworkBuilder {
  /// How much of a running pull stays in each step: about a hundred steps are looked at.
  private static let pullMomentum = 0.99
  private static let pullScope = "pull"

  /// The recursive mix of losses by the running means of their pulls, which are statistics of the network.
  public mutating func recursiveMix(_ tasks: [LossTask]) throws -> Int {
    let pulls = try tasks.map { task in
      let now = try graph.pull(of: task.loss, over: task.map)
      return try scoped(Self.pullScope) { builder in
        try builder.runningMean(task.name, [], of: now, start: 1, momentum: Self.pullMomentum)
      }
    }
    return try graph.recursiveMix(tasks.map(\.loss), pulls: pulls)
  }

  /// The weights that `recursiveMix` gives losses next.
  ///
  /// - Parameters:
  ///   - names: The tasks' names in their order.
  ///   - statistics: The training's.
  /// - Returns: nil for a training without them.
  public static func recursiveWeights(_ names: [String], _ statistics: [String: Tensor]) -> [String: Double]? {
    let pulls = names.compactMap { statistics["\(pullScope).\($0)"]?.elements.doubles.first }
    guard pulls.count == names.count, !pulls.isEmpty else { return nil }
    return Dictionary(uniqueKeysWithValues: zip(names, RecursiveMix.weights(pulls: pulls)))
  }
}
