import Reports

/// A picture of a frame for a report.
public struct ReportPicture: Sendable {
  /// The picture as a file has it.
  public var bytes: [UInt8]
  /// The media type, such as `image/jpeg`.
  public var type: String

  /// A picture as a file has it.
  public init(bytes: [UInt8], type: String) {
    self.bytes = bytes
    self.type = type
  }
}

/// Puts an evaluation of tracks on one page.
public struct TrackReport {
  /// The results in the order in which they are shown, all of one truth.
  public var evaluations: [TrackResultEvaluation]
  /// The families that were computed.
  public var metrics: Set<TrackMetric>
  /// What a reader of the scores should know.
  public var warnings: [String]
  /// Of several results.
  public var comparison: ResultComparison?
  /// The picture of a frame (from 0) of a result's sequence, the boxes of its switches drawn in, the truth's in orange and the result's in
  /// blue; nil where there is none. Asked only for frames with an identity switch.
  public var picture: (_ result: String, _ sequence: String, _ frame: Int) -> ReportPicture?
  /// At most this many pictures are put in for each result.
  public var pictureLimit = 60
  /// Sequences with more truth ids show only the first.
  public var timelineLimit = 80

  /// A page of one or several results.
  public init(
    evaluations: [TrackResultEvaluation], metrics: Set<TrackMetric>, warnings: [String] = [], comparison: ResultComparison? = nil,
    picture: @escaping (_ result: String, _ sequence: String, _ frame: Int) -> ReportPicture? = { _, _, _ in nil }
  ) {
    self.evaluations = evaluations
    self.metrics = metrics
    self.warnings = warnings
    self.comparison = comparison
    self.picture = picture
  }

  /// The page.
  public func html(program: String) -> String {
    let names = evaluations.map(\.name).joined(separator: ", ")
    let statements = (evaluations.first?.statements(metrics: metrics) ?? []) + [("program", program)]
    var page = HTMLReport(title: "Tracks: \(names)", statements: statements)
    page.list(warnings)
    if let comparison { page.add(comparison) }
    addCurves(to: &page)
    for (index, evaluation) in evaluations.enumerated() { add(evaluation, number: index + 1, to: &page) }
    return page.text
  }

  // MARK: - Curves and bars

  private func addCurves(to page: inout HTMLReport) {
    for className in evaluations.first?.classes ?? [] {
      let suffix = className.map { ", \($0)" } ?? ""
      let combined = evaluations.map { (name: $0.name, scores: $0.combined(className)) }
      page.heading("Scores" + suffix)
      if evaluations.count == 1, let scores = combined[0].scores.hota {
        page.add(
          Self.curves(
            title: "HOTA over α" + suffix,
            [
              ("HOTA", scores.hota), ("DetA", scores.detectionAccuracy), ("AssA", scores.associationAccuracy),
              ("LocA", scores.localizationAccuracy),
            ]))
      } else {
        page.add(
          Self.curves(title: "HOTA over α" + suffix, combined.compactMap { part in part.scores.hota.map { (part.name, $0.hota) } }))
      }
      let fields = ["HOTA", "MOTA", "IDF1"].filter { combined[0].scores.value(of: $0) != nil }
      for field in evaluations.count == 1 ? [] : fields {
        page.add(bars(field: field, className: className))
      }
      if evaluations.count == 1 { page.add(bars(fields: fields, evaluations[0], className: className)) }
    }
  }

  private static func curves(title: String, _ curves: [(String, [Double])]) -> LinePlot {
    LinePlot(
      title: title, xLabel: "localisation threshold α", yLabel: "score",
      series: curves.map { LinePlot.Series($0.0, zip(HOTAScores.alphas, $0.1).map { ($0, $1) }) }, xRange: 0...1, yRange: 0...1)
  }

  /// One field, a bar for each result.
  private func bars(field: String, className: String?) -> BarPlot {
    let sequences = evaluations.first?.sequences.map(\.name) ?? []
    let groups = sequences.map { name in
      BarPlot.Group(
        name,
        evaluations.map { evaluation in
          evaluation.parts(of: className).first { $0.sequence == name }?.evaluation.scores.value(of: field)
        })
    }
    let all = BarPlot.Group("COMBINED", evaluations.map { $0.combined(className).value(of: field) })
    return Self.bars(title: "\(field) by sequence", series: evaluations.map(\.name), groups + [all])
  }

