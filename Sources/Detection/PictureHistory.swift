import Geometry
import Imaging

/// The frames of the last moments with the map from the present frame to each, to ask what has changed since.
struct PictureHistory: Codable {
  private struct Entry: Codable {
    var picture: Image
    var time: Double
    /// Maps points of the present frame to points of this one.
    var fromPresent: Homography
  }

  private var entries: [Entry] = []
  /// The most frames that are kept: at 76,800 working pixels they take 5 MB. The time span of 0.32 s is shorter up to 200 frames a second.
  private static let greatestCount = 64

  /// The camera has moved: earlier frames are further away by this map from the present frame to the one before.
  mutating func move(previousFromPresent: Homography) {
    for i in entries.indices { entries[i].fromPresent = entries[i].fromPresent * previousFromPresent }
  }

  /// Keeps the present frame, and of the earlier ones those not older than the span (at least one).
  mutating func add(_ picture: Image, time: Double, span: Double) {
    entries.append(Entry(picture: picture, time: time, fromPresent: .identity))
    while entries.count > 2, time - entries[1].time >= span || entries.count > Self.greatestCount {
      entries.removeFirst()
    }
  }

  /// Whether all pictures are grey and of this size.
  func isSound(on grid: PixelGrid) -> Bool { entries.allSatisfy { $0.picture.channels == 1 && $0.picture.grid == grid } }

  /// A frame to compare with.
  struct Reference {
    let picture: Image
    private let map: PixelMap

    fileprivate init(_ picture: Image, map: Homography) {
      self.picture = picture
      self.map = PixelMap(map)
    }

    /// How far a value lies outside of what this frame shows within a pixel around a place of the present frame; nil where it did not see it.
    func difference(of value: Float, x: Int, y: Int) -> Float? {
      let place = map.apply(Float(x) + 0.5, Float(y) + 0.5)
      guard place.x >= 1, place.y >= 1, place.x < Float(picture.width - 1), place.y < Float(picture.height - 1) else {
        return nil
      }
      // The pixel that holds the place is at least one pixel inside the picture, so its eight neighbours exist.
      // Bounded: by the test of the place above.
      let center = picture.grid.index(x: Int(place.x), y: Int(place.y))
      var darkest: UInt8 = .max
      var brightest: UInt8 = 0
      picture.grid.forEachNeighbour(of: center, reach: 1) { i in
        darkest = min(darkest, picture.pixels[i])
        brightest = max(brightest, picture.pixels[i])
      }
      return max(0, max(value - Float(brightest), Float(darkest) - value))
    }
  }

  /// The oldest kept frame; nil without one.
  func reference() -> Reference? {
    entries.first.map { Reference($0.picture, map: $0.fromPresent) }
  }
}
