/// One sequence of a file that may hold several.
public struct BoxSequence: Sendable {
  /// The video's name; nil where the file is one sequence.
  public var name: String?
  /// Frames from 0, as the file numbers them.
  public var table: BoxTable
}
