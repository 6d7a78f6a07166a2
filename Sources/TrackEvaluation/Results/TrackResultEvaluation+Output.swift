import Records
import Reports

extension TrackResultEvaluation {
  /// How the scores came about: name and text, for a report's head and for JSON.
  public func statements(metrics: Set<TrackMetric>) -> [(name: String, text: String)] {
    func distinct(_ texts: [String]) -> String {
      texts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")
    }
    let names = classes.map { $0 ?? "all classes as one" }
    let regions = sequences.reduce(into: Set<String>()) { $0.formUnion($1.regionClasses) }.sorted()
    let regionStatement = ("regions", "\(regions.joined(separator: ", ")): these classes only mark where results do not count")
    return [
      ("metrics", TrackMetric.allCases.filter { metrics.contains($0) }.map(\.rawValue).joined(separator: ", ")),
      ("definitions", "TrackEval 1.3.0; HOTA over 19 thresholds, CLEAR and Identity at a similarity of 0.5"),
      ("similarity", distinct(sequences.map(\.similarity.rawValue))),
      ("preprocessing", distinct(sequences.map(\.preprocessing.statement))),
      ("classes", names.joined(separator: ", ")),
    ] + (regions.isEmpty ? [] : [regionStatement]) + [
      ("sequences", "\(sequences.count), \(sequences.reduce(0) { $0 + $1.frames }) frames")
    ]
  }

  /// The evaluation with every field and event.
  public var jsonValue: JSONValue {
    .object([
      ("name", .text(name)),
      ("sequences", .list(sequences.map(\.jsonValue))),
      ("combined", .list(classes.map { Self.json($0, combined($0).fields, combinedOriented($0)) })),
      ("class_averaged", .object(classAverage.map { ($0.name, $0.jsonValue) })),
      ("detection_averaged", .object(detectionAverage.fields.map { ($0.name, $0.jsonValue) })),
      ("warnings", .list((warnings + sequences.flatMap(\.warnings)).map { .text($0) })),
    ])
  }

  fileprivate static func json(
    _ className: String?, _ fields: [MetricField], _ oriented: OrientedTrackScores, events: [TrackEvent]? = nil, firstFrame: Int = 0
  ) -> JSONValue {
    var pairs: [(String, JSONValue)] = [
      ("class", className.map { .text($0) } ?? .null), ("metrics", .object(fields.map { ($0.name, $0.jsonValue) })),
    ]
    if !oriented.isEmpty { pairs.append(("orientation", .object(oriented.fields.map { ($0.name, $0.jsonValue) }))) }
    if let events { pairs.append(("events", .list(events.map { $0.jsonValue(firstFrame: firstFrame) }))) }
    return .object(pairs)
  }

  /// The switches and fragmentations of all sequences as a table; frames count as the truth's files count.
  public var eventTable: MetricTable {
    let columns = ["result", "sequence", "class", "kind", "frame", "truth_id", "previous_result_id", "result_id"]
    var table = MetricTable(columns: columns.map { MetricColumn($0) })
    for sequence in sequences {
      for part in sequence.classes {
        for event in part.events {
          table.append([
            .text(name), .text(sequence.name), .text(part.className ?? "all"), .text(event.kind.rawValue),
            .integer(event.frame + sequence.firstFrame), .integer(event.truthID), .integer(event.previousResultID),
            .integer(event.resultID),
          ])
        }
      }
    }
    return table
  }
}

extension TrackSequenceEvaluation {
  var jsonValue: JSONValue {
    .object([
      ("name", .text(name)), ("frames", .integer(frames)), ("similarity", .text(similarity.rawValue)),
      ("preprocessing", .text(preprocessing.rawValue)),
      (
        "classes",
        .list(
          classes.map {
            TrackResultEvaluation.json($0.className, $0.scores.fields, $0.oriented, events: $0.events, firstFrame: firstFrame)
          })
      ),
    ])
  }
}

extension TrackEvent {
  fileprivate func jsonValue(firstFrame: Int) -> JSONValue {
    .object([
      ("kind", .text(kind.rawValue)), ("frame", .integer(frame + firstFrame)), ("truth_id", .integer(truthID)),
      ("previous_result_id", .integer(previousResultID)), ("result_id", .integer(resultID)),
    ])
  }
}