  /// One result, a bar for each field.
  private func bars(fields: [String], _ evaluation: TrackResultEvaluation, className: String?) -> BarPlot {
    let groups = evaluation.parts(of: className).map { part in
      BarPlot.Group(part.sequence, fields.map { part.evaluation.scores.value(of: $0) })
    }
    let combined = evaluation.combined(className)
    return Self.bars(
      title: "Scores by sequence", series: fields, groups + [BarPlot.Group("COMBINED", fields.map { combined.value(of: $0) })])
  }

  private static func bars(title: String, series: [String], _ groups: [BarPlot.Group]) -> BarPlot {
    let least = groups.flatMap(\.values).compactMap { $0 }.min() ?? 0
    return BarPlot(title: title, series: series, groups: groups, range: min(0, max(-1, least))...1)
  }

  // MARK: - One result

  private func add(_ evaluation: TrackResultEvaluation, number: Int, to page: inout HTMLReport) {
    page.heading(evaluation.name)
    for className in evaluation.classes {
      page.add(TrackTables.sequences(evaluation, className: className))
      if let table = TrackTables.oriented(evaluation, className: className) { page.add(table) }
    }
    if let table = TrackTables.classes(evaluation) { page.add(table) }
    addTimelines(evaluation, number: number, to: &page)
  }

  private func addTimelines(_ evaluation: TrackResultEvaluation, number: Int, to page: inout HTMLReport) {
    var pictures = 0
    for sequence in evaluation.sequences {
      for part in sequence.classes where !part.timelines.isEmpty {
        let what = ([evaluation.name, sequence.name] + (part.className.map { [$0] } ?? [])).joined(separator: ", ")
        page.heading("Identities: " + what)
        var shown: [(event: TrackEvent, picture: ReportPicture, anchor: String)] = []
        for event in part.events where event.kind == .identitySwitch && pictures < pictureLimit {
          guard let picture = picture(evaluation.name, sequence.name, event.frame + sequence.skippedFrames) else { continue }
          pictures += 1
          shown.append((event, picture, "picture-\(number)-\(pictures)"))
        }
        page.add(timeline(what, sequence, part, shown.map { ($0.event, $0.anchor) }))
        if part.timelines.count > timelineLimit {
          page.paragraph("Shown are \(timelineLimit) of \(part.timelines.count) truth ids.")
        }
        for item in shown {
          page.add(
            picture: item.picture.bytes, type: item.picture.type,
            caption: Self.sentence(item.event, sequence) + Self.colours, anchor: item.anchor)
        }
        let others = part.events.filter { event in event.kind == .identitySwitch && !shown.contains { $0.event == event } }
        page.list(others.prefix(200).map { Self.sentence($0, sequence) })
        if others.count > 200 {
          page.paragraph("\(others.count - 200) more switches are in the file of events, where one is written.")
        }
      }
    }
  }

  private func timeline(
    _ what: String, _ sequence: TrackSequenceEvaluation, _ part: TrackClassEvaluation,
    _ anchors: [(event: TrackEvent, anchor: String)]
  ) -> TimelinePlot {
    let lines = part.timelines.prefix(timelineLimit)
    let first = sequence.firstFrame
    let rows = lines.map { line in
      TimelinePlot.Row(
        "truth \(line.truthID)",
        line.runs.map {
          TimelinePlot.Run(frames: ($0.frames.lowerBound + first)...($0.frames.upperBound + first), id: $0.resultID)
        })
    }
    let rowOf = Dictionary(uniqueKeysWithValues: lines.enumerated().map { ($1.truthID, $0) })
    let marks = part.events.filter { $0.kind == .identitySwitch }.compactMap { event in
      rowOf[event.truthID].map { row in
        TimelinePlot.Mark(
          row: row, frame: event.frame + first, text: Self.sentence(event, sequence),
          target: anchors.first { $0.event == event }.map { "#" + $0.anchor })
      }
    }
    return TimelinePlot(
      title: "Result ids along each truth id (grey: missed, red: switch)", rows: rows, marks: marks,
      frames: first...max(first, first + sequence.frames - 1))
  }

  /// What the colours of a picture mean.
  private static let colours = " (orange: the truth's box, blue: the result's)"

  private static func sentence(_ event: TrackEvent, _ sequence: TrackSequenceEvaluation) -> String {
    "\(sequence.name), frame \(event.frame + sequence.firstFrame): truth \(event.truthID) goes from result \(event.previousResultID) to \(event.resultID)"
  }
}
