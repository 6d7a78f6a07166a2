/// Unpacks a packed file piece by piece; members or frames that follow one another count as one text.
///
/// Used by one thread at a time.
protocol UnpackingDecoder: AnyObject {
  /// Whether a member has ended and nothing of another was seen.
  var isBetweenMembers: Bool { get }

  /// Unpacks as much of `input` as fits `room`. After a step that produced nothing, all of the input was consumed or the data have ended.
  ///
  /// - Throws: `UnpackingProblem` for bytes that are not what they should be.
  func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(UnpackingProblem) -> UnpackingStep
}

/// What became of a piece.
struct UnpackingStep {
  /// Packed bytes taken.
  var consumed: Int
  /// Unpacked bytes written.
  var produced: Int
}

/// Why bytes cannot be unpacked.
struct UnpackingProblem: Error {
  var reason: String
}
