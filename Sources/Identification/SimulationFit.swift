import Foundation
import Splines
import Synchronization

/// Fits a model's parameters to the simulation error by the method of Levenberg and Marquardt.
///
/// Minimised is the mean of e² over all counted rows, e in standard deviations of the output, plus `smoothness` times the sum of the squared
/// third differences of every spline's coefficients (P. Eilers and B. Marx, 1996) and `groupPenalty` times the sum of the edges' norms. The
/// training rows are cut into segments with free first states, so that segments run side by side; the cut depends on the number of rows
/// alone, and sums are taken in the order of the segments, so that threads never change a result.
public struct SimulationFit: Sendable {
  /// What is minimised and for how long.
  public struct Settings: Sendable {
    /// Weight of the third differences; 0 for none.
    public var smoothness = 0.0
    /// Weight of the norms of the edges' coefficients about their mean; 0 for none.
    public var groupPenalty = 0.0
    /// Iterations at the most.
    public var maximumIterations = 40
    /// The relative fall of the cost below which it is over.
    public var tolerance = 1e-5
    /// Rows at the start of each segment that are not counted.
    public var skipped = 0
    /// Threads that segments run on; their number never changes a result.
    public var threads = 2
    /// Rows a segment has at least.
    public var segmentRows = 8192

    /// No penalty, 40 iterations, segments of at least 8192 rows.
    public init() {}
  }

  /// A fitted model and how it came about.
  public struct Result: Sendable {
    /// The fitted model.
    public var model: StateSpaceModel
    /// The mean square error over the training rows, in squared standard deviations of the output.
    public var meanSquare: Double
    /// The same over the validation rows, where there were any.
    public var validation: Double?
    /// Iterations that were taken.
    public var iterations: Int
    /// The scaled first state of each segment.
    public var firstStates: [[Double]]
    /// The normal equations at the model.
    var sums: Sums
  }

  /// What is minimised and for how long.
  public var settings: Settings
  /// Scaled by the model's scaling.
  let scaledRecord: SignalRecord
  /// The rows of each segment.
  let segmentRows: [Range<Int>]
  private let validation: Range<Int>?

  /// - Parameters:
  ///   - record: In the units of the data.
  ///   - training: Rows whose simulation error is minimised.
  ///   - validation: Rows that decide when to stop; the parameters with the least error there are kept.
  public init(
    record: SignalRecord, scaling: SignalScaling, training: Range<Int>, validation: Range<Int>? = nil,
    settings: Settings = Settings()
  ) {
    scaledRecord = record.scaled(by: scaling)
    self.settings = settings
    self.validation = validation
    // Eight segments are enough for any machine; more would only add first states.
    let count = max(1, min(8, training.count / max(1, settings.segmentRows)))
    segmentRows = (0..<count).map { index in
      training.lowerBound + training.count * index / count..<training.lowerBound + training.count * (index + 1) / count
    }
  }

  /// A model with its first states and the sums over the training rows.
  private struct Point {
    var model: StateSpaceModel
    var states: [[Double]]
    var sums: Sums
  }

  /// - Parameter earlier: A result of the same model, whose first states and sums save passes.
  /// - Throws: `IdentificationError.diverged` where the start itself diverges.
  public func run(from start: StateSpaceModel, earlier: Result? = nil) throws(IdentificationError) -> Result {
    var model = start
    var states = earlier?.firstStates ?? segmentRows.map { model.estimatedState(of: scaledRecord, rows: $0.prefix(50)) }
    guard var sums = earlier?.sums ?? sums(model, states) else {
      throw .diverged(what: "the training rows", row: segmentRows[0].lowerBound)
    }
    var best: (point: Point, validation: Double)?
    var damping = 1e-3
    var iterations = 0
    var worse = 0
    note(Point(model: model, states: states, sums: sums), &best, &worse)
    while iterations < settings.maximumIterations, worse < 3 {
      iterations += 1
      let penalty = Penalty(model, settings, size: sums.size)
      let cost = sums.meanSquare + penalty.cost
      guard let step = step(sums, penalty, damping) else {
        damping *= 10
        guard damping < 1e8 else { break }
        continue
      }
      var trial = model
      trial.parameters = zip(model.parameters, step).map { $0 + $1 }
      let trialStates = shifted(states, by: step.dropFirst(model.parameterCount))
      if let trialSums = self.sums(trial, trialStates), trialSums.meanSquare + Penalty.cost(trial, settings) < cost {
        let fall = 1 - (trialSums.meanSquare + Penalty.cost(trial, settings)) / cost
        (model, states, sums) = (trial, trialStates, trialSums)
        damping = max(damping / 10, 1e-9)
        note(Point(model: model, states: states, sums: sums), &best, &worse)
        if fall < settings.tolerance { break }
      } else {
        damping *= 10
        if damping > 1e8 { break }
      }
    }
    let point = best?.point ?? Point(model: model, states: states, sums: sums)
    return Result(
      model: point.model, meanSquare: point.sums.meanSquare, validation: best?.validation, iterations: iterations,
      firstStates: point.states, sums: point.sums)
  }

