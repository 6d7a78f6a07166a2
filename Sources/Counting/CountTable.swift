import Records

/// Counts as text: a row for each area, class and direction, and one for all classes together.
public struct CountTable: Sendable {
  /// One row.
  public struct Row: Sendable, Equatable {
    public var area: String
    /// `line` or `zone`.
    public var kind: String
    /// nil for all classes together.
    public var className: String?
    /// One of `CountedArea.Direction`, or `inside` for what zones hold.
    public var direction: String
    /// Distinct tracks.
    public var tracks: Int
    /// nil for `inside`.
    public var crossings: Int?
    public var net: Int?
    /// Pixels per second.
    public var meanSpeed: Double?
    /// Seconds; nil but for `inside`.
    public var dwell: Double?
    public var meanDwell: Double?
    public var longestDwell: Double?
  }

  /// By area in their order, all classes together first, then classes by name.
  public private(set) var rows: [Row] = []

  /// The word for tracks without a class.
  static let unknown = TrackRecord.unknownClass
  /// The word for all classes together.
  static let all = "all"

  /// The counts so far.
  public init(_ counter: TrackCounter) {
    var closed = counter
    closed.endAll()
    for (index, area) in counter.areas.enumerated() {
      let counts = closed.counts(at: index)
      var total = AreaCount()
      // By name, so that sums of floating numbers do not depend on the order of a dictionary.
      let ordered = counts.map { (name: $0.key ?? CountTable.unknown, count: $0.value) }.sorted { $0.name < $1.name }
      for entry in ordered { total.add(entry.count) }
      add(total, of: nil, at: area)
      for entry in ordered { add(entry.count, of: entry.name, at: area) }
    }
  }

  private mutating func add(_ count: AreaCount, of className: String?, at area: CountedArea) {
    let isZone = if case .zone = area.shape { true } else { false }
    for (direction, passage) in zip(area.directions, count.passages) {
      rows.append(
        Row(
          area: area.name, kind: isZone ? "zone" : "line", className: className, direction: direction.rawValue,
          tracks: passage.tracks, crossings: passage.crossings, net: passage.net, meanSpeed: passage.meanSpeed))
    }
    guard isZone else { return }
    rows.append(
      Row(
        area: area.name, kind: "zone", className: className, direction: "inside", tracks: count.tracksInside,
        meanSpeed: count.meanSpeedInside, dwell: count.dwell, meanDwell: count.meanDwell, longestDwell: count.longestDwell))
  }

  /// The rows as comma-separated values; what does not apply is empty.
  public var csv: String {
    var text = TextBuffer()
    text.append(
      "area,kind,class,direction,tracks,crossings,net_tracks,mean_speed_px_per_s,dwell_s,mean_dwell_s,longest_dwell_s\n")
    for row in rows {
      text.append(CSVField.quoted(row.area) + "," + row.kind + "," + CSVField.quoted(row.className ?? CountTable.all))
      text.append("," + row.direction)
      for count in [row.tracks, row.crossings, row.net] { text.append(count.map { ",\($0)" } ?? ",") }
      let numbers = [(row.meanSpeed, StreamDecimals.position)] + row.times.map { ($0, StreamDecimals.seconds) }
      for (number, decimals) in numbers {
        text.append(",")
        if let number { text.append(number, decimals: decimals) }
      }
      text.append("\n")
    }
    return text.string
  }

  /// The rows as a list of objects with the same names; what does not apply is left out, what is not known is null.
  public var json: JSONValue {
    .list(
      rows.map { row in
        var pairs: [(String, JSONValue)] = [
          ("area", .text(row.area)), ("kind", .text(row.kind)), ("class", .text(row.className ?? CountTable.all)),
          ("direction", .text(row.direction)), ("tracks", .integer(row.tracks)),
        ]
        if let crossings = row.crossings { pairs.append(("crossings", .integer(crossings))) }
        if let net = row.net { pairs.append(("net_tracks", .integer(net))) }
        pairs.append(("mean_speed_px_per_s", row.meanSpeed.map { .real($0) } ?? .null))
        guard row.dwell != nil else { return .object(pairs) }
        for (name, time) in zip(["dwell_s", "mean_dwell_s", "longest_dwell_s"], row.times) {
          pairs.append((name, time.map { .real($0) } ?? .null))
        }
        return .object(pairs)
      })
  }
}

extension CountTable.Row {
  fileprivate var times: [Double?] { [dwell, meanDwell, longestDwell] }
}
