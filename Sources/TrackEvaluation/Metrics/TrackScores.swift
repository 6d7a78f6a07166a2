/// The families of track metrics.
public enum TrackMetric: String, Sendable, CaseIterable {
  case hota, clear, identity
}

/// The scores of a result against the truth on one sequence, or on several combined.
public struct TrackScores: Sendable, Equatable {
  /// nil where the family was not asked for, like the others.
  public var hota: HOTAScores?
  /// CLEAR's counts.
  public var clear: CLEARScores?
  /// The counts of the assignment of whole tracks.
  public var identity: IdentityScores?
  /// Boxes and ids that took part.
  public var truthBoxes = 0
  /// Result boxes that took part.
  public var resultBoxes = 0
  /// Ids of the truth that took part.
  public var truthIDs = 0
  /// Ids of the result that took part.
  public var resultIDs = 0

  /// The scores of nothing.
  public init() {}

  /// Whether neither side has a box.
  public var isEmpty: Bool { truthBoxes == 0 && resultBoxes == 0 }

  /// Several sequences, or several classes ("detection averaged"), as one.
  public static func combined(_ parts: [TrackScores]) -> TrackScores {
    var sum = TrackScores()
    let hota = parts.compactMap(\.hota)
    let clear = parts.compactMap(\.clear)
    let identity = parts.compactMap(\.identity)
    sum.hota = hota.isEmpty ? nil : HOTAScores.combined(hota)
    sum.clear = clear.isEmpty ? nil : CLEARScores.combined(clear)
    sum.identity = identity.isEmpty ? nil : IdentityScores.combined(identity)
    for part in parts {
      sum.truthBoxes += part.truthBoxes
      sum.resultBoxes += part.resultBoxes
      sum.truthIDs += part.truthIDs
      sum.resultIDs += part.resultIDs
    }
    return sum
  }

  /// Every field of every family, under TrackEval's names.
  public var fields: [MetricField] {
    (hota?.fields ?? []) + (clear?.fields ?? []) + (identity?.fields ?? [])
      + [
        MetricField("Dets", .integer(resultBoxes)), MetricField("GT_Dets", .integer(truthBoxes)),
        MetricField("IDs", .integer(resultIDs)), MetricField("GT_IDs", .integer(truthIDs)),
      ]
  }

  /// The fields averaged over classes: counts are summed, ratios averaged without weights.
  ///
  /// - Parameter ignoringEmpty: Leaves out classes without a box on either side.
  public static func classAverage(_ classes: [TrackScores], ignoringEmpty: Bool = false) -> [MetricField] {
    let taken = ignoringEmpty ? classes.filter { !$0.isEmpty } : classes
    let fields = taken.map(\.fields)
    guard let first = fields.first else { return [] }
    return first.indices.map { index in
      MetricField(first[index].name, MetricField.classAverage(fields.map { $0[index].value }))
    }
  }

  /// The value of one field by name, upper or lower case; the mean over the thresholds where it has several.
  public func value(of name: String) -> Double? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.scalar
  }
}
