import Geometry

/// Writes trajectories; values that a file had are written with the shortest digits that read back to them.
public enum TrajectoryWriter {
  /// Writes a file.
  ///
  /// - Parameters:
  ///   - path: `-` is standard output.
  ///   - timesPath: Where KITTI's times go; nil: they are lost.
  /// - Returns: What the format could not keep.
  public static func write(
    _ file: TrajectoryFile, as format: TrajectoryFile.Format, path: String, timesPath: String? = nil,
    overwrite: Bool = false
  ) throws(RecordsError) -> [ConversionLoss] {
    try write(text(file, as: format), to: path, overwrite: overwrite)
    if format == .kitti, let timesPath, let times = file.trajectory.times {
      var text = TextBuffer()
      for time in times {
        text.append(exact: time)
        text.append("\n")
      }
      try write(text, to: timesPath, overwrite: overwrite)
    }
    return losses(file, writing: format, withTimes: timesPath != nil)
  }

  private static func write(_ text: TextBuffer, to path: String, overwrite: Bool) throws(RecordsError) {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try sink.write(text)
    try sink.close()
  }

  /// The text of a file.
  public static func text(_ file: TrajectoryFile, as format: TrajectoryFile.Format) throws(RecordsError) -> TextBuffer {
    var text = TextBuffer(capacity: 1 << 16)
    if format == .euroc { text.append("#timestamp [ns],p_x [m],p_y [m],p_z [m],q_w [],q_x [],q_y [],q_z []\n") }
    var encoder = StreamEncoder(classes: [])
    if format == .sextant {
      encoder.encode(.header(StreamHeader(program: "sextant", settings: file.settings))) {
        text.append(contentsOf: $0.bindMemory(to: UInt8.self))
      }
    }
    for index in file.trajectory.poses.indices {
      switch format {
      case .tum: appendTUM(file, index, &text)
      case .kitti: appendKITTI(file.trajectory.poses[index], &text)
      case .euroc: try appendEuRoC(file, index, &text)
      case .sextant:
        encoder.encode(.frame(frame(file, index))) { text.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
        for event in file.events where event.frame == index {
          encoder.encode(.event(event)) { text.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
        }
      }
    }
    if format == .sextant {
      let end = EndRecord(frames: file.trajectory.poses.count, tracks: 0, status: .complete)
      encoder.encode(.end(end)) { text.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
    }
    return text
  }

  private static func quaternion(_ file: TrajectoryFile, _ index: Int) -> Quaternion {
    file.quaternions.isEmpty ? file.trajectory.poses[index].quaternion : file.quaternions[index]
  }

  /// The time in seconds; the pose's number where the source has none.
  private static func time(_ file: TrajectoryFile, _ index: Int) -> Double {
    file.trajectory.times.map { $0[index] } ?? Double(index)
  }

  private static func appendTUM(_ file: TrajectoryFile, _ index: Int, _ text: inout TextBuffer) {
    let p = file.trajectory.poses[index].translation
    let q = quaternion(file, index)
    text.append(exact: time(file, index))
    for value in [p.x, p.y, p.z, q.x, q.y, q.z, q.w] { text.append(" ", exact: value) }
    text.append("\n")
  }

  private static func appendKITTI(_ pose: RigidTransform, _ text: inout TextBuffer) {
    let r = pose.rotation
    let p = pose.translation
    let rows = [
      r.column0.x, r.column1.x, r.column2.x, p.x, r.column0.y, r.column1.y, r.column2.y, p.y, r.column0.z, r.column1.z,
      r.column2.z, p.z,
    ]
    for (index, value) in rows.enumerated() {
      if index > 0 { text.append(" ") }
      text.append(exact: value)
    }
    text.append("\n")
  }

  private static func appendEuRoC(_ file: TrajectoryFile, _ index: Int, _ text: inout TextBuffer) throws(RecordsError) {
    let p = file.trajectory.poses[index].translation
    let q = quaternion(file, index)
    let told = file.nanoseconds.isEmpty ? Int64(exactly: (time(file, index) * 1e9).rounded()) : file.nanoseconds[index]
    guard let stamp = told else {
      throw .malformed(
        path: "the trajectory",
        reason: "the time \(time(file, index)) s is more than 64 bits of nanoseconds hold; is its unit another?")
    }
    text.append(Int(stamp))
    for value in [p.x, p.y, p.z, q.w, q.x, q.y, q.z] { text.append(",", exact: value) }
    text.append("\n")
  }

  private static func frame(_ file: TrajectoryFile, _ index: Int) -> FrameRecord {
    let p = file.trajectory.poses[index].translation
    let q = quaternion(file, index)
    let details = file.details.isEmpty ? [] : file.details[index].map { ($0.key, $0.value) }
    let pose = JSONValue.object(
      [("position", JSONValue([p.x, p.y, p.z])), ("quaternion", JSONValue([q.x, q.y, q.z, q.w]))] + details)
    return FrameRecord(frame: index, time: time(file, index), further: [FurtherKey("pose", pose)])
  }

  private static func losses(
    _ file: TrajectoryFile, writing format: TrajectoryFile.Format, withTimes: Bool
  ) -> [ConversionLoss] {
    var losses: [ConversionLoss] = []
    if file.trajectory.times == nil, format != .kitti {
      losses.append(ConversionLoss("the poses have no times; their numbers from 0 are written as seconds"))
    }
    if file.trajectory.times != nil, format == .kitti, !withTimes {
      losses.append(ConversionLoss("KITTI's poses have no times; name a file for them"))
    }
    if !file.nanoseconds.isEmpty, format == .tum || format == .sextant {
      losses.append(ConversionLoss("nanoseconds become seconds in double precision, exact to about 0.2 microseconds"))
    }
    if format == .sextant, let times = file.trajectory.times, times.contains(where: { ($0 * 1e6).rounded() / 1e6 != $0 }) {
      losses.append(ConversionLoss("times are rounded to microseconds"))
    }
    if file.furtherColumns > 0 {
      losses.append(ConversionLoss("\(file.furtherColumns) columns behind the pose (velocities, biases) are left out"))
    }
    if file.format == .kitti, format != .kitti {
      losses.append(ConversionLoss("matrices become quaternions of the nearest rotations"))
    }
    return losses
  }
}
