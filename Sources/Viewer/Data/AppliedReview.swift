import Records

/// Applies the decisions of a review to the records of a stream, one record at a time, or to a table of tracks.
///
/// Decisions name rows by the ids that the stream has: what the reviewer saw. `swap` and `join` change the ids that rows are given, one after
/// the other; `wrong` and `delete` take rows away whatever id they would have got. Where two rows of a frame come to have one id, the row
/// whose own id it is stays, else the one with the lower own id.
public struct AppliedReview: Sendable {
  /// Those that change ids.
  private let decisions: [ReviewDecision]
  private let all: [ReviewDecision]
  /// The ids that the stream's rows had so far.
  public private(set) var seenIDs = Set<Int>()
  private let wrong: Set<Int>
  /// The frame from which rows of an id go.
  private let deletedFrom: [Int: Int]
  /// How many rows of each class an id has, of ids that took over rows of others.
  private var votes: [Int: [Int: Int]] = [:]
  private var mixedIDs = Set<Int>()
  /// The class of each of those ids, once known.
  private var classes: [Int: Int] = [:]
  /// The rows that are left out so far.
  public private(set) var removedRows = 0
  /// The rows that got another id so far.
  public private(set) var renamedRows = 0

  /// - Parameter decisions: In the order in which they were made.
  public init(_ decisions: [ReviewDecision]) {
    all = decisions
    self.decisions = decisions.filter { $0.kind == .swap || $0.kind == .join }
    // Of several verdicts on a track the last counts.
    let verdicts = decisions.filter { $0.kind == .wrong || $0.kind == .accept }.map { ($0.id, $0.kind) }
    wrong = Set(Dictionary(verdicts) { _, last in last }.filter { $0.value == .wrong }.keys)
    var from: [Int: Int] = [:]
    for decision in decisions where decision.kind == .delete {
      from[decision.id] = min(decision.frame, from[decision.id] ?? decision.frame)
    }
    deletedFrom = from
  }

  /// The decisions that name a track which no row so far is of.
  public var absent: [ReviewDecision] {
    all.filter { !seenIDs.contains($0.id) || $0.other.map { !seenIDs.contains($0) } ?? false }
  }

  /// The corrected record; nil for one that goes, the end or the return of a track that is no object
  /// or goes on under another id.
  public mutating func apply(_ record: StreamRecord) -> StreamRecord? {
    switch record {
    case .frame(var frame):
      frame.tracks = corrected(frame.tracks, frame.frame)
      return .frame(frame)
    case .backfill(var late):
      late.tracks = corrected(late.tracks, late.frame)
      return .backfill(late)
    case .event(var event) where event.kind == .trackEnd || event.kind == .trackReidentified:
      guard case .integer(let id)? = event["id"], !wrong.contains(id) else { return nil }
      let name = names(inFrame: event.frame ?? 0)[id] ?? id
      guard !isJoined(id), deletedFrom[id] == nil else { return nil }
      event.details = event.details.map { $0.key == "id" ? FurtherKey("id", .integer(name)) : $0 }
      return .event(event)
    default: return record
    }
  }

  /// Whether another track's rows take over where this one ends, or its rows are another's.
  private func isJoined(_ id: Int) -> Bool { decisions.contains { $0.kind == .join && ($0.id == id || $0.other == id) } }

  private mutating func corrected(_ rows: [TrackRecord], _ frame: Int) -> [TrackRecord] {
    decided(rows.map { (id: $0.id, classIndex: $0.classIndex) }, frame).map { kept in
      var row = rows[kept.place]
      (row.id, row.classIndex) = (kept.id, kept.classIndex)
      return row
    }
  }

  /// A row that stays: its place among those of its frame, and the id and class that it has from now on.
  private struct KeptRow {
    var place: Int
    var id: Int
    var classIndex: Int
  }

