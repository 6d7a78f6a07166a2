import Geometry

/// The plane that stands still while the camera moves: the pixels of the first frame, carried on through every later one by the camera's
/// motion; a cut begins a new plane.
///
/// Where the camera's motion is not known it counts as still, as it does for the tracker. Errors add up: after minutes of flight the plane is
/// as wrong as the chain of its motions.
public struct StabilizedPlane: Sendable, Codable {
  /// How one frame lies in its plane.
  public struct View: Sendable, Hashable, Codable {
    /// The frame whose pixels are the plane's coordinates.
    public var origin: Int
    /// Maps the frame's pixels to the plane's.
    public var map: Homography
    /// How far from the first pixel a place may lie on either axis, pixels; nil for any distance.
    public var reach: Double?

    /// A frame's place in the plane of another.
    public init(origin: Int, map: Homography, reach: Double? = nil) {
      self.origin = origin
      self.map = map
      self.reach = reach
    }

    /// A point of the frame in the plane, pixels of `origin`; nil where it lies at or beyond the horizon, or so near it that it is out of reach.
    public func place(_ point: Point) -> Point? {
      guard map.denominator(at: point) > 0 else { return nil }
      let place = map.apply(point)
      guard place.isFinite, max(abs(place.x), abs(place.y)) <= reach ?? .infinity else { return nil }
      return place
    }
  }

  private struct Entry: Codable {
    var frame: Int
    var time: Double
    var view: View
  }

  private var views: [Entry] = []
  private let memory: Double
  private var reach: Double?

  /// A place further than so many longer sides of a picture from the first one's corner says nothing: near the horizon a pixel is a mile.
  /// `data.js` of the viewer's page has the same.
  private static let reachInPictures = 40.0

  /// - Parameter memory: For how many seconds earlier frames can be asked for.
  public init(memory: Double) { self.memory = memory }

  /// Heeds the size of a stream's pictures; without it places near the horizon are as far away as the camera's motion has them.
  public mutating func begin(_ header: StreamHeader) {
    guard let width = header.source?.width, let height = header.source?.height else { return }
    reach = StabilizedPlane.reachInPictures * Double(max(width, height))
  }

  /// Goes on to the next frame of a stream.
  public mutating func add(_ frame: FrameRecord) {
    let view = next(frame)
    views.append(Entry(frame: frame.frame, time: frame.time, view: view))
    let expired = views.firstIndex { frame.time - $0.time <= memory } ?? 0
    // Trimmed in larger pieces, so that it costs nothing per frame.
    if expired > 256 { views.removeFirst(expired) }
  }

  private func next(_ frame: FrameRecord) -> View {
    let new = View(origin: frame.frame, map: .identity, reach: reach)
    guard let last = views.last?.view, frame.camera?.status != .cut else { return new }
    guard let motion = frame.camera?.homography, motion != .identity else { return last }
    guard let back = motion.inverse else { return new }
    let map = (last.map * back).normalized
    return map.isFinite ? View(origin: last.origin, map: map, reach: reach) : new
  }

  /// How an earlier frame lies in its plane; nil for one that was not added or is forgotten.
  public subscript(frame: Int) -> View? { views.last { $0.frame == frame }?.view }
}
