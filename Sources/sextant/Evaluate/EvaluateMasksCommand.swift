import ArgumentParser
import Evaluation
import Foundation
import Records

/// `sextant evaluate masks`: semantic segmentation and masks of objects in video.
struct EvaluateMasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Measure masks: class IoU and accuracy, or DAVIS J and F.",
    discussion: """
      Truth and result are PNG files of equal names in two folders, or in a folder for each sequence; a mask's labels are its palette \
      indices or grey levels, never its colours.

      --protocol semantic counts every pixel in one confusion matrix and leaves out void labels. semi-supervised and unsupervised measure \
      objects in video, 0 being the background: equal labels are the same object (first and last frame left out), or objects are assigned \
      by the best (J + F)/2.

      examples:
        sextant evaluate masks --truth val/labels --result predicted --class-names classes.csv --void 11
        sextant evaluate masks --truth Annotations --result ours --protocol semi-supervised --fail-below j\\&f=0.7
      """)

  enum MaskProtocol: String, ExpressibleByArgument, CaseIterable {
    case semantic
    case semiSupervised = "semi-supervised"
    case unsupervised
  }

  @Option(help: ArgumentHelp("The annotations.", valueName: "path"), completion: .file())
  var truth: String

  @Option(help: ArgumentHelp("The result.", valueName: "path"), completion: .file())
  var result: String

  @Option(name: .customLong("protocol"), help: ArgumentHelp("semantic, semi-supervised or unsupervised.", valueName: "name"))
  var maskProtocol = MaskProtocol.semantic

  @Option(
    help: ArgumentHelp("Names of the labels: a file with a name a line, or lines of index,name.", valueName: "file"),
    completion: .file())
  var classNames: String?

  @Option(help: ArgumentHelp("Number of classes: labels from 0; all above are void.", valueName: "n"))
  var classCount: Int?

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Labels of the truth that are left out.", valueName: "label"))
  var void: [UInt8] = []

  @OptionGroup(title: "Output") var output: EvaluationOutputOptions

  func run() throws {
    try ExitStatus.reporting {
      let thresholds = try output.thresholds
      let sequences = try MaskFolders.sequences(truth: truth, result: result)
      let tables = try maskProtocol == .semantic ? [semantic(sequences)] : [objects(sequences)]
      try output.print(tables.map { $0.rendered(as: output.format) }.joined(separator: "\n"))
      if let path = output.report {
        var report = HTMLReport(title: "Masks", statements: [("protocol", maskProtocol.rawValue), ("truth", truth), ("result", result)])
        for table in tables { report.add(table) }
        try output.write(report.text, to: path)
      }
      try output.exit(ifAny: thresholds.failures(of: result) { score(named: $0, in: tables[0]) })
    }
  }

  private func semantic(_ sequences: [MaskSequenceFiles]) throws -> MetricTable {
    let names = try classNames.map(EvaluateMasksCommand.readNames) ?? []
    let voids = Set(void)
    // Void labels at the end of the list are no classes.
    var count = classCount ?? (names.isEmpty ? 256 : names.count)
    guard (1...256).contains(count) else { throw CommandError.usage("--class-count \(count): give a number from 1 to 256.") }
    while count > 1, voids.contains(UInt8(count - 1)) { count -= 1 }
    let confusion = try MaskFolders.semantic(sequences, classCount: count, voidLabels: voids)
    var table = MaskTables.semantic(confusion, names: names)
    if classCount == nil, names.isEmpty { table.leaveOutEmptyRows(confusion) }
    return table
  }

  private func objects(_ sequences: [MaskSequenceFiles]) throws -> MetricTable {
    let matching: MaskSequence.Matching = maskProtocol == .semiSupervised ? .semiSupervised : .unsupervised
    for sequence in sequences {
      let missing = sequence.frames.filter { $0.result == nil }
      if !missing.isEmpty {
        output.warn(["\(missing.count) frames of \(sequence.name) have no result (first \(missing[0].name)); they count as empty"])
      }
    }
    return try MaskTables.objects(
      sequences.map { ($0.name, try MaskFolders.objects($0, matching: matching)) }, matching: matching)
  }

  /// Names of labels, from lines of `name` or `index,name[,…]`, with or without a heading.
  static func readNames(_ path: String) throws -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CommandError.missingInput("cannot read the class names \(path): it is not there or not a text.")
    }
    var names: [Int: String] = [:]
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      if fields.count == 1 {
        names[number] = String(line)
      } else if let index = Int(fields[0]), (0..<256).contains(index) {
        names[index] = String(fields[1])
      } else if number > 0 {
        throw CommandError.malformed("cannot read the class names \(path), line \(number + 1): begin it with an index from 0 to 255.")
      }
    }
    return (0...(names.keys.max() ?? 0)).map { names[$0] ?? "\($0)" }
  }

  /// The summary row's value of a column: the mean over classes or objects.
  private func score(named name: String, in table: MetricTable) -> Double? {
    let aliases = ["miou": "IoU", "j&f": "J&F", "j": "J_mean", "f": "F_mean"]
    let wanted = (aliases[name.lowercased()] ?? name).lowercased()
    guard let column = table.columns.firstIndex(where: { $0.name.lowercased() == wanted }), let row = table.rows.last,
      case .real(let value) = row[column]
    else { return nil }
    return value
  }
}

extension MetricTable {
  /// Leaves out the rows of labels that neither side has.
  fileprivate mutating func leaveOutEmptyRows(_ confusion: ClassConfusion) {
    let kept = rows.indices.filter { row in
      row >= confusion.classCount || confusion.pixels(ofTruth: row) + confusion.pixels(ofResult: row) > 0
    }
    summaryRows = [kept.count - 1]
    rows = kept.map { rows[$0] }
  }
}
