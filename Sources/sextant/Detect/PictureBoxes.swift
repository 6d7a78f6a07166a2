import Foundation
import Geometry
import Imaging
import NetworkDetection
import Pipeline

/// The boxes of one picture as a line of JSON.
struct PictureBoxes: Encodable {
  let image: String
  let width: Int
  let height: Int
  let boxes: [Box]

  struct Box: Encodable {
    let className: String
    let score: Double
    let cx: Double
    let cy: Double
    let w: Double
    let h: Double
    let angle: Double
    let centerCovariance: [Double]?
    let mask: Mask?

    enum CodingKeys: String, CodingKey {
      case score, cx, cy, w, h, angle, mask
      case className = "class"
      case centerCovariance = "center_covariance"
    }
  }

  /// COCO's run lengths.
  struct Mask: Encodable {
    /// Height, then width.
    let size: [Int]
    let counts: String
  }

  init(_ path: String, _ picture: Image, _ found: [NetworkBox], classes: [String]) {
    (image, width, height) = (path, picture.width, picture.height)
    boxes = found.map { found in
      // Micropixels and microradians: far below what a detector knows, and short to read.
      func rounded(_ number: Double) -> Double { (number * 1e6).rounded() / 1e6 }
      let box = found.box.canonical
      return Box(
        className: classes.indices.contains(found.classIndex) ? classes[found.classIndex] : "unknown",
        score: rounded(min(1, found.score)),
        cx: rounded(box.center.x), cy: rounded(box.center.y), w: rounded(box.width), h: rounded(box.height),
        angle: rounded(box.angle),
        centerCovariance: found.centerCovariance.map { [$0.xx, $0.xy, $0.yy].map(rounded) },
        mask: found.mask.map { Mask(size: [$0.height, $0.width], counts: $0.compressed) })
    }
  }

  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

/// A picture with its boxes drawn.
enum DetectionOverlay {
  static func write(_ picture: Image, _ boxes: [NetworkBox], _ classes: [String], to path: String) throws {
    var canvas = picture
    for found in boxes {
      guard let mask = found.mask else { continue }
      canvas.fillMask(mask, color: ClassColors.color(of: found.classIndex).withOpacity(0.45))
    }
    let marks = boxes.map { found in
      let name = classes.indices.contains(found.classIndex) ? classes[found.classIndex] : "unknown"
      return BoxPainter.Mark(
        box: found.box, text: name + String(format: " %.2f", found.score), color: ClassColors.color(of: found.classIndex))
    }
    try BoxPainter.draw(marks, on: &canvas)
    try PictureFiles.write(ImageFile.jpeg(canvas), to: path)
  }
}
