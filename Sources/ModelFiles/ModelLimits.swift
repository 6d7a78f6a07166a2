/// Bounds above which a file is refused, so that a small hostile file cannot ask for unbounded memory.
public enum ModelLimits {
  /// Bytes of a file, unpacked: protobuf itself allows no message above 2 GiB.
  public static let fileBytes = 1 << 31
  /// Depth of nested messages; the deepest use, an `If` within a `Loop` within a function, needs 30.
  public static let messageDepth = 64
  /// Nodes, values, attributes or tensors of one graph.
  public static let entries = 1 << 20
  /// Axes of a tensor.
  public static let rank = 32
  /// Elements of one tensor, whether read or computed (1 GiB of 32-bit numbers). A task may set a smaller one for itself.
  @TaskLocal public static var elements = 1 << 28
}
