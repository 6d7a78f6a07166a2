import Geometry

/// Turns parsed lines of a stream into records.
struct StreamDecoder {
  /// What is wrong with a record: which key, and how.
  struct Problem: Error {
    var reason: String
  }

  /// The class names met so far.
  private(set) var classes: [String] = []
  private var indexOfClass: [String: Int] = [:]
  private let keepsFurther: Bool
  /// The pictures' size by the header; nil where it does not tell.
  private var pictureSize: (width: Int, height: Int)?

  init(keepsFurther: Bool) { self.keepsFurther = keepsFurther }

  mutating func decode(_ root: JSONView) throws(Problem) -> StreamRecord {
    guard root.isObject else { throw Problem(reason: "not a JSON object") }
    guard let kind = root.members.first(where: { "record" ~= $0.key })?.value.string else {
      throw Problem(reason: "no key \"record\"; is this a sextant stream?")
    }
    switch kind {
    case "header": return .header(try header(root))
    case "frame": return .frame(try frame(root))
    case "backfill": return .backfill(try backfill(root))
    case "event": return .event(try event(root))
    case "end": return .end(try end(root))
    default: return .unknown(kind: kind)
    }
  }

  // MARK: Records

  private mutating func header(_ root: JSONView) throws(Problem) -> StreamHeader {
    var header = StreamHeader(program: "")
    for (key, value) in root.members {
      switch key {
      case "schema":
        guard let schema = value.string, StreamHeader.readableSchemas.contains(schema) else {
          let readable = StreamHeader.readableSchemas.joined(separator: " and ")
          throw Problem(reason: "schema \"\(value.string ?? "")\"; this program reads \(readable)")
        }
      case "program": header.program = try value.need("program", \.string, "a string")
      case "source": header.source = try source(value)
      case "settings": header.settings = value.owned
      case "classes":
        for name in value.elements { header.classes.append(try name.need("classes", \.string, "a string")) }
      case "seed": header.seed = UInt64(try value.count("seed"))
      default: break
      }
    }
    for name in header.classes { _ = index(ofClass: name) }
    pictureSize = header.source.flatMap { source in source.width.flatMap { width in source.height.map { (width, $0) } } }
    return header
  }

  private func source(_ view: JSONView) throws(Problem) -> StreamSource {
    var source = StreamSource(uri: "", kind: "")
    for (key, value) in view.members {
      switch key {
      case "uri": source.uri = try value.need("source.uri", \.string, "a string")
      case "kind": source.kind = try value.need("source.kind", \.string, "a string")
      case "width": source.width = try value.count("source.width", from: 1)
      case "height": source.height = try value.count("source.height", from: 1)
      case "time_base": source.timeBase = try ratio("source.time_base", value)
      case "frame_rate": source.frameRate = try ratio("source.frame_rate", value)
      case "duration" where !value.isNull:
        let duration = try value.need("source.duration", \.real, "a number")
        guard duration >= 0 else { throw Problem(reason: "\"source.duration\" is below 0") }
        source.duration = duration
      default: break
      }
    }
    return source
  }

  private func ratio(_ key: String, _ view: JSONView) throws(Problem) -> StreamRatio {
    let numbers = view.elements.map(\.integer)
    guard numbers.count == 2, let numerator = numbers[0], let denominator = numbers[1], numerator > 0, denominator > 0 else {
      throw Problem(reason: "\"\(key)\" is not a fraction of two integers from 1")
    }
    return StreamRatio(numerator, denominator)
  }

  private mutating func frame(_ root: JSONView) throws(Problem) -> FrameRecord {
    var frame = FrameRecord(frame: -1, time: .nan)
    for (key, value) in root.members {
      switch key {
      case "record": break
      case "frame": frame.frame = try value.need("frame", \.integer, "an integer")
      case "pts": frame.pts = value.integer.map(Int64.init)
      case "time": frame.time = try value.need("time", \.real, "a number")
      case "key": frame.isKey = value.flag
      case "camera": frame.camera = try camera(value)
      case "tracks": frame.tracks = try tracks(value)
      default: if keepsFurther { frame.further.append(FurtherKey(key.string, value.owned)) }
      }
    }
    guard frame.frame >= 0 else { throw Problem(reason: "a frame record without \"frame\" from 0") }
    guard frame.time.isFinite else { throw Problem(reason: "a frame record without \"time\"") }
    guard frame.time >= 0 else { throw Problem(reason: "a frame record with a \"time\" before 0") }
    return frame
  }

