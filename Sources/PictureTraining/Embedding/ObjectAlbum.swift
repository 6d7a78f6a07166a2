internal import Appearance
internal import Foundation
public import Geometry
public import Imaging

/// Objects as they look at moments, by the recordings that show them: what an embedder learns from and is measured on.
public struct ObjectAlbum: Sendable {
  /// An object at a moment.
  struct View: Sendable {
    /// The picture around it in blue, green and red, wide enough for boxes that are moved and turned a little.
    let patch: Image
    /// Its box in the patch.
    let crop: BoxCrop
    /// Whether the box is at an angle, so that its crop may be upside down.
    let isTilted: Bool
    /// Index into `viewsOfObject`.
    let object: Int
    /// Index into `recordings`.
    let recording: Int
    /// Seconds from the recording's start.
    let time: Double
  }
  /// A film, or a set of pictures without identities.
  struct Recording: Sendable {
    let name: String
    let isFilm: Bool
    /// Indices into `scenes`.
    var scenes: [Int] = []
  }

  /// What the crops will be reduced to; patches need not be much finer.
  private let side: Int
  /// All views in the order in which they came.
  private(set) var views: [View] = []
  /// The views of each picture that shows objects, as indices.
  private(set) var scenes: [[Int]] = []
  /// The views of each object by time, as indices.
  private(set) var viewsOfObject: [[Int]] = []
  private(set) var recordings: [Recording] = []
  private var objects: [Int32: Int] = [:]
  private var bytes = 0

  /// Sides of boxes below this show nothing, pixels.
  private static let leastSide = 3.0
  /// A patch has this times the box's diagonal as its sides: room for what `CropChange` does to boxes.
  private static let room = 1.3
  /// Pixels of a patch's side for each of a crop's, at most: beyond that crops are averages.
  private static let patchSides = 2.5
  /// Bytes of patches that are kept in memory.
  private static let greatestBytes = 3 << 29

  /// - Parameter side: Of the crops that are learned, pixels.
  public init(side: Int) { self.side = side }

  /// How many objects there are.
  public var objectCount: Int { viewsOfObject.count }
  /// How many pictures show them.
  public var sceneCount: Int { scenes.count }
  /// How many views of objects there are.
  public var viewCount: Int { views.count }

  /// Begins a recording; identities are its own.
  ///
  /// - Parameter isFilm: Whether objects have identities; pictures without have an object a box.
  public mutating func begin(_ name: String, isFilm: Bool) {
    recordings.append(Recording(name: name, isFilm: isFilm))
    objects = [:]
  }

  /// Adds a picture of the recording that was begun last; boxes of which nothing is to be seen are left out.
  ///
  /// - Parameters:
  ///   - boxes: With their identities in a film, which are not looked at elsewhere.
  ///   - time: Seconds.
  /// - Throws: `ImagingError` for a picture that cannot be used, `PictureTrainingError` where there are more than memory holds.
  public mutating func add(_ picture: Image, _ boxes: [(id: Int32, box: OrientedBox)], time: Double) throws {
    guard let recording = recordings.indices.last else { preconditionFailure("a picture belongs to a recording") }
    var scene: [Int] = []
    for (id, box) in boxes {
      guard min(box.width, box.height) >= Self.leastSide, let (patch, crop) = try patch(of: box, in: picture) else { continue }
      bytes += patch.pixels.count
      guard bytes <= Self.greatestBytes else {
        throw PictureTrainingError.input(
          "cannot take crops of \(recordings[recording].name): there are \(views.count) before its last, and they fill the memory that "
            + "is taken for them; look at fewer frames or fewer pictures")
      }
      let known = recordings[recording].isFilm ? objects[id] : nil
      let object = known ?? viewsOfObject.count
      if known == nil { viewsOfObject.append([]) }
      objects[id] = object
      viewsOfObject[object].append(views.count)
      scene.append(views.count)
      let isTilted = crop.across.y != 0 || crop.down.x != 0
      views.append(View(patch: patch, crop: crop, isTilted: isTilted, object: object, recording: recording, time: time))
    }
    guard !scene.isEmpty else { return }
    recordings[recording].scenes.append(scenes.count)
    scenes.append(scene)
  }

  /// The picture around a box, and the box's crop in it; nil for one whose middle is outside.
  private func patch(of box: OrientedBox, in picture: Image) throws -> (Image, BoxCrop)? {
    let (width, height) = (Double(picture.width), Double(picture.height))
    guard let crop = BoxCrop(GaussianBox(box)), (0...width).contains(crop.center.x), (0...height).contains(crop.center.y) else {
      return nil
    }
    let reach = Point(box.width, box.height).length / 2 * Self.room
    func range(_ middle: Double, _ length: Int) -> Range<Int> {
      // Both ends are within the picture: the middle is.
      let low = Int(bounded: (middle - reach).rounded(.down), in: 0...length - 1)
      return low..<max(low + 1, Int(bounded: (middle + reach).rounded(.up), in: 0...length))
    }
    let (columns, rows) = (range(crop.center.x, picture.width), range(crop.center.y, picture.height))
    let cut = picture.part(columns: columns, rows: rows)
    let origin = Point(Double(columns.lowerBound), Double(rows.lowerBound))
    let factor = min(1, Self.patchSides * Double(side) / Double(max(cut.width, cut.height)))
    guard factor < 1 else {
      return (try cut.bgr(), BoxCrop(center: crop.center - origin, across: crop.across, down: crop.down))
    }
    // Bounded: by the patch's own sides.
    let size = (width: max(1, Int(factor * Double(cut.width))), height: max(1, Int(factor * Double(cut.height))))
    let (x, y) = (Double(size.width) / Double(cut.width), Double(size.height) / Double(cut.height))
    func reduced(_ p: Point) -> Point { Point(p.x * x, p.y * y) }
    return (
      try cut.resized(width: size.width, height: size.height).bgr(),
      BoxCrop(center: reduced(crop.center - origin), across: reduced(crop.across), down: reduced(crop.down))
    )
  }
}

extension Image {
  /// Some columns and rows, which have to be within.
  fileprivate func part(columns: Range<Int>, rows: Range<Int>) -> Image {
    var part: [UInt8] = []
    part.reserveCapacity(columns.count * rows.count * channels)
    for row in rows {
      let start = row * width * channels
      part += pixels[start + columns.lowerBound * channels..<start + columns.upperBound * channels]
    }
    return Image(width: columns.count, height: rows.count, channels: channels, pixels: part)
  }
}
