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