  private mutating func backfill(_ root: JSONView) throws(Problem) -> BackfillRecord {
    let frame = try frame(root)
    return BackfillRecord(frame: frame.frame, time: frame.time, tracks: frame.tracks)
  }

  private func event(_ root: JSONView) throws(Problem) -> EventRecord {
    var event = EventRecord(frame: nil, time: nil, kind: .init(rawValue: ""))
    for (key, value) in root.members {
      switch key {
      case "record": break
      case "frame": event.frame = value.isNull ? nil : try value.count("frame")
      case "time": event.time = value.real
      case "kind": event.kind = .init(rawValue: try value.need("kind", \.string, "a string"))
      default: event.details.append(FurtherKey(key.string, value.owned))
      }
    }
    if let time = event.time, time < 0 { throw Problem(reason: "an event with a \"time\" before 0") }
    // How many frames a live source lost is nothing without when.
    if event.kind == .dropped, event.frame == nil && event.time == nil {
      throw Problem(reason: "a \"dropped\" event without \"frame\" or \"time\"")
    }
    return event
  }

  private func end(_ root: JSONView) throws(Problem) -> EndRecord {
    var end = EndRecord(frames: 0, tracks: 0, status: .complete)
    for (key, value) in root.members {
      switch key {
      case "frames": end.frames = try value.count("frames")
      case "dropped": end.dropped = try value.count("dropped")
      case "damaged": end.damaged = try value.count("damaged")
      // Called "tracks" in sextant/1, where it stood beside the lists of that name.
      case "ids", "tracks": end.tracks = try value.count(key.string)
      case "status":
        guard let status = value.string.flatMap(EndRecord.Status.init) else {
          throw Problem(reason: "\"status\" is none of complete, interrupted, failed")
        }
        end.status = status
      case "error": end.error = value.string
      default: break
      }
    }
    return end
  }

  private func camera(_ view: JSONView) throws(Problem) -> CameraMotion? {
    guard view.isObject else { return nil }
    var motion = CameraMotion(status: .degenerate, homography: .identity, inliers: 0)
    for (key, value) in view.members {
      switch key {
      case "status": motion.status = value.string.flatMap(CameraMotion.Status.init) ?? .degenerate
      case "homography":
        guard let homography = Homography(rowMajor: try value.reals("camera.homography", count: 9)) else {
          throw Problem(reason: "\"camera.homography\" is not nine numbers")
        }
        guard homography.inverse?.isFinite ?? false else {
          throw Problem(reason: "\"camera.homography\" cannot be inverted")
        }
        motion.homography = homography
      case "inliers": motion.inliers = try value.count("camera.inliers")
      default: break
      }
    }
    return motion
  }

  // MARK: Tracks

  private mutating func tracks(_ view: JSONView) throws(Problem) -> [TrackRecord] {
    guard view.isArray else { throw Problem(reason: "\"tracks\" is not a list") }
    var tracks: [TrackRecord] = []
    for element in view.elements { tracks.append(try track(element)) }
    return tracks
  }