  /// Keeps the parameters with the least validation error, and counts how often in a row it has risen.
  private func note(_ point: Point, _ best: inout (point: Point, validation: Double)?, _ worse: inout Int) {
    guard let error = validationError(of: point.model) else { return }
    if let known = best, error >= known.validation {
      worse += 1
    } else {
      best = (point, error)
      worse = 0
    }
  }

  /// The mean square of the free run over the validation rows, without the first 50; nil where there are none.
  public func validationError(of model: StateSpaceModel) -> Double? {
    guard let validation else { return nil }
    let start = min(50, validation.count / 4)
    let first = model.estimatedState(of: scaledRecord, rows: validation.prefix(max(start, 1)))
    let kernel = SensitivityKernel(model, withSensitivities: false)
    guard let sums = runSegment(kernel, validation, from: first, skipped: start, collect: nil) else { return .infinity }
    return sums.squares / Double(max(sums.count, 1))
  }

  // MARK: Sums over the segments

  /// The normal equations of all segments, divided by the number of rows; the first states' columns stand behind the parameters.
  struct Sums: Sendable {
    var products: Matrix
    var rights: [Double]
    var meanSquare: Double
    var size: Int { rights.count }
  }

  /// nil where a segment diverges.
  func sums(_ model: StateSpaceModel, _ states: [[Double]]) -> Sums? {
    let segments = segmentRows
    let parts = Mutex([SegmentSums?](repeating: nil, count: segments.count))
    let workers = max(1, min(settings.threads, segments.count))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let kernel = SensitivityKernel(model, withSensitivities: true)
      for index in Swift.stride(from: worker, to: segments.count, by: workers) {
        let part = segmentSums(kernel, segments[index], from: states[index])
        parts.withLock { $0[index] = part }
      }
    }
    return assemble(parts.withLock { $0 }, parameters: model.parameterCount, states: model.stateCount)
  }

  private struct SegmentSums: Sendable {
    var products: Matrix
    var rights: [Double]
    var squares: Double
    var count: Int
  }

  private func segmentSums(_ kernel: SensitivityKernel, _ rows: Range<Int>, from first: [Double]) -> SegmentSums? {
    var equations: NormalEquations? = NormalEquations(size: kernel.parameterCount + kernel.stateCount, stride: kernel.stride)
    guard let run = runSegment(kernel, rows, from: first, skipped: settings.skipped, collect: &equations), var equations else {
      return nil
    }
    let products = equations.finished()
    guard products.isFinite else { return nil }
    return SegmentSums(products: products, rights: equations.rights, squares: run.squares, count: run.count)
  }

  /// Runs a kernel over rows and adds up errors, and the normal equations where they are asked for; nil where the run diverges.
  private func runSegment(
    _ kernel: SensitivityKernel, _ rows: Range<Int>, from first: [Double], skipped: Int,
    collect: UnsafeMutablePointer<NormalEquations?>?
  ) -> (squares: Double, count: Int)? {
    let record = scaledRecord
    let (m, p) = (record.inputCount, record.outputCount)
    var squares = 0.0
    var count = 0
    kernel.begin(at: first)
    return record.inputs.withUnsafeBufferPointer { inputs -> (squares: Double, count: Int)? in
      guard let base = inputs.baseAddress else { return nil }
      for row in rows {
        // In bounds: row < record.count, and the row after the last is the last.
        let u = base + row * m
        kernel.computeOutput(u)
        guard kernel.isWithin(StateSpaceModel.divergenceBound) else { return nil }
        if row >= rows.lowerBound + skipped {
          for index in 0..<p {
            let error = record.outputs[row * p + index] - kernel.output[index]
            squares += error * error
            count += 1
            collect?.pointee?.add(kernel.outputSensitivity + index * kernel.stride, error: error)
          }
        }
        kernel.advance(u, next: base + min(row + 1, record.count - 1) * m)
      }
      return squares.isFinite ? (squares, count) : nil
    }
  }

  private func assemble(_ parts: [SegmentSums?], parameters: Int, states: Int) -> Sums? {
    let size = parameters + states * parts.count
    var result = Sums(products: Matrix(rows: size, columns: size), rights: [Double](repeating: 0, count: size), meanSquare: 0)
    let count = parts.reduce(0) { $0 + ($1?.count ?? 0) }
    guard count > 0 else { return nil }
    let scale = 1 / Double(count)
    for (number, part) in parts.enumerated() {
      guard let part else { return nil }
      func place(_ index: Int) -> Int { index < parameters ? index : index + states * number }
      for row in 0..<parameters + states {
        result.rights[place(row)] += part.rights[row] * scale
        for column in 0..<parameters + states { result.products[place(row), place(column)] += part.products[row, column] * scale }
      }
      result.meanSquare += part.squares * scale
    }
    return result
  }

  // MARK: One step

  /// The step of Levenberg and Marquardt: (JᵀJ + P + damping · diag) δ = Jᵀe − Pθ.
  private func step(_ sums: Sums, _ penalty: Penalty, _ damping: Double) -> [Double]? {
    var matrix = sums.products + penalty.matrix
    var right = sums.rights
    for (index, value) in penalty.gradient.enumerated() { right[index] -= value }
    for index in 0..<sums.size {
      // The small absolute part holds directions that neither data nor penalty determine.
      matrix[index, index] += damping * matrix[index, index] + 1e-10
    }
    guard let step = matrix.solvedPositiveDefinite(right), step.allSatisfy(\.isFinite) else { return nil }
    return step
  }

  private func shifted(_ states: [[Double]], by step: ArraySlice<Double>) -> [[Double]] {
    var rest = step
    return states.map { state in
      state.map { $0 + (rest.popFirst() ?? 0) }
    }
  }
}

