import Foundation
import Geometry
import Imaging

/// What differs from two earlier pictures at once: small things that move, down to a few pixels.
///
/// The background model works on a small picture and on areas; a bird of six pixels against the sky is nothing there. Here the picture
/// at its full resolution is compared with two earlier ones, each laid onto it by the camera's motion, and the smaller of both differences
/// counts: what has moved away leaves a difference to one of them only (three-frame differencing, R. Collins and others, "A system for
/// video surveillance and monitoring", CMU-RI-TR-00-12, 2000, section 3.1).
struct FrameDifference {
  /// A spot of pixels that differ.
  struct Spot: Hashable {
    /// In pixels of the picture.
    var box: AxisBox
    /// Its greatest difference over the least one that counts; at least 1.
    var strength: Double
  }

  /// The two pictures lie this long and twice as long ago, in seconds: 4 and 8 frames of 30 a second. Below 7.5 frames a second they are
  /// the last two.
  private static let interval = 4.0 / 30
  /// A difference counts from so many deviations of the differences' noise, told by their median, and from so many grey levels: those of
  /// coarse compression.
  private static let deviations = 6.0
  private static let leastDifference = 6.0
  /// The standard deviation of normal noise over the median of its absolute value.
  private static let deviationOfMedian = 1.4826
  /// Gaps that are closed, in pixels: as wide as the blur.
  private static let gap = 5
  /// The least number of pixels of a spot: single pixels and pairs are noise of the sensor.
  private static let leastArea = 4
  /// More spots than these are no objects: only the strongest are taken.
  private static let mostSpots = 200
  /// Pictures nearer in time than this share of the interval are not both kept: at 30 frames a second all are, at any rate at most 13.
  private static let spacing = 0.2

  private struct Entry {
    var picture: Image
    var time: Double
    /// Maps points of the present picture to points of this one.
    var fromPresent: Homography
  }

  private var entries: [Entry] = []

  /// The camera has moved: earlier pictures are further away by this map from the present one to the one before.
  mutating func move(previousFromPresent: Homography) {
    guard previousFromPresent != .identity else { return }
    for i in entries.indices { entries[i].fromPresent = entries[i].fromPresent * previousFromPresent }
  }

  /// Keeps the present picture, and of the earlier ones those that later ones are compared with.
  mutating func add(_ picture: Image, time: Double) {
    let isCrowded = entries.count > 2 && time - entries[entries.count - 2].time < Self.spacing * Self.interval
    if isCrowded { entries.removeLast() }
    entries.append(Entry(picture: picture, time: time, fromPresent: .identity))
    while entries.count > 3, time - entries[1].time >= 2 * Self.interval { entries.removeFirst() }
  }

  /// The spots of a picture that differ from both earlier ones, at most 200, the strongest first; none before there are two.
  ///
  /// - Throws: `ImagingError` where the library fails.
  func spots(in picture: Image, time: Double) throws(ImagingError) -> [Spot] {
    guard let (near, far) = references(time: time) else { return [] }
    let differences = try self.differences(of: picture, near, far)
    let least = max(Self.leastDifference, Self.deviations * Self.deviationOfMedian * differences.median)
    guard least < 255 else { return [] }
    let mask = try differences.exceeding(UInt8(least)).morphed(.closing, .square(Self.gap))
    let parts = try ConnectedComponents(of: mask, minimumArea: Self.leastArea)
    let spots = parts.components.map { part in
      var peak: UInt8 = 0
      parts.forEachPixel(of: part) { _, _, index in peak = max(peak, differences.pixels[index]) }
      return Spot(
        box: AxisBox(left: Double(part.left), top: Double(part.top), width: Double(part.width), height: Double(part.height)),
        strength: max(1, Double(peak) / least))
    }
    guard spots.count > Self.mostSpots else { return spots }
    return Array(
      spots.sorted { ($0.strength, $1.box.top, $1.box.left) > ($1.strength, $0.box.top, $0.box.left) }[..<Self.mostSpots])
  }

  /// The latest pictures that are old enough, the second one earlier than the first.
  private func references(time: Double) -> (near: Entry, far: Entry)? {
    guard entries.count >= 2 else { return nil }
    let last = entries.count - 1
    // Times of 30 frames a second are no exact multiples: half a spacing is forgiven.
    let tolerance = 0.5 * Self.spacing * Self.interval
    let near = max(1, entries.lastIndex { time - $0.time >= Self.interval - tolerance } ?? last)
    let far = entries[..<near].lastIndex { time - $0.time >= 2 * Self.interval - tolerance } ?? 0
    return (entries[near], entries[far])
  }

  /// The smaller of the differences to both, in grey levels; 0 where one of them did not see the place.
  private func differences(of picture: Image, _ near: Entry, _ far: Entry) throws(ImagingError) -> Image {
    let (first, second) = (try Self.laid(near, onto: picture), try Self.laid(far, onto: picture))
    var result = Image(width: picture.width, height: picture.height, channels: 1)
    let width = picture.width
    let (nearColumns, farColumns) = (SeenColumns(near.fromPresent, of: near.picture), SeenColumns(far.fromPresent, of: far.picture))
    result.pixels.withUnsafeMutableBufferPointer { result in
      picture.pixels.withUnsafeBufferPointer { present in
        first.pixels.withUnsafeBufferPointer { first in
          second.pixels.withUnsafeBufferPointer { second in
            for y in 0..<picture.height {
              let columns = nearColumns.inRow(y, width: width).clamped(to: farColumns.inRow(y, width: width))
              // All four buffers have one value for each pixel, and the columns lie within the row.
              for i in y * width + columns.lowerBound..<y * width + columns.upperBound {
                let value = Int16(present[i])
                result[i] = UInt8(truncatingIfNeeded: min(abs(value - Int16(first[i])), abs(value - Int16(second[i]))))
              }
            }
          }
        }
      }
    }
    return result
  }

  /// An earlier picture as the present camera would see it.
  private static func laid(_ entry: Entry, onto picture: Image) throws(ImagingError) -> Image {
    guard entry.fromPresent != .identity else { return entry.picture }
    return try entry.picture.warped(byInverse: entry.fromPresent, border: .replicated)
  }
}

extension Image {
  /// The median of a grey picture's values, from every fourth row.
  fileprivate var median: Double {
    var counts = [Int](repeating: 0, count: 256)
    var total = 0
    for y in stride(from: 0, to: height, by: 4) {
      for value in pixels[y * width..<(y + 1) * width] { counts[Int(value)] += 1 }
      total += width
    }
    var below = 0
    for (value, count) in counts.enumerated() {
      below += count
      if 2 * below >= total { return Double(value) }
    }
    return 255
  }

  /// 255 where a grey picture's value is greater, 0 elsewhere.
  fileprivate func exceeding(_ level: UInt8) -> Image {
    Image(width: width, height: height, channels: 1, pixels: pixels.map { $0 > level ? .max : 0 })
  }
}
