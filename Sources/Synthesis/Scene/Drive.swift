/// How fast an object goes along its path: a cruising speed, and stops with even braking and even start.
public struct Drive: Codable, Hashable, Sendable {
  /// A halt at a distance along the path, metres, for some seconds.
  public struct Stop: Codable, Hashable, Sendable {
    /// Metres along the path.
    public var distance: Double
    /// How long it stands there.
    public var seconds: Double

    /// A stop on the way.
    public init(distance: Double, seconds: Double) {
      self.distance = distance
      self.seconds = seconds
    }
  }

  /// Where on its path the object is at time 0, metres; negative is straight before the path's beginning.
  public var start: Double
  /// Metres per second.
  public var speed: Double
  /// Of braking and starting, metres per second².
  public var acceleration: Double
  /// By ascending distance, all ahead of `start`.
  public var stops: [Stop]

  /// A drive in metres, metres per second and metres per second².
  public init(start: Double, speed: Double, acceleration: Double = 2.5, stops: [Stop] = []) {
    self.start = start
    self.speed = speed
    self.acceleration = acceleration
    self.stops = stops
  }
}

/// A `Drive` as phases of constant acceleration: distance and speed at any time in closed form.
struct SpeedProfile: Sendable {
  private struct Phase {
    var time: Double
    var distance: Double
    var speed: Double
    var acceleration: Double
  }

  private var phases: [Phase] = []

  init(_ drive: Drive) {
    var time = 0.0
    var distance = drive.start
    let a = max(1e-3, drive.acceleration)
    var speed = drive.speed
    func addPhase(_ acceleration: Double, seconds: Double) {
      guard seconds > 0 else { return }
      phases.append(Phase(time: time, distance: distance, speed: speed, acceleration: acceleration))
      distance += speed * seconds + acceleration * seconds * seconds / 2
      speed += acceleration * seconds
      time += seconds
    }
    for stop in drive.stops where stop.distance > distance && drive.speed > 0 {
      let gap = stop.distance - distance
      // An object that begins too near its first stop begins as slow as its brakes need.
      speed = min(speed, (2 * a * gap).squareRoot())
      // From v up to the peak and down to 0 within the gap: (peak² − v²)/2a + peak²/2a = gap.
      let peak = min(drive.speed, (a * gap + speed * speed / 2).squareRoot())
      addPhase(a, seconds: (peak - speed) / a)
      addPhase(0, seconds: (stop.distance - distance - speed * speed / (2 * a)) / max(1e-9, speed))
      addPhase(-a, seconds: speed / a)
      speed = 0
      distance = stop.distance
      addPhase(0, seconds: stop.seconds)
    }
    addPhase(a, seconds: (drive.speed - speed) / a)
    phases.append(Phase(time: time, distance: distance, speed: speed, acceleration: 0))
  }

  /// Distance along the path (metres) and speed (metres per second) at a time from the start, seconds.
  func state(at time: Double) -> (distance: Double, speed: Double) {
    let phase = phases.last { $0.time <= time } ?? phases[0]
    let t = time - phase.time
    return (
      phase.distance + phase.speed * t + phase.acceleration * t * t / 2, max(0, phase.speed + phase.acceleration * t)
    )
  }
}
