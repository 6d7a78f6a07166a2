/// Packs text in members of a fixed length, each readable by itself, as readers of gzip and Zstandard take them one after the other.
///
/// Where a member ends depends on the text alone, so a file can be gone on with: what stays is cut behind a whole member, and the text since then
/// (`tail`) is packed again, into the same bytes.
final class MemberedEncoder {
  /// Bytes of text in a member: a few times the windows of both packings (32 KiB, 2 MiB), so that beginning anew costs little.
  static let memberLength = 4 << 20

  private let packing: Packing
  private let name: String
  private let keepsTail: Bool
  private var encoder: any PackingEncoder
  /// Bytes of text in the open member.
  private var filled = 0
  /// Packed bytes of all members that are closed.
  private(set) var closedBytes: Int
  private var openBytes = 0
  /// The text of the open member, where it is kept.
  private(set) var tail: [UInt8] = []

  /// - Parameters:
  ///   - keepsTail: Whether the text of the open member is kept.
  ///   - closedBytes: Packed bytes that stand before.
  /// - Throws: `RecordsError.cannotCreate` where there is no memory for it.
  init(_ packing: Packing, name: String, keepsTail: Bool, closedBytes: Int = 0) throws(RecordsError) {
    (self.packing, self.name, self.keepsTail, self.closedBytes) = (packing, name, keepsTail, closedBytes)
    encoder = try packing.encoder(for: name)
  }

  /// Packs text.
  func encode(
    _ input: UnsafeRawBufferPointer, _ step: PackingStep, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError) {
    var rest = input
    while !rest.isEmpty {
      if filled == MemberedEncoder.memberLength { try closeMember(output) }
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(MemberedEncoder.memberLength - filled))
      try pack(piece, .goOn, output)
      filled += piece.count
      if keepsTail { tail.append(contentsOf: piece) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
    }
    if step != .goOn { try pack(UnsafeRawBufferPointer(start: nil, count: 0), step, output) }
  }

  private func closeMember(_ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void) throws(RecordsError) {
    try pack(UnsafeRawBufferPointer(start: nil, count: 0), .end, output)
    closedBytes += openBytes
    (openBytes, filled) = (0, 0)
    tail.removeAll(keepingCapacity: true)
    encoder = try packing.encoder(for: name)
  }

  private func pack(
    _ piece: UnsafeRawBufferPointer, _ step: PackingStep, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError) {
    try encoder.encode(piece, step) { (packed) throws(RecordsError) in
      openBytes += packed.count
      try output(packed)
    }
  }
}
