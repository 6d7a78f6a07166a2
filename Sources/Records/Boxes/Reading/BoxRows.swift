/// What a text format adds to the reader: how one row becomes an entry of the table.
protocol BoxRows {
  /// Bit n is set where column n holds text.
  static var textColumns: UInt32 { get }
  static var format: BoxFormat { get }
  /// Checks the row and appends it whole, or throws and leaves the table as it was. Frames are appended as the file has them.
  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem)
  /// Whether a line is no row but, say, a heading.
  func skips(_ line: UnsafeBufferPointer<UInt8>) -> Bool
  /// Moves what was collected beside the table into it and decides what only the whole file decides.
  mutating func finish(_ table: inout BoxTable)
}

extension BoxRows {
  @inline(__always)
  func skips(_ line: UnsafeBufferPointer<UInt8>) -> Bool { false }
}

extension BoxTable {
  /// Turns the file's frame numbers, which should begin at `first`, into frames from 0.
  mutating func settleFrames(first: Int32) {
    guard first == 1, let lowest = frames.min() else { return }
    guard lowest > 0 else {
      warnings.append("frames begin at 0 where \(format.rawValue) counts from 1; taken as counting from 0")
      firstFrame = 0
      return
    }
    for row in frames.indices { frames[row] -= 1 }
  }

  /// Turns the file's scores into probabilities, or drops a column that says −1 throughout.
  mutating func settleScores(_ kind: BoxReadingOptions.ScoreKind) {
    guard !confidences.isEmpty else { return }
    if kind != .logit, confidences.allSatisfy({ $0 == -1 }) {
      confidences = []
      return
    }
    // A truth's flags are no scores, whatever numbers they are.
    guard considered.isEmpty || kind == .logit else { return }
    let isProbability = confidences.allSatisfy { $0 >= 0 && $0 <= 1 }
    guard kind == .logit || !isProbability else { return }
    if kind == .automatic {
      warnings.append("scores outside [0, 1] are taken as logits, probability = 1 / (1 + exp(-score))")
    }
    rawScores = confidences
    for row in confidences.indices { confidences[row] = Logistic.probability(confidences[row]) }
  }
}
