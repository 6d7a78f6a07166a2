import Foundation
import Geometry
import Records

/// Whether a file of detections was made for the pictures that it is used with: for their size, and for as many of them.
struct DetectionFit: Sendable {
  private let path: String
  /// Frames up to the last box.
  private let frameCount: Int
  /// The longest run of frames without a box between two boxes.
  private let longestGap: Int
  /// Sentences about the size.
  let warnings: [String]

  /// - Parameters:
  ///   - table: What the file holds, frames from 0.
  ///   - path: The file's name.
  ///   - size: Of the pictures, in pixels.
  init(_ table: BoxTable, path: String, size: (width: Int, height: Int)) {
    self.path = path
    let frames = Set(table.frames).sorted().map(Int.init)
    frameCount = frames.last.map { $0 + 1 } ?? 0
    longestGap = zip(frames, frames.dropFirst()).map { $1 - $0 - 1 }.max() ?? 0
    warnings = [DetectionFit.sizeWarning(table, path, size)].compactMap { $0 }
  }

  /// Sentences about the number of frames, once it is known.
  ///
  /// - Parameters:
  ///   - pictures: How many there were.
  ///   - rate: Pictures per second; nil where unknown.
  func warnings(afterFrames pictures: Int, rate: Double?) -> [String] {
    guard frameCount > 0 else { return [] }
    if frameCount > pictures {
      return [
        "\(path): detections reach to frame \(frameCount), and there are \(pictures) pictures; were they made for another input?"
      ]
    }
    // The last objects may have left; that takes longer than any gap before, and the whole seconds of it are many.
    let rest = pictures - frameCount
    let isLong = rest > longestGap && Double(rest) > max(rate ?? DetectionFit.usualRate, DetectionFit.restShare * Double(pictures))
    return isLong
      ? ["\(path): detections end at frame \(frameCount) of \(pictures) pictures; were they made for another input?"] : []
  }

  private static let usualRate = 25.0
  /// The part of an input that may be without detections at its end before it is said.
  private static let restShare = 0.1
  /// The part of the boxes whose middles may lie beyond the picture: objects that leave it take some there.
  private static let outsideShare = 0.1
  /// With fewer boxes, that they all lie in one corner says nothing.
  private static let fewestBoxes = 100

  private static func sizeWarning(_ table: BoxTable, _ path: String, _ size: (width: Int, height: Int)) -> String? {
    let pictures = "the pictures are \(size.width)x\(size.height)"
    if let told = toldSize(table, path), told != size {
      return "\(path): the detections were made for pictures of \(told.width)x\(told.height), and \(pictures)"
    }
    let (width, height) = (Double(size.width), Double(size.height))
    var (outside, right, bottom) = (0, 0.0, 0.0)
    for row in 0..<table.count {
      let hull = table.hull(row)
      if hull.center.x > width || hull.center.y > height { outside += 1 }
      right = max(right, hull.right)
      bottom = max(bottom, hull.bottom)
    }
    if Double(outside) > DetectionFit.outsideShare * Double(table.count) {
      return
        "\(path): the middle of \(outside) of \(table.count) boxes lies beyond the picture, and \(pictures); were they made for"
        + " another size?"
    }
    if table.count >= fewestBoxes, right < width / 2, bottom < height / 2 {
      return
        "\(path): all \(table.count) boxes lie in the first quarter of the picture, and \(pictures); were they made for half the size?"
    }
    return nil
  }

  /// The size that the file itself or a `seqinfo.ini` beside it tells.
  private static func toldSize(_ table: BoxTable, _ path: String) -> (width: Int, height: Int)? {
    if table.format == .sextant, let source = StreamHeader.read(path: path)?.source, let width = source.width,
      let height = source.height
    {
      return (width, height)
    }
    return SequenceInformation.beside(path)?.size
  }
}

extension BoxTable {
  /// The upright box around a row's.
  fileprivate func hull(_ row: Int) -> AxisBox { isOriented ? orientedBoxes[row].hull : axisBoxes[row] }
}