  private mutating func track(_ view: JSONView) throws(Problem) -> TrackRecord {
    var track = TrackRecord(id: -1, classIndex: -1, box: OrientedBox(center: .zero, width: -1, height: -1, angle: 0))
    for (key, value) in view.members {
      switch key {
      case "id": track.id = try value.need("id", \.integer, "an integer")
      case "class": track.classIndex = value.string.map { index(ofClass: $0) } ?? -1
      case "raw_class": track.rawClassIndex = value.string.map { index(ofClass: $0) }
      case "state":
        guard let state = value.string.flatMap(TrackRecord.State.init) else {
          throw Problem(reason: "\"state\" is none of tentative, confirmed, coasting")
        }
        track.state = state
      case "score": track.score = value.real
      case "existence": track.existence = value.real
      case "box": try readBox(value, into: &track)
      case "covariance": track.centerCovariance = try covariance(value)
      case "velocity": track.velocity = try vector("velocity", value)
      case "image_velocity": track.imageVelocity = try vector("image_velocity", value)
      case "course": track.course = value.real
      case "course_sd": track.courseDeviation = value.real
      case "heading": track.heading = value.real
      case "heading_sd": track.headingDeviation = value.real
      case "heading_confidence": track.headingConfidence = value.real
      case "speed": track.speed = value.real
      case "observed": if value.flag == false, track.observation == .observed { track.observation = .predicted }
      case "observation":
        track.observation = value.string.flatMap(TrackRecord.Observation.init) ?? track.observation
      case "detection": track.detectionIndex = value.isNull ? nil : try value.count("detection")
      case "forecast": track.forecast = try forecast(value)
      case "mask" where !value.isNull: track.mask = try mask(value)
      case "corners" where !value.isNull: track.corners = try corners(value)
      case "bearing": track.bearing = try bearing(key.string, value)
      case "world_bearing": track.worldBearing = try bearing(key.string, value)
      case "ground": track.ground = try ground(value)
      case "world": track.world = try world(value)
      default: if keepsFurther { track.further.append(FurtherKey(key.string, value.owned)) }
      }
    }
    guard (1...Int(Int32.max)).contains(track.id) else { throw Problem(reason: "a track without an \"id\" from 1 to \(Int32.max)") }
    let (box, limit) = (track.box, BoxLimits.maximumPosition)
    guard abs(box.center.x) <= limit, abs(box.center.y) <= limit, !(box.width > limit), !(box.height > limit) else {
      throw Problem(reason: "track \(track.id) has a \"box\" beyond 2147483647 pixels")
    }
    guard track.box.width >= 0, track.box.height >= 0 else {
      throw Problem(reason: "track \(track.id) has no \"box\" with w and h of at least 0")
    }
    return track
  }

  private func readBox(_ view: JSONView, into track: inout TrackRecord) throws(Problem) {
    for (key, value) in view.members {
      switch key {
      case "cx": track.box.center.x = try value.need("box.cx", \.real, "a number")
      case "cy": track.box.center.y = try value.need("box.cy", \.real, "a number")
      case "w": track.box.width = try value.need("box.w", \.real, "a number")
      case "h": track.box.height = try value.need("box.h", \.real, "a number")
      case "angle":
        track.isAngleDefined = !value.isNull
        track.box.angle = value.isNull ? 0 : try value.need("box.angle", \.real, "a number or null")
      case "angle_sd": track.angleDeviation = value.real
      default: break
      }
    }
  }

  private func bearing(_ key: String, _ view: JSONView) throws(Problem) -> Bearing? {
    try vector(key, view).map { Bearing(azimuth: $0.x, elevation: $0.y) }
  }

  private func ground(_ view: JSONView) throws(Problem) -> GroundRecord? {
    guard !view.isNull else { return nil }
    var ground = GroundRecord(place: Point(.nan, .nan))
    for (key, value) in view.members {
      switch key {
      case "x": ground.place.x = try value.need("ground.x", \.real, "a number")
      case "y": ground.place.y = try value.need("ground.y", \.real, "a number")
      case "covariance": ground.covariance = try covariance(value)
      case "velocity": ground.velocity = try vector("ground.velocity", value)
      case "course": ground.course = value.real
      case "course_sd": ground.courseDeviation = value.real
      case "heading": ground.heading = value.real
      case "heading_sd": ground.headingDeviation = value.real
      default: break
      }
    }
    guard ground.place.isFinite else { throw Problem(reason: "a \"ground\" without x and y") }
    return ground
  }