  private mutating func decided(_ rows: [(id: Int, classIndex: Int)], _ frame: Int) -> [KeptRow] {
    let names = names(inFrame: frame)
    var taken: [Int: (own: Int, place: Int)] = [:]
    var kept: [KeptRow] = []
    for (place, given) in rows.enumerated() {
      let own = given.id
      seenIDs.insert(own)
      guard !wrong.contains(own), frame < deletedFrom[own] ?? .max else {
        removedRows += 1
        continue
      }
      var row = KeptRow(place: place, id: names[own] ?? own, classIndex: given.classIndex)
      if row.id != own {
        renamedRows += 1
        mixedIDs.insert(row.id)
      }
      votes[row.id, default: [:]][row.classIndex, default: 0] += 1
      if let elected = classes[row.id] { row.classIndex = elected }
      if let other = taken[row.id] {
        removedRows += 1
        let isBetter = own == row.id || (other.own != row.id && own < other.own)
        guard isBetter else { continue }
        kept[other.place] = row
        taken[row.id] = (own, other.place)
      } else {
        taken[row.id] = (own, kept.count)
        kept.append(row)
      }
    }
    return kept
  }

  /// The ids that rows of a frame are given, where they are not their own.
  private func names(inFrame frame: Int) -> [Int: Int] {
    var names: [Int: Int] = [:]
    for decision in decisions {
      guard let other = decision.other else { continue }
      let (first, second) = (names[decision.id] ?? decision.id, names[other] ?? other)
      if decision.kind == .join {
        names[other] = first
      } else if frame >= decision.frame {
        names[decision.id] = second
        names[other] = first
      }
    }
    return names
  }
}

extension AppliedReview {
  /// The same review with a class for each id that gets rows of others: the one that most of its rows have, for a track has one class.
  private func electing(path: String) throws -> AppliedReview {
    let reader = try StreamReader(path: path, keepsFurther: false)
    var trial = self
    while let record = try reader.next() { _ = trial.apply(record) }
    return electing(trial)
  }

  private func electing(_ trial: AppliedReview) -> AppliedReview {
    var elected = self
    for id in trial.mixedIDs {
      let votes = trial.votes[id] ?? [:]
      elected.classes[id] = votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
    return elected
  }

  /// The corrected table: rows that no decision names, and those without an identity, stay as they are.
  ///
  /// Frames of decisions are those of the table, from 0.
  public static func correctedTable(_ table: BoxTable, _ decisions: [ReviewDecision]) -> (table: BoxTable, review: AppliedReview) {
    let tracked = table.ids.indices.filter { table.ids[$0] >= 0 }
    let frames = Dictionary(grouping: tracked) { table.frames[$0] }.sorted { $0.key < $1.key }
    func rows(_ places: [Int]) -> [(id: Int, classIndex: Int)] {
      places.map { (Int(table.ids[$0]), table.classIndex($0) ?? -1) }
    }
    var trial = AppliedReview(decisions)
    for (frame, places) in frames { _ = trial.decided(rows(places), Int(frame)) }
    var review = AppliedReview(decisions).electing(trial)
    var corrected = table
    var isKept = [Bool](repeating: true, count: table.count)
    for place in tracked { isKept[place] = false }
    for (frame, places) in frames {
      for kept in review.decided(rows(places), Int(frame)) {
        let place = places[kept.place]
        isKept[place] = true
        corrected.ids[place] = Int32(clamping: kept.id)
        if !corrected.classIndices.isEmpty { corrected.classIndices[place] = Int16(clamping: kept.classIndex) }
      }
    }
    if isKept.contains(false) { corrected.keep(isKept) }
    return (corrected, review)
  }

  /// The corrected stream as text; the number of ids in its end is counted anew.
  ///
  /// - Throws: `RecordsError`; a file that is no stream has no records to correct.
  public static func correctedStream(path: String, _ decisions: [ReviewDecision]) throws -> (bytes: [UInt8], review: AppliedReview)
  {
    let reader = try StreamReader(path: path)
    var review = try AppliedReview(decisions).electing(path: path)
    var encoder = StreamEncoder(classes: [])
    var classCount = 0
    var bytes: [UInt8] = []
    var ids = Set<Int>()
    while let record = try reader.next() {
      // Names that the header does not tell join as they come.
      if reader.classes.count != classCount {
        classCount = reader.classes.count
        encoder = StreamEncoder(classes: reader.classes)
      }
      guard var corrected = review.apply(record) else { continue }
      if case .frame(let frame) = corrected { ids.formUnion(frame.tracks.map(\.id)) }
      if case .end(var end) = corrected {
        end.tracks = ids.count
        corrected = .end(end)
      }
      bytes += encoder.line(corrected)
    }
    return (bytes, review)
  }
}
