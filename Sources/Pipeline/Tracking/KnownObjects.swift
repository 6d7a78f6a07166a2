import Geometry

/// The objects that the tracker saw in a frame, for the camera stage to leave out of later ones.
struct KnownObjects: Sendable, Codable {
  /// One object in the pixels of that frame.
  struct Object: Sendable, Codable {
    var box: OrientedBox
    /// Pixels per second against the background.
    var velocity: Point
  }

  /// Seconds from the start of the stream.
  var time: Double
  var objects: [Object]

  /// Where the objects are expected later.
  ///
  /// - Parameters:
  ///   - homographies: The camera's motions since that frame, the earliest first.
  ///   - time: When to look, in seconds from the start of the stream.
  func boxes(after homographies: [Homography], at time: Double) -> [OrientedBox] {
    let seconds = max(0, time - self.time)
    return objects.map { object in
      var box = GaussianBox(object.box)
      box.mean += object.velocity * seconds
      // Beyond the horizon of a homography there is no place to expect it at; there it stays where it was.
      for homography in homographies { box = homography.transform(box) ?? box }
      return box.orientedBox
    }
  }
}
