import Geometry

/// Writes records as lines of JSON: the same keys in the same order, decimals by `StreamDecimals`, never NaN.
///
/// The buffer is kept from record to record, so a frame allocates nothing once warm.
///
/// ```swift
/// var encoder = StreamEncoder(classes: ["car"])
/// try encoder.encode(.frame(record)) { try sink.write($0) }
/// ```
public struct StreamEncoder: Sendable {
  private var text = TextBuffer(capacity: 1 << 14)
  /// The class names as JSON strings.
  private let classNames: [[UInt8]]

  /// - Parameter classes: The header's class names, which the records' class indices point into.
  public init(classes: [String]) {
    classNames = classes.map { name in
      var text = TextBuffer()
      text.append(jsonString: name)
      return Array(text.bytes)
    }
  }

  /// Gives the record's line with its line feed; the pointer must not leave the closure.
  public mutating func encode<Result>(
    _ record: StreamRecord, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    text.removeAll()
    switch record {
    case .header(let header): write(header)
    case .frame(let frame): write(frame)
    case .backfill(let backfill): write(backfill)
    case .event(let event): write(event)
    case .end(let end): write(end)
    case .unknown(let kind): write(unknown: kind)
    }
    text.append("}\n")
    return try text.withBytes(body)
  }

  /// The record's line with its line feed.
  public mutating func line(_ record: StreamRecord) -> [UInt8] {
    encode(record) { Array($0) }
  }
}

/// Digits after the point of each kind of number in the stream.
public enum StreamDecimals {
  /// Pixels and pixels per second.
  public static let position = 2
  /// Radians, probabilities, and covariances in pixels².
  public static let angle = 4
  /// Of probabilities, those of classes and scores too.
  public static let probability = 4
  /// Of covariances, pixels².
  public static let covariance = 4
  /// Of times.
  public static let seconds = 6
  /// Of what a pose tells beside its place and quaternion, radians, radians per second and metres: a deviation of a good path is a millionth.
  public static let pose = 6
  /// Of places on the ground and of speeds there, metres and metres per second.
  public static let metres = 3
  /// Of covariances on the ground, metres²: a centimetre is 10⁻⁴.
  public static let groundCovariance = 6
  /// The homography's linear part: 5e-5 pixels at 10⁴ pixels from the origin.
  public static let homographyLinear = 8
  /// Of the homography's translation, pixels.
  public static let homographyTranslation = 4
  /// The homography's last row.
  public static let homographyPerspective = 12
}

// MARK: - Records

extension StreamEncoder {
  private mutating func write(_ header: StreamHeader) {
    text.append("{\"record\":\"header\",\"schema\":")
    text.append(jsonString: StreamHeader.schema)
    text.append(",\"program\":")
    text.append(jsonString: header.program)
    if let source = header.source { write(source) }
    text.append(",\"settings\":")
    text.append(json: header.settings)
    text.append(",\"classes\":")
    text.append(json: .list(header.classes.map { .text($0) }))
    text.append(",\"seed\":")
    text.append(header.seed.description)
  }

  private mutating func write(_ source: StreamSource) {
    text.append(",\"source\":{\"uri\":")
    text.append(jsonString: source.uri)
    text.append(",\"kind\":")
    text.append(jsonString: source.kind)
    if let width = source.width { write(",\"width\":", integer: width) }
    if let height = source.height { write(",\"height\":", integer: height) }
    if let base = source.timeBase { write(",\"time_base\":", base) }
    if let rate = source.frameRate { write(",\"frame_rate\":", rate) }
    if let duration = source.duration { write(",\"duration\":", real: duration, StreamDecimals.seconds) }
    text.append("}")
  }

  private mutating func write(_ frame: FrameRecord) {
    write("{\"record\":\"frame\",\"frame\":", integer: frame.frame)
    if let pts = frame.pts { write(",\"pts\":", integer: Int(pts)) }
    write(",\"time\":", real: frame.time, StreamDecimals.seconds)
    if let isKey = frame.isKey { write(",\"key\":", flag: isKey) }
    if let camera = frame.camera { write(camera) }
    write(tracks: frame.tracks)
    write(frame.further)
  }

  private mutating func write(_ backfill: BackfillRecord) {
    write("{\"record\":\"backfill\",\"frame\":", integer: backfill.frame)
    write(",\"time\":", real: backfill.time, StreamDecimals.seconds)
    write(tracks: backfill.tracks)
  }

  private mutating func write(_ event: EventRecord) {
    text.append("{\"record\":\"event\"")
    if let frame = event.frame { write(",\"frame\":", integer: frame) }
    if let time = event.time { write(",\"time\":", real: time, StreamDecimals.seconds) }
    text.append(",\"kind\":")
    text.append(jsonString: event.kind.rawValue)
    write(event.details)
  }

