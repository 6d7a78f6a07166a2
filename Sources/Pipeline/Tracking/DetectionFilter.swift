import Geometry
import Imaging

/// Which detections count: by class, by probability and by place.
struct DetectionFilter: Sendable {
  /// Indices of the classes that are kept, nil for all.
  var classIndices: Set<Int>?
  var minimumScore: Double
  /// White where detections count, at any size; nil for everywhere.
  var region: Image?

  /// The detections that pass; each keeps the index that its source gave it.
  ///
  /// - Parameters:
  ///   - width: The displayed frame's width, pixels.
  ///   - height: The displayed frame's height, pixels.
  func apply(to detections: [DetectedBox], width: Int, height: Int) -> [DetectedBox] {
    guard classIndices != nil || minimumScore > 0 || region != nil else { return detections }
    return detections.filter { detection in
      detection.score >= minimumScore
        && (classIndices?.contains(detection.classIndex) ?? true)
        && isInside(detection.box.mean, width: width, height: height)
    }
  }

  /// Whether the region's pixel under the point is white; points outside the frame take the nearest pixel.
  private func isInside(_ point: Point, width: Int, height: Int) -> Bool {
    guard let region else { return true }
    let column = pixel(point.x, of: region.width, across: width)
    let row = pixel(point.y, of: region.height, across: height)
    return region.pixels[(row * region.width + column) * region.channels] >= 128
  }

  private func pixel(_ position: Double, of count: Int, across extent: Int) -> Int {
    let scaled = (position / Double(max(1, extent)) * Double(count)).rounded(.down)
    return Int(bounded: scaled, in: 0...count - 1)
  }
}
