import Geometry

/// The values of a record as whoever reads the stream gets them: rounded to the decimals that are written, and unknown where they are not
/// finite. A run gives these to all its outputs, so that a table made beside the stream equals one made from it.
extension FrameRecord {
  /// The frame as it is read back.
  public var asWritten: FrameRecord {
    var frame = self
    frame.time = time.written(StreamDecimals.seconds)
    frame.camera = camera?.asWritten
    frame.tracks = tracks.map(\.asWritten)
    return frame
  }
}

extension BackfillRecord {
  /// The rows as they are read back.
  public var asWritten: BackfillRecord {
    BackfillRecord(frame: frame, time: time.written(StreamDecimals.seconds), tracks: tracks.map(\.asWritten))
  }
}

extension TrackRecord {
  /// The row as it is read back.
  public var asWritten: TrackRecord {
    typealias D = StreamDecimals
    var track = self
    track.score = score.written(D.probability)
    track.existence = existence.written(D.probability)
    track.box = OrientedBox(
      center: box.center.asWritten, width: box.width.written(D.position), height: box.height.written(D.position),
      angle: isAngleDefined ? box.angle.written(D.angle) : 0)
    track.angleDeviation = isAngleDefined ? angleDeviation.written(D.angle) : nil
    track.centerCovariance = centerCovariance?.asWritten
    track.velocity = velocity?.asWritten
    // Without a velocity over the ground neither this nor the course is written.
    track.imageVelocity = velocity == nil ? nil : imageVelocity?.asWritten
    track.course = velocity == nil ? nil : course.written(D.angle)
    track.courseDeviation = velocity == nil ? nil : courseDeviation.written(D.angle)
    track.heading = heading.written(D.angle)
    track.headingDeviation = headingDeviation.written(D.angle)
    track.headingConfidence = headingConfidence.written(D.probability)
    track.speed = speed.written(D.position)
    track.forecast = forecast.map {
      ForecastRecord(time: $0.time.written(D.seconds), center: $0.center.asWritten, covariance: $0.covariance?.asWritten)
    }
    track.bearing = bearing?.asWritten
    track.worldBearing = worldBearing?.asWritten
    track.ground = ground?.asWritten
    track.world = world?.asWritten
    return track
  }
}

extension Bearing {
  fileprivate var asWritten: Bearing {
    Bearing(azimuth: azimuth.written(StreamDecimals.angle), elevation: elevation.written(StreamDecimals.angle))
  }
}

extension GroundRecord {
  fileprivate var asWritten: GroundRecord {
    typealias D = StreamDecimals
    var ground = GroundRecord(place: place.asWrittenOnGround)
    ground.covariance = covariance?.asWrittenOnGround
    ground.velocity = velocity?.asWrittenOnGround
    // Without a velocity the course is not written.
    ground.course = velocity == nil ? nil : course.written(D.angle)
    ground.courseDeviation = velocity == nil ? nil : courseDeviation.written(D.angle)
    ground.heading = heading.written(D.angle)
    ground.headingDeviation = headingDeviation.written(D.angle)
    return ground
  }
}

extension WorldRecord {
  fileprivate var asWritten: WorldRecord {
    typealias D = StreamDecimals
    var box = SpatialBox(
      height: box.height.written(D.metres), width: box.width.written(D.metres), length: box.length.written(D.metres),
      x: box.x.written(D.metres), y: box.y.written(D.metres), z: box.z.written(D.metres),
      rotationY: box.rotationY.written(D.angle), alpha: 0)
    box.alpha = box.observationAngle
    return WorldRecord(box: box, covariance: covariance?.asWrittenOnGround, velocity: velocity?.asWrittenOnGround)
  }
}

extension CameraMotion {
  fileprivate var asWritten: CameraMotion {
    typealias D = StreamDecimals
    let h = homography
    return CameraMotion(
      status: status,
      homography: Homography(
        h.h11.written(D.homographyLinear), h.h12.written(D.homographyLinear), h.h13.written(D.homographyTranslation),
        h.h21.written(D.homographyLinear), h.h22.written(D.homographyLinear), h.h23.written(D.homographyTranslation),
        h.h31.written(D.homographyPerspective), h.h32.written(D.homographyPerspective), h.h33.written(D.homographyLinear)),
      inliers: inliers)
  }
}

extension Point {
  fileprivate var asWritten: Point { Point(x.written(StreamDecimals.position), y.written(StreamDecimals.position)) }
}

extension Point {
  fileprivate var asWrittenOnGround: Point { Point(x.written(StreamDecimals.metres), y.written(StreamDecimals.metres)) }
}

extension SymmetricMatrix2 {
  fileprivate var asWrittenOnGround: SymmetricMatrix2 {
    typealias D = StreamDecimals
    return SymmetricMatrix2(
      xx: xx.written(D.groundCovariance), xy: xy.written(D.groundCovariance), yy: yy.written(D.groundCovariance))
  }

  fileprivate var asWritten: SymmetricMatrix2 {
    typealias D = StreamDecimals
    return SymmetricMatrix2(xx: xx.written(D.covariance), xy: xy.written(D.covariance), yy: yy.written(D.covariance))
  }
}

extension Double {
  fileprivate func written(_ decimals: Int) -> Double { DecimalDigits.rounded(self, decimals: decimals) }
}

extension Double? {
  /// A number that is not finite is written as null.
  fileprivate func written(_ decimals: Int) -> Double? {
    guard let self, self.isFinite else { return nil }
    return self.written(decimals)
  }
}
