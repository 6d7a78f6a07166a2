import Geometry
import Records

/// The pictures of a served page.
public struct PageParts: Sendable {
  /// A video's file and type, such as `video/mp4`.
  public struct Video: Sendable {
    public var path: String
    public var type: String

    /// - Parameters: As the properties of their names.
    public init(path: String, type: String) { (self.path, self.type) = (path, type) }
  }

  /// The video itself, where a browser may have it and is expected to play it.
  public var video: Video?
  /// A copy that browsers play.
  public var copy: PagePart<Video>?
  public var mosaic: PagePart<PageMosaic>?

  /// - Parameters: As the properties of their names.
  public init(video: Video? = nil, copy: PagePart<Video>? = nil, mosaic: PagePart<PageMosaic>? = nil) {
    (self.video, self.copy, self.mosaic) = (video, copy, mosaic)
  }

  /// How far what is made is, by its name.
  var json: JSONValue {
    .object([("copy", copy?.json()), ("mosaic", mosaic?.json { $0.facts })].compactMap { name, state in state.map { (name, $0) } })
  }

  /// Whether anything can be made.
  var isEmpty: Bool { copy == nil && mosaic == nil }
}

/// All pictures of a scene as one, to lie beneath the map of paths.
public struct PageMosaic: Sendable {
  var jpeg: [UInt8]
  /// What of the plane it covers, in pixels of the scene's first picture.
  var place: AxisBox
  /// The ordinal of the scene's first frame.
  var origin: Int

  /// - Parameters: As the properties of their names.
  public init(jpeg: [UInt8], place: AxisBox, origin: Int) { (self.jpeg, self.place, self.origin) = (jpeg, place, origin) }

  var facts: [(String, JSONValue)] {
    [
      ("origin", .integer(origin)), ("left", .real(place.left)), ("top", .real(place.top)), ("width", .real(place.width)),
      ("height", .real(place.height)),
    ]
  }
}