  private mutating func write(_ end: EndRecord) {
    write("{\"record\":\"end\",\"frames\":", integer: end.frames)
    write(",\"dropped\":", integer: end.dropped)
    if end.damaged > 0 { write(",\"damaged\":", integer: end.damaged) }
    write(",\"ids\":", integer: end.tracks)
    text.append(",\"status\":")
    text.append(jsonString: end.status.rawValue)
    if let error = end.error {
      text.append(",\"error\":")
      text.append(jsonString: error)
    }
  }

  private mutating func write(unknown kind: String) {
    text.append("{\"record\":")
    text.append(jsonString: kind)
  }

  private mutating func write(_ camera: CameraMotion) {
    text.append(",\"camera\":{\"status\":")
    text.append(jsonString: camera.status.rawValue)
    let h = camera.homography
    typealias D = StreamDecimals
    write(",\"homography\":[", real: h.h11, D.homographyLinear)
    write(",", real: h.h12, D.homographyLinear)
    write(",", real: h.h13, D.homographyTranslation)
    write(",", real: h.h21, D.homographyLinear)
    write(",", real: h.h22, D.homographyLinear)
    write(",", real: h.h23, D.homographyTranslation)
    write(",", real: h.h31, D.homographyPerspective)
    write(",", real: h.h32, D.homographyPerspective)
    write(",", real: h.h33, D.homographyLinear)
    write("],\"inliers\":", integer: camera.inliers)
    text.append("}")
  }
}

// MARK: - Tracks

extension StreamEncoder {
  private mutating func write(tracks: [TrackRecord]) {
    text.append(",\"tracks\":[")
    var isFirst = true
    for track in tracks {
      if !isFirst { text.append(",") }
      isFirst = false
      write(track)
    }
    text.append("]")
  }

  private mutating func write(_ track: TrackRecord) {
    write("{\"id\":", integer: track.id)
    write(",\"class\":", className: track.classIndex)
    if let raw = track.rawClassIndex { write(",\"raw_class\":", className: raw) }
    switch track.state {
    case .tentative: text.append(",\"state\":\"tentative\"")
    case .confirmed: text.append(",\"state\":\"confirmed\"")
    case .coasting: text.append(",\"state\":\"coasting\"")
    }
    if let score = track.score { write(",\"score\":", real: score, StreamDecimals.probability) }
    if let existence = track.existence { write(",\"existence\":", real: existence, StreamDecimals.probability) }
    writeBox(of: track)
    if let covariance = track.centerCovariance { write(covariance) }
    writeMotion(of: track)
    writeOrigin(of: track)
    if !track.forecast.isEmpty { write(track.forecast) }
    if let mask = track.mask {
      text.append(",\"mask\":")
      text.append(mask)
    }
    if let corners = track.corners { write(corners: corners) }
    if let bearing = track.bearing { write(",\"bearing\":", bearing) }
    if let bearing = track.worldBearing { write(",\"world_bearing\":", bearing) }
    if let ground = track.ground { write(ground) }
    if let world = track.world { write(world) }
    write(track.further)
    text.append("}")
  }

  private mutating func write(corners: [Point]) {
    text.append(",\"corners\":[")
    for (index, corner) in corners.enumerated() {
      write(index == 0 ? "[" : ",[", real: corner.x, StreamDecimals.position)
      write(",", real: corner.y, StreamDecimals.position)
      text.append("]")
    }
    text.append("]")
  }

  private mutating func writeBox(of track: TrackRecord) {
    let box = track.box
    write(",\"box\":{\"cx\":", real: box.center.x, StreamDecimals.position)
    write(",\"cy\":", real: box.center.y, StreamDecimals.position)
    write(",\"w\":", real: box.width, StreamDecimals.position)
    write(",\"h\":", real: box.height, StreamDecimals.position)
    if track.isAngleDefined {
      write(",\"angle\":", real: box.angle, StreamDecimals.angle)
      write(",\"angle_sd\":", optional: track.angleDeviation, StreamDecimals.angle)
    } else {
      text.append(",\"angle\":null,\"angle_sd\":null")
    }
    text.append("}")
  }

  private mutating func write(_ covariance: SymmetricMatrix2, _ decimals: Int = StreamDecimals.covariance) {
    write(",\"covariance\":[", real: covariance.xx, decimals)
    write(",", real: covariance.xy, decimals)
    write(",", real: covariance.yy, decimals)
    text.append("]")
  }

  private mutating func writeMotion(of track: TrackRecord) {
    if let velocity = track.velocity {
      write(",\"velocity\":", velocity)
      if let velocity = track.imageVelocity {
        write(",\"image_velocity\":", velocity)
      } else {
        text.append(",\"image_velocity\":null")
      }
      write(",\"course\":", optional: track.course, StreamDecimals.angle)
      write(",\"course_sd\":", optional: track.courseDeviation, StreamDecimals.angle)
    }
    if track.velocity != nil || track.heading != nil {
      write(",\"heading\":", optional: track.heading, StreamDecimals.angle)
    }
    if let deviation = track.headingDeviation { write(",\"heading_sd\":", real: deviation, StreamDecimals.angle) }
    if let confidence = track.headingConfidence {
      write(",\"heading_confidence\":", real: confidence, StreamDecimals.probability)
    }
    if let speed = track.speed { write(",\"speed\":", real: speed, StreamDecimals.position) }
  }

