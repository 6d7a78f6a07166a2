import Splines

/// A model run over rows of a record without looking at the measured output after the start.
public struct FreeRun: Sendable {
  /// The rows that it covers.
  public let rows: Range<Int>
  /// Predicted outputs in the units of the data, rows × outputCount, row by row.
  public let outputs: [Double]
  /// The sources of the model's maps in every row (states, inputs, outputs), scaled; what edges were asked for.
  public let sources: [Double]

  /// The root of the mean square of measured minus predicted output, over all outputs, in the units of the data.
  ///
  /// - Parameter skipped: Rows at the start that are not counted.
  public func rootMeanSquareError(against record: SignalRecord, skipped: Int) -> Double {
    let p = record.outputCount
    let counted = skipped * p..<max(outputs.count, skipped * p)
    let sum = counted.reduce(0.0) { sum, index in
      let error = record.outputs[rows.lowerBound * p + index] - outputs[index]
      return sum + error * error
    }
    return counted.isEmpty ? 0 : (sum / Double(counted.count)).squareRoot()
  }
}

extension StateSpaceModel {
  /// A state beyond this many standard deviations of the output means that a run has diverged.
  static let divergenceBound = 1e4

  /// Runs the model over a range of rows.
  ///
  /// - Parameters:
  ///   - record: In the units of the data.
  ///   - firstState: Scaled; nil to find the one that fits the first `startRows` rows best.
  ///   - startRows: How many measured rows at the start may be looked at.
  /// - Throws: `IdentificationError.diverged`, and `.rows` for a range outside the record.
  public func freeRun(
    over record: SignalRecord, rows: Range<Int>, firstState: [Double]? = nil, startRows: Int = 50
  ) throws(IdentificationError) -> FreeRun {
    guard rows.lowerBound >= 0, rows.upperBound <= record.count, !rows.isEmpty else {
      throw .rows(what: "a free run", range: rows, count: record.count, needed: 1)
    }
    let scaled = record.scaled(by: scaling)
    let first = firstState ?? estimatedState(of: scaled, rows: rows.prefix(max(1, startRows)))
    return try run(over: scaled, rows: rows, firstState: first)
  }

  private func run(over scaled: SignalRecord, rows: Range<Int>, firstState: [Double]) throws(IdentificationError) -> FreeRun {
    let kernel = SensitivityKernel(self, withSensitivities: false)
    kernel.begin(at: firstState)
    let (n, m, p) = (stateCount, inputCount, outputCount)
    var outputs: [Double] = []
    var sources: [Double] = []
    outputs.reserveCapacity(rows.count * p)
    sources.reserveCapacity(rows.count * (n + m + p))
    let end = scaled.inputs.withUnsafeBufferPointer { inputs -> Int in
      guard let base = inputs.baseAddress else { return rows.upperBound }
      for row in rows {
        // In bounds: row < count, and the row after the last is the last.
        let u = base + row * m
        kernel.computeOutput(u)
        guard kernel.isWithin(StateSpaceModel.divergenceBound), kernel.output[0].isFinite else { return row }
        for index in 0..<n { sources.append(kernel.state[index]) }
        for index in 0..<m { sources.append(u[index]) }
        for index in 0..<p {
          sources.append(kernel.output[index])
          outputs.append(kernel.output[index] * scaling.outputs[index].scale + scaling.outputs[index].offset)
        }
        kernel.advance(u, next: base + min(row + 1, scaled.count - 1) * m)
      }
      return rows.upperBound
    }
    guard end == rows.upperBound else { throw .diverged(what: "rows \(rows.lowerBound):\(rows.upperBound)", row: end) }
    return FreeRun(rows: rows, outputs: outputs, sources: sources)
  }

  /// The state from which a run over a few rows fits the measured outputs best, by a few steps of Gauss and Newton from zero.
  ///
  /// - Parameter scaled: A record in the model's own units.
  func estimatedState(of scaled: SignalRecord, rows: Range<Int>) -> [Double] {
    let n = stateCount
    let kernel = SensitivityKernel(self, withSensitivities: true)
    var best = [Double](repeating: 0, count: n)
    var bestSquares = Double.infinity
    var candidate = best
    // Nearly linear in the state over a few rows, so a handful of steps is enough.
    for _ in 0..<8 {
      guard let sums = kernel.stateEquations(scaled, rows, from: candidate), sums.squares < bestSquares else { break }
      best = candidate
      bestSquares = sums.squares
      var matrix = sums.products
      // States that these rows say nothing of stay where they are.
      for index in 0..<n { matrix[index, index] += 1e-6 * (1 + matrix[index, index]) }
      guard let step = matrix.solvedPositiveDefinite(sums.rights) else { break }
      candidate = zip(best, step).map { $0 + $1 }
    }
    return best
  }

  /// One-step predictions: before each row the state was corrected by the measured output of the row before, with the gain that makes an
  /// observer of the linear part forget its error in as many rows as there are states.
  ///
  /// - Returns: Root of the mean square of the errors in the units of the data, over a single output; nil where the linear part is not
  ///   observable or the run diverges.
  public func oneStepError(over record: SignalRecord, rows: Range<Int>) -> Double? {
    guard outputCount == 1, rows.count > stateCount, rows.lowerBound >= 0, rows.upperBound <= record.count else { return nil }
    guard let gain = linearized.deadbeatGain else { return nil }
    let scaled = record.scaled(by: scaling)
    let kernel = SensitivityKernel(self, withSensitivities: false)
    kernel.begin(at: [Double](repeating: 0, count: stateCount))
    var sum = 0.0
    for row in rows {
      let u = Array(scaled.inputs[row * inputCount..<(row + 1) * inputCount])
      let next = min(row + 1, scaled.count - 1) * inputCount
      kernel.computeOutput(u)
      let error = scaled.outputs[row] - kernel.output[0]
      guard error.isFinite else { return nil }
      if row >= rows.lowerBound + stateCount { sum += error * error }
      kernel.advance(u, next: Array(scaled.inputs[next..<next + inputCount]))
      for index in 0..<stateCount { kernel.state[index] += gain[index] * error }
    }
    return (sum / Double(rows.count - stateCount)).squareRoot() * scaling.outputs[0].scale
  }
}

extension SensitivityKernel {
  /// The least-squares sums for the first state alone; nil where the run diverges.
  fileprivate func stateEquations(
    _ record: SignalRecord, _ rows: Range<Int>, from first: [Double]
  ) -> (products: Matrix, rights: [Double], squares: Double)? {
    var products = Matrix(rows: stateCount, columns: stateCount)
    var rights = [Double](repeating: 0, count: stateCount)
    var squares = 0.0
    begin(at: first)
    for row in rows {
      let u = Array(record.inputs[row * inputCount..<(row + 1) * inputCount])
      let next = min(row + 1, record.count - 1) * inputCount
      computeOutput(u)
      for index in 0..<outputCount {
        let error = record.outputs[row * outputCount + index] - output[index]
        guard error.isFinite else { return nil }
        let gradient = outputSensitivity + (index * stride + parameterCount)
        for a in 0..<stateCount {
          rights[a] += gradient[a] * error
          for b in 0..<stateCount { products[a, b] += gradient[a] * gradient[b] }
        }
        squares += error * error
      }
      advance(u, next: Array(record.inputs[next..<next + inputCount]))
    }
    return (products, rights, squares)
  }
}
