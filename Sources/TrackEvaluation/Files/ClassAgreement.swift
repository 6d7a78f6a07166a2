import Reports

/// The classes in which all sequences of a result are evaluated, where neither an option nor a benchmark names them.
///
/// One sequence alone does not tell: its truth may lack a class that the result sees in it and that other sequences have.
struct ClassAgreement {
  /// nil: all classes are one.
  let classes: [String]?
  /// Why, where that is not what the files seem to ask for, or what is left out.
  let warning: String?

  /// Decides from the names on both sides of all sequences.
  init(_ sequences: [TrackSequenceEvaluation]) {
    let truth = sequences.reduce(into: Set<String>()) { $0.formUnion($1.truthClasses) }
    let result = sequences.reduce(into: Set<String>()) { $0.formUnion($1.resultClasses) }
    let hasResults = sequences.contains { $0.classes.contains { $0.scores.resultBoxes > 0 } }
    let list = { (names: Set<String>) in names.sorted().prefix(10).joined(separator: ", ") }
    if truth.isEmpty || (hasResults && truth.isDisjoint(with: result)) {
      classes = nil
      warning =
        truth.isEmpty
        ? nil
        : result.isEmpty
          ? "the result has no classes, so the truth's (\(list(truth))) count as one"
          : "truth (\(list(truth))) and result (\(list(result))) have no class in common, so all classes count as one"
      return
    }
    classes = truth.sorted()
    let unknown = result.subtracting(truth)
    warning =
      unknown.isEmpty
      ? nil
      : "the truth has no box of the result's classes \(list(unknown)); these boxes are left out; name them among \(EvaluationSetting.classes)"
  }

  /// The classes of one sequence: those that either of its sides has.
  func classes(of sequence: TrackSequenceEvaluation) -> [String?] {
    guard let classes else { return [nil] }
    let present = classes.filter { sequence.truthClasses.contains($0) || sequence.resultClasses.contains($0) }
    return present.isEmpty ? classes : present
  }
}