  private mutating func writeOrigin(of track: TrackRecord) {
    switch track.observation {
    case .observed: text.append(",\"observed\":true,\"observation\":\"observed\"")
    case .smoothed: text.append(",\"observed\":true,\"observation\":\"smoothed\"")
    case .interpolated: text.append(",\"observed\":false,\"observation\":\"interpolated\"")
    case .predicted: text.append(",\"observed\":false,\"observation\":\"predicted\"")
    }
    if let index = track.detectionIndex { write(",\"detection\":", integer: index) }
  }

  private mutating func write(_ key: StaticString, _ bearing: Bearing) {
    text.append(key)
    write("[", real: bearing.azimuth, StreamDecimals.angle)
    write(",", real: bearing.elevation, StreamDecimals.angle)
    text.append("]")
  }

  private mutating func write(_ ground: GroundRecord) {
    write(",\"ground\":{\"x\":", real: ground.place.x, StreamDecimals.metres)
    write(",\"y\":", real: ground.place.y, StreamDecimals.metres)
    if let covariance = ground.covariance { write(covariance, StreamDecimals.groundCovariance) }
    if let velocity = ground.velocity {
      write(groundVelocity: velocity)
      write(",\"course\":", optional: ground.course, StreamDecimals.angle)
      write(",\"course_sd\":", optional: ground.courseDeviation, StreamDecimals.angle)
    }
    write(",\"heading\":", optional: ground.heading, StreamDecimals.angle)
    if let deviation = ground.headingDeviation { write(",\"heading_sd\":", real: deviation, StreamDecimals.angle) }
    text.append("}")
  }

  private mutating func write(_ world: WorldRecord) {
    let box = world.box
    write(",\"world\":{\"x\":", real: box.x, StreamDecimals.metres)
    write(",\"y\":", real: box.y, StreamDecimals.metres)
    write(",\"z\":", real: box.z, StreamDecimals.metres)
    write(",\"length\":", real: box.length, StreamDecimals.metres)
    write(",\"width\":", real: box.width, StreamDecimals.metres)
    write(",\"height\":", real: box.height, StreamDecimals.metres)
    write(",\"rotation_y\":", real: box.rotationY, StreamDecimals.angle)
    if let covariance = world.covariance { write(covariance, StreamDecimals.groundCovariance) }
    if let velocity = world.velocity { write(groundVelocity: velocity) }
    text.append("}")
  }

  private mutating func write(groundVelocity velocity: Point) {
    write(",\"velocity\":[", real: velocity.x, StreamDecimals.metres)
    write(",", real: velocity.y, StreamDecimals.metres)
    write("],\"speed\":", real: velocity.length, StreamDecimals.metres)
  }

  private mutating func write(_ forecast: [ForecastRecord]) {
    text.append(",\"forecast\":[")
    var isFirst = true
    for point in forecast {
      if !isFirst { text.append(",") }
      isFirst = false
      write("{\"time\":", real: point.time, StreamDecimals.seconds)
      write(",\"cx\":", real: point.center.x, StreamDecimals.position)
      write(",\"cy\":", real: point.center.y, StreamDecimals.position)
      if let covariance = point.covariance { write(covariance) }
      text.append("}")
    }
    text.append("]")
  }
}

// MARK: - Values

extension StreamEncoder {
  private mutating func write(_ key: StaticString, integer: Int) {
    text.append(key)
    text.append(integer)
  }

  private mutating func write(_ key: StaticString, flag: Bool) {
    text.append(key)
    if flag { text.append("true") } else { text.append("false") }
  }

  /// A number that is not finite has no place in JSON: it is unknown, so null.
  @inline(__always)
  private mutating func write(_ key: StaticString, real: Double, _ decimals: Int) {
    text.append(key)
    if real.isFinite {
      text.append(real, decimals: decimals)
    } else {
      text.append("null")
    }
  }

  private mutating func write(_ key: StaticString, optional: Double?, _ decimals: Int) {
    write(key, real: optional ?? .nan, decimals)
  }

  private mutating func write(_ key: StaticString, _ velocity: Point) {
    text.append(key)
    write("[", real: velocity.x, StreamDecimals.position)
    write(",", real: velocity.y, StreamDecimals.position)
    text.append("]")
  }

  private mutating func write(_ key: StaticString, className index: Int) {
    text.append(key)
    if classNames.indices.contains(index) {
      text.append(contentsOf: classNames[index])
    } else {
      text.append("null")
    }
  }

  private mutating func write(_ key: StaticString, _ ratio: StreamRatio) {
    text.append(key)
    text.append("[")
    text.append(ratio.numerator)
    text.append(",")
    text.append(ratio.denominator)
    text.append("]")
  }

  private mutating func write(_ further: [FurtherKey]) {
    for entry in further {
      text.append(",")
      text.append(jsonString: entry.key)
      text.append(":")
      text.append(json: entry.value)
    }
  }
}
