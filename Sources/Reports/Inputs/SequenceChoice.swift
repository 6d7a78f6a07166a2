/// Which sequences of two folders are evaluated, and what becomes of those that lack a file.
public struct SequenceChoice: Sendable, Equatable {
  /// The names of the sequences; empty for all.
  public var names: [String]
  /// Whether a file that one sequence lacks is an error; else it is a warning.
  public var isStrict: Bool

  /// All sequences, or those named.
  public init(names: [String] = [], isStrict: Bool = false) {
    self.names = names
    self.isStrict = isStrict
  }

  /// The chosen ones of some items, in their own order.
  ///
  /// - Parameter name: The name of an item's sequence.
  /// - Throws: `EvaluationError.unknown` for a name that no item has.
  package func chosen<Item>(of items: [Item], name: (Item) -> String) throws(EvaluationError) -> [Item] {
    guard !names.isEmpty else { return items }
    let known = items.map(name)
    if let stranger = names.first(where: { !known.contains($0) }) { throw .unknown(what: "sequence", name: stranger, known: known) }
    return zip(items, known).filter { names.contains($0.1) }.map(\.0)
  }
}
