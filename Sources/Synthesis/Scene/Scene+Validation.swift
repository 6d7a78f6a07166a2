extension Scene {
  /// Refuses values that would crash, never end or take all memory: a scene may come from a file.
  public func validate() throws(SynthesisError) {
    try require((16...8192).contains(width) && (16...8192).contains(height), "size", "must be 16 to 8192 pixels a side")
    try require(width % 2 == 0 && height % 2 == 0, "size", "must be even")
    try require(
      (1...100_000).contains(frameRate.numerator) && (1...100_000).contains(frameRate.denominator), "frameRate",
      "must be a fraction of numbers from 1 to 100000")
    try require(duration > 0 && duration <= 86_400, "duration", "must be above 0 and at most 86400 seconds")
    try require((1...10_000_000).contains(frameCount), "duration", "must hold 1 to 10000000 frames")
    // The truth's stream says the seed in 64 bits with a sign.
    try require(seed <= UInt64(Int64.max), "seed", "must be at most \(Int64.max)")
    try validateGround()
    try validateCamera()
    try validateObjects()
    try require(occluders.count <= 10_000, "occluders", "are more than 10000")
    for occluder in occluders {
      try require(occluder.center.isFinite && occluder.heading.isFinite, "an occluder's place", "is not finite")
      try requireSize(occluder.size, of: "an occluder")
    }
    try require(sensor.exposures % 2 == 1 && (1...63).contains(sensor.exposures), "sensor.exposures", "must be odd, 1 to 63")
    try require((0...1).contains(sensor.exposure), "sensor.exposure", "must be in [0, 1]")
    try require((0...128).contains(sensor.noise), "sensor.noise", "must be in [0, 128]")
    try require((0.05...1.57).contains(lighting.sunElevation), "lighting.sunElevation", "must be in [0.05, 1.57] radians")
    try require(lighting.sunHeading.isFinite && (0...1).contains(lighting.shadow), "lighting.shadow", "must be in [0, 1]")
    try require(
      zip(lighting.gains, lighting.gains.dropFirst()).allSatisfy { $0.time < $1.time }
        && lighting.gains.allSatisfy { (0...16).contains($0.gain) && $0.time.isFinite }, "lighting.gains",
      "must be in [0, 16] at ascending times")
  }

  private func require(_ holds: Bool, _ field: String, _ problem: String) throws(SynthesisError) {
    guard holds else { throw .scene(name: name, field: field, problem: problem) }
  }

  private func requireSize(_ size: ObjectSize, of what: String) throws(SynthesisError) {
    let range = 0.01...2_000.0
    try require(
      range.contains(size.length) && range.contains(size.width) && range.contains(size.height), "the size of \(what)",
      "must be 0.01 to 2000 metres a side")
  }

  private func requirePath(_ path: GroundPath, of what: String) throws(SynthesisError) {
    try require((1...10_000).contains(path.waypoints.count), "the path of \(what)", "must have 1 to 10000 points")
    try require(
      path.waypoints.allSatisfy { abs($0.x) < 1e5 && abs($0.y) < 1e5 }, "the path of \(what)",
      "leaves the world (100 km either way)")
  }

  private func validateGround() throws(SynthesisError) {
    try require((1...100_000).contains(ground.extent) && ground.resolution > 0, "ground.extent", "must be 1 to 100000 metres")
    let texels = ground.extent / ground.resolution
    try require((16...8192).contains(texels), "ground.resolution", "must give 16 to 8192 texels a side")
    try require(
      ground.roads.count <= 200 && ground.bars.count <= 2_000 && ground.junctions.count <= 2_000, "ground", "has too many parts")
    for road in ground.roads {
      try requirePath(road.path, of: "a road")
      try require(
        (0.1...200).contains(road.width) && (0...50).contains(road.pavement), "a road's width", "must be 0.1 to 200 metres")
      try require((1...20).contains(road.lanes), "a road's lanes", "must be 1 to 20")
    }
    for bars in ground.bars {
      try require(
        (0...1000).contains(bars.count) && bars.start.isFinite && bars.heading.isFinite
          && (0...100).contains(bars.spacing) && (0...100).contains(bars.barWidth) && (0...100).contains(bars.barLength),
        "ground.bars", "must be at most 1000 bars of at most 100 metres")
    }
    for disc in ground.junctions {
      try require(
        disc.center.isFinite && (0...1000).contains(disc.radius), "ground.junctions", "must have a radius of at most 1000 metres")
    }
  }

  private func validateCamera() throws(SynthesisError) {
    try require((1...100_000).contains(camera.keys.count), "camera.keys", "must be 1 to 100000")
    try require(
      zip(camera.keys, camera.keys.dropFirst()).allSatisfy { $0.time < $1.time }, "camera.keys", "must be at ascending times")
    try require((0...0.5).contains(camera.shake), "camera.shake", "must be in [0, 0.5] radians")
    for key in camera.keys {
      let s = key.state
      try require(
        key.time.isFinite && s.position.isFinite && s.yaw.isFinite && s.roll.isFinite && s.pitch.isFinite, "camera.keys",
        "must be finite")
      try require((0.5...10_000).contains(s.height), "camera.keys", "must have a height of 0.5 to 10000 metres")
      try require((0.05...100).contains(s.zoom), "camera.keys", "must have a zoom of 0.05 to 100")
      try require((-3.15 ... -0.01).contains(s.pitch), "camera.keys", "must look below the horizon (pitch −π to −0.01)")
    }
  }

  private func validateObjects() throws(SynthesisError) {
    try require(objects.count <= 10_000, "objects", "are more than 10000")
    try require(Set(objects.map(\.id)).count == objects.count, "objects", "must have different ids")
    for object in objects {
      let what = "object \(object.id)"
      try require((1...65_535).contains(object.id), what, "must have an id of 1 to 65535")
      try requireSize(object.size, of: what)
      try requirePath(object.path, of: what)
      let drive = object.drive
      try require((0...500).contains(drive.speed) && abs(drive.start) < 1e6, what, "must have a speed of 0 to 500 m/s")
      try require((0.01...1000).contains(drive.acceleration), what, "must have an acceleration of 0.01 to 1000 m/s²")
      try require(
        drive.stops.count <= 1000 && drive.stops.allSatisfy { $0.distance.isFinite && (0...1e6).contains($0.seconds) },
        what, "must have at most 1000 finite stops")
    }
  }
}
