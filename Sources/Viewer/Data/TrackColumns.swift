import Geometry
import Records

/// Tracks as the page takes them: a column a property, rows sorted by frame, with an index by frame.
public struct TrackColumns: Sendable {
  /// The columns of rows that are real numbers, by the page's names; NaN where a row has none.
  enum Column: String, CaseIterable, Sendable {
    case cx, cy, w, h, angle, heading, course, speed, score, existence
    case angleDeviation = "angle_sd"
    case headingDeviation = "heading_sd"
    case courseDeviation = "course_sd"
  }

  /// What a page holds at most: 80 bytes a row come to 1.6 GB in the browser.
  public static let maximumRows = 20_000_000

  /// Of a frame; the page shows them in the order of time.
  struct Moment: Sendable {
    var number: Int
    var time: Double
    var camera: CameraMotion.Status?
    var view: StabilizedPlane.View
  }

  /// Of a track.
  struct Identity: Sendable {
    var id: Int
    var classIndex: Int
    var endReason: String?
  }

  private(set) var moments: [Moment] = []
  private(set) var identities: [Identity] = []
  /// The place in `moments` of each row, and in `identities`.
  private(set) var rowMoment: [UInt32] = []
  private(set) var rowIdentity: [UInt32] = []
  /// By the number of a kind (`TrackRecord.Observation.allCases`).
  private(set) var kinds: [UInt8] = []
  private(set) var values: [[Float]] = Array(repeating: [], count: Column.allCases.count)
  /// What became of each row when it was held against another file; empty where it was not.
  var fates: [UInt8] = []
  /// Expected places, and by row the first of them; empty without any.
  private(set) var forecasts: [ForecastRecord] = []
  private(set) var forecastRanges: [Int: Range<Int>] = [:]
  /// COCO's compressed run lengths of rows' masks, and which part is whose row's; all of one picture's size.
  private(set) var maskText: [UInt8] = []
  private(set) var maskRanges: [Int: Range<Int>] = [:]
  private(set) var maskSize: (width: Int, height: Int)?
  /// Cuts, damage and the like; the ends of tracks are their reasons.
  private(set) var events: [EventRecord] = []

  /// The class names that `classIndex` points into.
  public internal(set) var classes: [String] = []
  public internal(set) var header: StreamHeader?
  public internal(set) var end: EndRecord?
  /// That the times of a file without times were made of.
  var framesPerSecond: Double?
  /// What a viewer should know.
  public internal(set) var notes: [String] = []

  private var places = StreamRowPlaces(.all)
  private var momentOfFrame: [Int: Int] = [:]
  private var identityOfID: [Int: Int] = [:]

  /// No tracks yet.
  public init() {}

  /// The number of rows and of frames.
  public var count: Int { rowMoment.count }
  public var frameCount: Int { moments.count }

  /// The order of the frames: by time, then number.
  var order: [Int] {
    moments.indices.sorted { (moments[$0].time, moments[$0].number) < (moments[$1].time, moments[$1].number) }
  }

  // MARK: Asking

  func place(ofFrame number: Int) -> Int? { momentOfFrame[number] }
  func id(ofRow row: Int) -> Int { identities[Int(rowIdentity[row])].id }
  func frame(ofRow row: Int) -> Int { moments[Int(rowMoment[row])].number }
  func time(ofRow row: Int) -> Double { moments[Int(rowMoment[row])].time }

  // MARK: Taking in

  /// Adds a frame that was not there; rows of one that is unknown come to stand in one of their own.
  mutating func add(_ moment: Moment) {
    guard momentOfFrame[moment.number] == nil else { return }
    momentOfFrame[moment.number] = moments.count
    moments.append(moment)
  }

  mutating func add(_ event: EventRecord) {
    guard event.kind == .trackEnd || event.kind == .trackReidentified else { return events.append(event) }
    guard case .integer(let id)? = event["id"], let place = identityOfID[id] else { return }
    // A track that comes back has not ended yet.
    if case .text(let reason)? = event["reason"] { identities[place].endReason = reason } else { identities[place].endReason = nil }
  }

  /// Adds the rows of a frame; one of a track and frame that is there replaces it.
  ///
  /// - Throws: `ViewerError.tooLarge`.
  mutating func add(frame: Int, time: Double, _ rows: [TrackRecord], path: String) throws(ViewerError) {
    if !rows.isEmpty, momentOfFrame[frame] == nil {
      add(Moment(number: frame, time: time, camera: nil, view: .init(origin: 0, map: .identity)))
    }
    guard let moment = momentOfFrame[frame] else { return }
    for row in rows {
      guard let place = places.row(frame: frame, row) else { continue }
      let identity = identity(row)
      if place.isNew {
        guard count < TrackColumns.maximumRows else { throw .tooLarge(path: path, rows: TrackColumns.maximumRows) }
        rowMoment.append(UInt32(moment))
        rowIdentity.append(UInt32(identity))
        kinds.append(0)
        for column in values.indices { values[column].append(.nan) }
      }
      set(place.number, row)
    }
  }

  private mutating func identity(_ row: TrackRecord) -> Int {
    if let known = identityOfID[row.id] {
      if row.classIndex >= 0 { identities[known].classIndex = row.classIndex }
      return known
    }
    identityOfID[row.id] = identities.count
    identities.append(Identity(id: row.id, classIndex: row.classIndex, endReason: nil))
    return identities.count - 1
  }

  private mutating func set(_ place: Int, _ row: TrackRecord) {
    kinds[place] = UInt8(TrackRecord.Observation.allCases.firstIndex(of: row.observation) ?? 0)
    for (index, column) in Column.allCases.enumerated() {
      values[index][place] = TrackColumns.value(of: column, row).map { Float($0) } ?? .nan
    }
    if let mask = row.mask { set(place, mask) }
    guard !row.forecast.isEmpty else { return }
    forecastRanges[place] = forecasts.count..<forecasts.count + row.forecast.count
    forecasts += row.forecast
  }

  /// Takes in a mask; one of another picture's size than the first is left out.
  private mutating func set(_ place: Int, _ mask: RunLengthMask) {
    let size = maskSize ?? (mask.width, mask.height)
    guard size == (mask.width, mask.height) else { return }
    maskSize = size
    let text = Array(mask.compressed.utf8)
    maskRanges[place] = maskText.count..<maskText.count + text.count
    maskText += text
  }

  private static func value(of column: Column, _ row: TrackRecord) -> Double? {
    switch column {
    case .cx: row.box.center.x
    case .cy: row.box.center.y
    case .w: row.box.width
    case .h: row.box.height
    case .angle: row.isAngleDefined ? row.box.angle : nil
    case .angleDeviation: row.angleDeviation
    case .heading: row.heading
    case .headingDeviation: row.headingDeviation
    case .course: row.course
    case .courseDeviation: row.courseDeviation
    case .speed: row.speed
    case .score: row.score
    case .existence: row.existence
    }
  }
}