/// The quadratic form that stands for the penalties about the present parameters.
private struct Penalty {
  var matrix: Matrix
  var gradient: [Double]
  var cost: Double

  init(_ model: StateSpaceModel, _ settings: SimulationFit.Settings, size: Int) {
    matrix = Matrix(rows: size, columns: size)
    let parameters = model.parameters
    for place in model.edgePlaces {
      let range = model.parameterRange(of: place)
      guard case .spline(let spline) = model.link(place).edge.curve else { continue }
      let count = spline.coefficients.count
      if settings.smoothness > 0 {
        matrix.addDifferencePenalty(order: 3, weight: settings.smoothness, offset: range.lowerBound, count: count)
      }
      if settings.groupPenalty > 0 {
        // |c| has the quadratic majorant c²/(2 |c₀|) + |c₀|/2; its gradient at c₀ is that of the norm itself.
        let norm = max(Penalty.norm(parameters[range.prefix(count)]), 1e-6)
        let weight = settings.groupPenalty / (2 * norm)
        for row in range.prefix(count) {
          for column in range.prefix(count) { matrix[row, column] += weight * ((row == column ? 1 : 0) - 1 / Double(count)) }
        }
      }
    }
    gradient = [Double](repeating: 0, count: size)
    for row in parameters.indices {
      for column in parameters.indices { gradient[row] += matrix[row, column] * parameters[column] }
    }
    cost = Penalty.cost(model, settings)
  }

  /// The length of the coefficients about their mean, so that a constant costs nothing.
  private static func norm(_ values: ArraySlice<Double>) -> Double {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
  }

  static func cost(_ model: StateSpaceModel, _ settings: SimulationFit.Settings) -> Double {
    guard settings.smoothness > 0 || settings.groupPenalty > 0 else { return 0 }
    let kernel = FiniteDifference.kernel(order: 3)
    var cost = 0.0
    for place in model.edgePlaces {
      guard case .spline(let spline) = model.link(place).edge.curve else { continue }
      let c = spline.coefficients
      for start in 0..<max(0, c.count - 3) {
        let difference = (0..<4).reduce(0) { $0 + kernel[$1] * c[start + $1] }
        cost += settings.smoothness * difference * difference
      }
      cost += settings.groupPenalty * norm(c[...])
    }
    return cost
  }
}
