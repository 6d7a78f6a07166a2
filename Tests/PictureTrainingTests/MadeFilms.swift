import Geometry
import Imaging
import TestSupport

@testable import PictureTraining

/// Films of upright blocks of two colours, one over the other, that wander over noise; each film has objects of its own.
struct MadeFilms {
  let films: Range<Int>
  var objects = 4
  var frames = 5
  private static let (width, height) = (160, 120)

  func album(side: Int = 64) throws -> ObjectAlbum {
    var album = ObjectAlbum(side: side)
    for film in films {
      var random = TestRandom(seed: UInt64(film) &+ 77)
      let colors = (0..<objects).map { _ in (0..<2).map { _ in (0..<3).map { _ in random.uniform(0, 255) } } }
      album.begin("film \(film)", isFilm: true)
      for frame in 0..<frames {
        var image = Image(
          width: Self.width, height: Self.height, channels: 3,
          pixels: (0..<Self.width * Self.height * 3).map { _ in UInt8(60 + random.index(below: 60)) })
        let boxes = colors.indices.map { object in
          let (x, y) = (Double(12 + 38 * (object % 4)), Double(20 + 50 * (object / 4)))
          return OrientedBox(
            center: Point(x + random.uniform(0, 8), y + random.uniform(0, 20)), width: random.uniform(14, 20),
            height: random.uniform(28, 36), angle: 0)
        }
        for (box, pair) in zip(boxes, colors) { Self.paint(box, pair, on: &image) }
        try album.add(image, boxes.enumerated().map { (Int32($0.offset), $0.element) }, time: 1.5 * Double(frame))
      }
    }
    return album
  }

  private static func paint(_ box: OrientedBox, _ colors: [[Double]], on image: inout Image) {
    for y in 0..<height {
      for x in 0..<width {
        let (dx, dy) = (Double(x) + 0.5 - box.center.x, Double(y) + 0.5 - box.center.y)
        guard abs(dx) <= box.width / 2, abs(dy) <= box.height / 2 else { continue }
        for channel in 0..<3 { image[x, y, channel] = UInt8(colors[dy < 0 ? 0 : 1][channel]) }
      }
    }
  }
}
