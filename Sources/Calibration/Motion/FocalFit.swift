import Foundation
import Geometry

/// A focal length with the motions that fit it.
struct FocalSolution {
  var focal: Double
  /// As a share of the focal length.
  var deviation: Double
  /// The sum of Cauchy's losses.
  var cost: Double
  /// Distances in pixels: the middle one, and the root of the weighted mean square.
  var medianDistance: Double
  var rootMeanSquare: Double
}

/// One focal length and the motions of all pairs, found together by Levenberg's and Marquardt's steps under Cauchy's loss.
///
/// Motions of two pairs share nothing but the focal length, so each step solves one small system a pair and one equation for the focal length's
/// logarithm (Schur's complement; B. Triggs et al., "Bundle adjustment – a modern synthesis", 2000, section 6.1). What is left of that equation's
/// factor once the motions are free is the focal length's information.
struct FocalFit {
  /// Relative to the picture's middle.
  let pairs: [MotionPair]

  /// Distances beyond this, in pixels, count less and less.
  private static let lossScale = 1.0
  private static let steps = 40
  /// Of a difference quotient, in radians and in the logarithm of the focal length.
  private static let difference = 1e-6
  /// A step of the logarithm that is shorter ends the fit.
  private static let leastStep = 1e-9

  private struct State {
    var logFocal: Double
    var models: [MotionModel]
    var focal: Double { exp(logFocal) }
  }

  /// The normal equations of one pair: of its motion, and how they are coupled with the focal length.
  private struct Block {
    var matrix: [Double]
    var coupling: [Double]
    var gradient: [Double]
    var focalMatrix = 0.0
    var focalGradient = 0.0
    var squares = 0.0
    var weight = 0.0

    init(size: Int) {
      matrix = [Double](repeating: 0, count: size * size)
      (coupling, gradient) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
    }

    /// - Parameter row: Derivatives of a distance by the motion and, last, by the focal length's logarithm.
    mutating func add(_ row: [Double], _ residual: Double, _ weight: Double) {
      let size = gradient.count
      for i in 0..<size {
        for j in 0..<size { matrix[i * size + j] += weight * row[i] * row[j] }
        coupling[i] += weight * row[i] * row[size]
        gradient[i] += weight * row[i] * residual
      }
      focalMatrix += weight * row[size] * row[size]
      focalGradient += weight * row[size] * residual
      squares += weight * residual * residual
      self.weight += weight
    }

    /// nil where the pair does not determine its motion.
    func factor(damping: Double) -> CholeskyFactor? {
      let size = gradient.count
      var damped = matrix
      for i in 0..<size { damped[i * size + i] *= 1 + damping }
      return CholeskyFactor(damped, size: size) { 1e-12 * $0 }
    }
  }

  // MARK: - The fit

  /// - Parameters:
  ///   - focal: To begin with, in pixels.
  ///   - models: The motions at it, one a pair.
  /// - Returns: nil where the pairs do not determine it.
  func solution(focal: Double, models: [MotionModel]) -> FocalSolution? {
    var state = State(logFocal: log(focal), models: models)
    var damping = 1e-3
    var current = cost(state)
    for _ in 0..<Self.steps where damping < 1e8 {
      guard let next = stepped(state, damping: damping) else { return nil }
      let trial = cost(next)
      // Four logarithms from the start are 50 times as long: nothing holds it.
      guard trial.isFinite, abs(next.logFocal - log(focal)) < 4 else { return nil }
      guard trial < current else {
        damping *= 4
        continue
      }
      let step = abs(next.logFocal - state.logFocal)
      (state, current, damping) = (next, trial, max(1e-9, damping / 5))
      if step < Self.leastStep { break }
    }
    return solution(state, current)
  }

  private func distances(_ state: State) -> [[(Double, Double)]] {
    let focal = state.focal
    return zip(pairs, state.models).map { pair, model in
      zip(pair.first, pair.second).map { model.residuals($0, $1, focal: focal) }
    }
  }

  private func cost(_ state: State) -> Double {
    let square = Self.lossScale * Self.lossScale
    return distances(state).reduce(0) { sum, pair in
      pair.reduce(sum) { $0 + square * log1p(($1.0 * $1.0 + $1.1 * $1.1) / square) }
    }
  }

  private func block(_ pair: MotionPair, _ model: MotionModel, _ logFocal: Double) -> Block {
    var block = Block(size: model.count)
    let sides = (0..<model.count).map { index -> (MotionModel, MotionModel) in
      var step = [Double](repeating: 0, count: model.count)
      step[index] = Self.difference
      let ahead = model.moved(by: step)
      step[index] = -Self.difference
      return (model.moved(by: step), ahead)
    }
    let (focal, less, more) = (exp(logFocal), exp(logFocal - Self.difference), exp(logFocal + Self.difference))
    for (first, second) in zip(pair.first, pair.second) {
      let here = model.residuals(first, second, focal: focal)
      var slopes = sides.map { side in
        (side.0.residuals(first, second, focal: focal), side.1.residuals(first, second, focal: focal))
      }
      slopes.append((model.residuals(first, second, focal: less), model.residuals(first, second, focal: more)))
      let weight = 1 / (1 + (here.0 * here.0 + here.1 * here.1) / (Self.lossScale * Self.lossScale))
      block.add(slopes.map { ($0.1.0 - $0.0.0) / (2 * Self.difference) }, here.0, weight)
      if model.residualCount == 2 { block.add(slopes.map { ($0.1.1 - $0.0.1) / (2 * Self.difference) }, here.1, weight) }
    }
    return block
  }

  private func blocks(_ state: State) -> [Block] { zip(pairs, state.models).map { block($0, $1, state.logFocal) } }

  /// The state after one damped step; nil where nothing holds the focal length.
  private func stepped(_ state: State, damping: Double) -> State? {
    let blocks = blocks(state)
    let factors = blocks.map { $0.factor(damping: damping) }
    var (information, gradient) = (0.0, 0.0)
    for case (let block, let factor?) in zip(blocks, factors) {
      let solved = factor.solve(block.coupling)
      information += block.focalMatrix * (1 + damping) - Self.dot(block.coupling, solved)
      gradient += block.focalGradient - Self.dot(block.gradient, solved)
    }
    guard information > 0 else { return nil }
    // A step of the focal length by more than a half is out of the range of its derivative.
    let change = max(-0.5, min(0.5, -gradient / information))
    var next = state
    next.logFocal += change
    for index in pairs.indices {
      guard let factor = factors[index] else { continue }
      let right = zip(blocks[index].gradient, blocks[index].coupling).map { -($0 + $1 * change) }
      next.models[index] = state.models[index].moved(by: factor.solve(right))
    }
    return next
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func solution(_ state: State, _ cost: Double) -> FocalSolution? {
    let blocks = blocks(state)
    var information = 0.0
    for block in blocks {
      guard let factor = block.factor(damping: 0) else { continue }
      information += block.focalMatrix - Self.dot(block.coupling, factor.solve(block.coupling))
    }
    let (squares, weight) = blocks.reduce((0.0, 0.0)) { ($0.0 + $1.squares, $0.1 + $1.weight) }
    let freedom = weight - Double(blocks.reduce(1) { $0 + $1.gradient.count })
    let all = distances(state).flatMap { $0 }.map { hypot($0.0, $0.1) }.sorted()
    guard information > 0, freedom > 0, !all.isEmpty else { return nil }
    return FocalSolution(
      focal: state.focal, deviation: (squares / freedom / information).squareRoot(), cost: cost,
      medianDistance: all[all.count / 2], rootMeanSquare: (squares / weight).squareRoot())
  }
}
