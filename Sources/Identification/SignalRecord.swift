/// Inputs and outputs of a system, sampled at equal steps.
public struct SignalRecord: Sendable {
  /// The number of inputs.
  public let inputCount: Int
  /// The number of outputs.
  public let outputCount: Int
  /// rows × inputCount numbers, row by row.
  public private(set) var inputs: [Double]
  /// rows × outputCount numbers, row by row.
  public private(set) var outputs: [Double]

  /// The number of rows.
  public var count: Int { inputCount > 0 ? inputs.count / inputCount : 0 }

  /// A record of one input and one output, of one length.
  public init(input: [Double], output: [Double]) {
    self.init(inputs: [input], outputs: [output])
  }

  /// A record from its columns, all of one length and finite.
  public init(inputs: [[Double]], outputs: [[Double]]) {
    let rows = inputs.first?.count ?? 0
    precondition((inputs + outputs).allSatisfy { $0.count == rows }, "the signals of a record have one length")
    inputCount = inputs.count
    outputCount = outputs.count
    self.inputs = SignalRecord.interleaved(inputs)
    self.outputs = SignalRecord.interleaved(outputs)
  }

  private static func interleaved(_ columns: [[Double]]) -> [Double] {
    guard columns.count != 1 else { return columns[0] }
    return (0..<(columns.first?.count ?? 0)).flatMap { row in columns.map { $0[row] } }
  }

  /// The output of a number over a range of rows.
  public func output(_ number: Int, in rows: Range<Int>) -> [Double] { rows.map { outputs[$0 * outputCount + number] } }

  /// The record with every signal shifted and divided as a scaling says.
  public func scaled(by scaling: SignalScaling) -> SignalRecord {
    var result = self
    for index in inputs.indices {
      let signal = scaling.inputs[index % inputCount]
      result.inputs[index] = (inputs[index] - signal.offset) / signal.scale
    }
    for index in outputs.indices {
      let signal = scaling.outputs[index % outputCount]
      result.outputs[index] = (outputs[index] - signal.offset) / signal.scale
    }
    return result
  }
}

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
  /// - Throws: `IdentificationError.constant` for a signal that does not change there.
  public init(of record: SignalRecord, rows: Range<Int>) throws(IdentificationError) {
    inputs = try SignalScaling.signals(record.inputs, record.inputCount, rows, "input")
    outputs = try SignalScaling.signals(record.outputs, record.outputCount, rows, "output")
  }

  private static func signals(
    _ values: [Double], _ count: Int, _ rows: Range<Int>, _ name: String
  ) throws(IdentificationError) -> [Signal] {
    var signals: [Signal] = []
    for signal in 0..<count {
      let column = rows.map { values[$0 * count + signal] }
      let mean = column.reduce(0, +) / Double(column.count)
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
      let largest = column.reduce(0) { max($0, abs($1)) }
      // Below this part of its own size a spread is rounding.
      guard variance.squareRoot() > 1e-12 * largest, variance.isFinite else {
        throw .constant(signal: count == 1 ? "the \(name)" : "\(name) \(signal + 1)")
      }
      signals.append(Signal(offset: mean, scale: variance.squareRoot()))
    }
    return signals
  }
}
