import Yams

/// How far the aliases of a YAML text may make it grow.
///
/// An alias stands for a whole part of the file, and aliases of aliases for as much as anyone likes: 500 bytes can expand without end.
enum YAMLExpansion {
  /// With so few, nothing grows to more than a few hundred times of itself (3⁵, five layers of three).
  private static let maximumAliases = 16
  /// Values of a file with its aliases written out; a configuration has dozens.
  private static let maximumValues = 100_000

  /// What is wrong with a text before it is parsed; nil where nothing is.
  static func problem(in text: String) -> String? {
    let count = zip(" " + text, text).reduce(into: 0) { count, pair in
      if pair.1 == "*", pair.0.isWhitespace || "[{,:-?".contains(pair.0) { count += 1 }
    }
    return count <= maximumAliases ? nil : "it has more than \(maximumAliases) aliases (*name); write the values out"
  }

  /// What is wrong with a text once it is parsed; nil where nothing is.
  static func problem(in node: Node?) -> String? {
    guard let node, size(of: node, limit: maximumValues) > maximumValues else { return nil }
    return "it has more than \(maximumValues) values once its aliases are written out; write a shorter file"
  }

  /// How many values a part of the file has; no exact number above the limit.
  private static func size(of node: Node, limit: Int) -> Int {
    guard limit > 0 else { return 1 }
    let children: [Node]
    switch node {
    case .mapping(let mapping): children = mapping.flatMap { [$0.key, $0.value] }
    case .sequence(let sequence): children = Array(sequence)
    default: children = []
    }
    return children.reduce(1) { sum, child in sum > limit ? sum : sum + size(of: child, limit: limit - sum) }
  }
}
