import Foundation
import Geometry

/// How the camera moves: a smooth curve through key states, with the small shake of a real carrier on top.
public struct CameraPath: Codable, Hashable, Sendable {
  /// A state that the camera passes at a time, seconds from the start.
  public struct Key: Codable, Hashable, Sendable {
    /// Seconds from the start.
    public var time: Double
    /// Where the camera is then and how it looks.
    public var state: CameraState

    /// A state at a time.
    public init(time: Double, state: CameraState) {
      self.time = time
      self.state = state
    }
  }

  /// By ascending time; one key is a camera that stands still.
  public var keys: [Key]
  /// The amplitude of the shake in radians, for yaw, pitch and roll alike; 0 for none.
  public var shake: Double

  /// A path through states, smooth between them.
  public init(keys: [Key], shake: Double = 0) {
    self.keys = keys
    self.shake = shake
  }

  /// A camera that never moves.
  public init(still state: CameraState) {
    self.init(keys: [Key(time: 0, state: state)])
  }

  /// The state at a time: Catmull–Rom between the keys (the curve passes through each), held before the first and after the last.
  public func state(at time: Double, seed: UInt64) -> CameraState {
    guard let first = keys.first, let last = keys.last else {
      return CameraState(position: GroundPoint(0, 0), height: 1, yaw: 0, pitch: -.pi / 2)
    }
    var values: [Double]
    if time <= first.time {
      values = CameraPath.vector(first.state)
    } else if time >= last.time {
      values = CameraPath.vector(last.state)
    } else {
      let next = keys.firstIndex { $0.time > time } ?? keys.count - 1
      values = interpolated(before: next, at: time)
    }
    if shake > 0 { addShake(to: &values, at: time, seed: seed) }
    return CameraPath.state(values)
  }

  /// The logarithms of height and zoom are interpolated, so that both stay positive and a zoom looks even.
  private static func vector(_ s: CameraState) -> [Double] {
    [s.position.x, s.position.y, log(s.height), s.yaw, s.pitch, s.roll, log(s.zoom)]
  }

  private static func state(_ v: [Double]) -> CameraState {
    CameraState(position: GroundPoint(v[0], v[1]), height: exp(v[2]), yaw: v[3], pitch: v[4], roll: v[5], zoom: exp(v[6]))
  }

  private func interpolated(before next: Int, at time: Double) -> [Double] {
    let indices = [max(0, next - 2), next - 1, next, min(keys.count - 1, next + 1)]
    let k = indices.map { CameraPath.vector(keys[$0].state) }
    let t = indices.map { keys[$0].time }
    let span = t[2] - t[1]
    let u = (time - t[1]) / span
    return k[0].indices.map { i in
      // Hermite with the slopes of the neighbours' chords over their true times.
      let startSlope = t[2] > t[0] ? (k[2][i] - k[0][i]) / (t[2] - t[0]) : 0
      let endSlope = t[3] > t[1] ? (k[3][i] - k[1][i]) / (t[3] - t[1]) : 0
      let (u2, u3) = (u * u, u * u * u)
      return (2 * u3 - 3 * u2 + 1) * k[1][i] + (u3 - 2 * u2 + u) * span * startSlope
        + (3 * u2 - 2 * u3) * k[2][i] + (u3 - u2) * span * endSlope
    }
  }

  /// Three sines of incommensurable frequencies (about 1 to 6 Hz) and seeded phases for each angle.
  private func addShake(to values: inout [Double], at time: Double, seed: UInt64) {
    var generator = SplitMix64(seed: seed, purpose: 0x5A4E)
    for angle in 3...5 {
      for (frequency, weight) in [(1.1, 0.6), (2.7, 0.3), (5.9, 0.1)] {
        let phase = generator.uniform(0, 2 * .pi)
        let detuned = frequency * generator.uniform(0.85, 1.15)
        values[angle] += shake * weight * sin(2 * .pi * detuned * time + phase)
      }
    }
  }
}
