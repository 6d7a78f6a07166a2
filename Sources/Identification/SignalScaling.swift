/// The offset and the scale of every signal: what a model calls 0 and 1.
public struct SignalScaling: Sendable, Hashable, Codable {
  /// What one signal is shifted by and divided by.
  public struct Signal: Sendable, Hashable, Codable {
    /// The value that the model calls 0, in the signal's unit.
    public var offset: Double
    /// The difference that the model calls 1, in the signal's unit; above 0.
    public var scale: Double

    /// The scaled signal is (value − offset) ∕ scale.
    public init(offset: Double, scale: Double) {
      self.offset = offset
      self.scale = scale
    }
  }

  /// One entry an input.
  public var inputs: [Signal]
  /// One entry an output.
  public var outputs: [Signal]

  /// - Parameters:
  ///   - inputs: One entry an input.
  ///   - outputs: One entry an output.
  public init(inputs: [Signal], outputs: [Signal]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Leaves signals as they are.
  public static func none(inputs: Int, outputs: Int) -> SignalScaling {
    SignalScaling(
      inputs: [Signal](repeating: Signal(offset: 0, scale: 1), count: inputs),
      outputs: [Signal](repeating: Signal(offset: 0, scale: 1), count: outputs))
  }

  /// The mean and the standard deviation of each signal over a range of rows.
  ///
  /// - Throws: `IdentificationError.constant` for a signal that does not change there, `.tooLarge` for one whose squares overflow.
  public init(of record: SignalRecord, rows: Range<Int>) throws(IdentificationError) {
    inputs = try SignalScaling.signals(record.inputs, record.inputCount, rows, "input")
    outputs = try SignalScaling.signals(record.outputs, record.outputCount, rows, "output")
  }

  /// Products of the sums of squares of larger numbers would leave the range of a Double.
  private static let largestValue = 1e140

  private static func signals(
    _ values: [Double], _ count: Int, _ rows: Range<Int>, _ name: String
  ) throws(IdentificationError) -> [Signal] {
    var signals: [Signal] = []
    for signal in 0..<count {
      let column = rows.map { values[$0 * count + signal] }
      let title = count == 1 ? "the \(name)" : "\(name) \(signal + 1)"
      guard column.allSatisfy({ abs($0) < largestValue }) else { throw .tooLarge(signal: title) }
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
      let largest = column.reduce(0) { max($0, abs($1)) }
      // Below this part of its own size a spread is rounding.
      guard variance.squareRoot() > 1e-12 * largest, variance.isFinite else {
        throw .constant(signal: title)
      }
      signals.append(Signal(offset: mean, scale: variance.squareRoot()))
    }
    return signals
  }
}