  private func world(_ view: JSONView) throws(Problem) -> WorldRecord? {
    guard !view.isNull else { return nil }
    var world = WorldRecord(box: .unknown)
    for (key, value) in view.members {
      switch key {
      case "x": world.box.x = try value.need("world.x", \.real, "a number")
      case "y": world.box.y = try value.need("world.y", \.real, "a number")
      case "z": world.box.z = try value.need("world.z", \.real, "a number")
      case "length": world.box.length = try value.need("world.length", \.real, "a number")
      case "width": world.box.width = try value.need("world.width", \.real, "a number")
      case "height": world.box.height = try value.need("world.height", \.real, "a number")
      case "rotation_y": world.box.rotationY = try value.need("world.rotation_y", \.real, "a number")
      case "covariance": world.covariance = try covariance(value)
      case "velocity": world.velocity = try vector("world.velocity", value)
      default: break
      }
    }
    guard world.box.isKnown else { throw Problem(reason: "a \"world\" without a place, or with sides that are not above 0") }
    world.box.alpha = world.box.observationAngle
    return world
  }

  private func forecast(_ view: JSONView) throws(Problem) -> [ForecastRecord] {
    var points: [ForecastRecord] = []
    for element in view.elements {
      var point = ForecastRecord(time: 0, center: .zero)
      for (key, value) in element.members {
        switch key {
        case "time": point.time = try value.need("forecast.time", \.real, "a number")
        case "cx": point.center.x = try value.need("forecast.cx", \.real, "a number")
        case "cy": point.center.y = try value.need("forecast.cy", \.real, "a number")
        case "covariance": point.covariance = try covariance(value)
        default: break
        }
      }
      points.append(point)
    }
    return points
  }

  private func corners(_ view: JSONView) throws(Problem) -> [Point] {
    let corners = view.elements.map { $0.elements.compactMap(\.real) }
    guard corners.count == 4, corners.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isFinite) }) else {
      throw Problem(reason: "\"corners\" are not four points [x, y]")
    }
    return corners.map { Point($0[0], $0[1]) }
  }

  private func mask(_ view: JSONView) throws(Problem) -> RunLengthMask {
    guard let mask = RunLengthMask(coco: view) else {
      throw Problem(reason: "\"mask\" is no run-length mask: \"size\" [height, width] and \"counts\", a text")
    }
    if let pictureSize, (mask.width, mask.height) != pictureSize {
      throw Problem(
        reason: "the mask is \(mask.width)x\(mask.height) and the stream's pictures are \(pictureSize.width)x\(pictureSize.height)")
    }
    return mask
  }

  private func vector(_ key: String, _ view: JSONView) throws(Problem) -> Point? {
    guard !view.isNull else { return nil }
    let numbers = try view.reals(key, count: 2)
    return Point(numbers[0], numbers[1])
  }

  private func covariance(_ view: JSONView) throws(Problem) -> SymmetricMatrix2? {
    guard !view.isNull else { return nil }
    let numbers = try view.reals("covariance", count: 3)
    return SymmetricMatrix2(xx: numbers[0], xy: numbers[1], yy: numbers[2])
  }

  /// The index of a class name, a new one if need be.
  private mutating func index(ofClass name: String) -> Int {
    if let index = indexOfClass[name] { return index }
    indexOfClass[name] = classes.count
    classes.append(name)
    return classes.count - 1
  }
}

extension JSONView {
  /// The value as a type, or the sentence that it is none.
  fileprivate func need<Value>(
    _ key: String, _ read: (JSONView) -> Value?, _ kind: String
  ) throws(StreamDecoder.Problem) -> Value {
    guard let value = read(self) else { throw StreamDecoder.Problem(reason: "\"\(key)\" is not \(kind)") }
    return value
  }

  /// An integer from a least one.
  fileprivate func count(_ key: String, from least: Int = 0) throws(StreamDecoder.Problem) -> Int {
    let count = try need(key, \.integer, "an integer that 64 bits hold")
    guard count >= least else { throw StreamDecoder.Problem(reason: "\"\(key)\" is below \(least)") }
    return count
  }

  /// A list of exactly `count` numbers.
  fileprivate func reals(_ key: String, count: Int) throws(StreamDecoder.Problem) -> [Double] {
    let numbers = elements.compactMap(\.real)
    guard numbers.count == count else { throw StreamDecoder.Problem(reason: "\"\(key)\" is not \(count) numbers") }
    return numbers
  }
}
