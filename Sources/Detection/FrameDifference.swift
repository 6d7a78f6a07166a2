import Foundation
import Geometry
import Imaging

/// What differs from two earlier pictures at once: small things that move, down to a few pixels.
///
/// The background model works on a small picture and on areas; a bird of six pixels against the sky is nothing there. Here the picture
/// at its full resolution is compared with two earlier ones, each laid onto it by the camera's motion, and the smaller of both differences
/// counts: what has moved away leaves a difference to one of them only (three-frame differencing, R. Collins and others, "A system for
/// video surveillance and monitoring", CMU-RI-TR-00-12, 2000, section 3.1).
struct FrameDifference: Codable {
  /// A spot of pixels that differ.
  struct Spot: Hashable {
    /// In pixels of the picture.
    var box: AxisBox
    /// Its greatest difference over the least one that counts; at least 1.
    var strength: Double
    /// Its pixels; nil where nobody asked for them.
    var mask: SoftMask?
  }

  /// The two pictures lie this long and twice as long ago, in seconds: 4 and 8 frames of 30 a second. Below 7.5 frames a second they are
  /// the last two.
  private static let interval = 4.0 / 30
  /// A difference counts from so many deviations of the differences' noise, told by their median, and from so many grey levels: those of
  /// coarse compression.
  private static let deviations = 6.0
  private static let leastDifference = 6.0
  /// Gaps that are closed, in pixels: as wide as the blur.
  private static let gap = 5
  /// The least number of pixels of a spot: single pixels and pairs are noise of the sensor.
  private static let leastArea = 4
  /// More spots than these are no objects: only the strongest are taken.
  private static let mostSpots = 200
  /// Pictures nearer in time than this share of the interval are not both kept: at 30 frames a second all are, at any rate at most 13.
  private static let spacing = 0.2

  fileprivate struct Entry: Codable {
    var picture: Image
    var time: Double
    /// Maps points of the present picture to points of this one.
    var fromPresent: Homography
  }

  private var entries: [Entry] = []

  /// Whether all pictures are grey and of one size.
  var isSound: Bool {
    entries.allSatisfy { $0.picture.channels == 1 && $0.picture.grid == entries[0].picture.grid }
  }

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
  /// - Parameters:
  ///   - light: What the scene's shadows leave, so that shadows are no part of spots; nil where that is not known.
  ///   - keepsMasks: Whether the spots' pixels are kept.
  /// - Throws: `ImagingError` where the library fails.
  func spots(in picture: Image, time: Double, light: SceneLight? = nil, keepsMasks: Bool = false) throws(ImagingError) -> [Spot] {
    // Pictures of another size, which a change of the stream's leaves behind, cannot be compared.
    guard let (near, far) = references(time: time), near.picture.grid == picture.grid else { return [] }
    var (differences, earlier) = try Self.differences(of: picture, from: near)
    let least = max(Self.leastDifference, Self.deviations * PictureRegistration.deviationOfMedian * differences.median)
    guard least < 255 else { return [] }
    // Bounded: between the least difference and 255.
    differences.keepGreater(than: UInt8(least), alsoDifferingFrom: far, picture)
    let parts = try ConnectedComponents(of: try differences.morphed(.closing, .square(Self.gap)), minimumArea: Self.leastArea)
    let shaded = light.map { $0.shaded(picture, earlier, where: differences) }
    let spots = parts.components.map { part in
      var peak: UInt8 = 0
      parts.forEachPixel(of: part) { _, _, index in peak = max(peak, differences.pixels[index]) }
      return Spot(
        box: shaded.flatMap { Self.lit(part, in: parts, differences, shaded: $0) }
          ?? AxisBox(left: Double(part.left), top: Double(part.top), width: Double(part.width), height: Double(part.height)),
        strength: max(1, Double(peak) / least), mask: keepsMasks ? SoftMask(of: part, in: parts) : nil)
    }
    guard spots.count > Self.mostSpots else { return spots }
    return Array(
      spots.sorted { ($0.strength, $1.box.top, $1.box.left) > ($1.strength, $0.box.top, $0.box.left) }[..<Self.mostSpots])
  }

  /// A spot is its pixels in the light if they are at least one in so many.
  private static let litPart = 4

  /// The hull of a spot's pixels that differ and are not the ground in shadow; nil where too few are left to be an object.
  private static func lit(
    _ part: ConnectedComponents.Component, in parts: ConnectedComponents, _ differences: Image, shaded: [Bool]
  ) -> AxisBox? {
    var (count, all) = (0, 0)
    var (left, top, right, bottom) = (Int.max, Int.max, 0, 0)
    parts.forEachPixel(of: part) { x, y, index in
      guard differences.pixels[index] != 0 else { return }
      all += 1
      guard !shaded[index] else { return }
      count += 1
      (left, top, right, bottom) = (min(left, x), min(top, y), max(right, x + 1), max(bottom, y + 1))
    }
    guard count >= leastArea, count * litPart >= all else { return nil }
    // The pixels beside them mix object and ground.
    (left, right) = (max(part.left, left - 1), min(part.columns.upperBound, right + 1))
    (top, bottom) = (max(part.top, top - 1), min(part.rows.upperBound, bottom + 1))
    return AxisBox(left: Double(left), top: Double(top), width: Double(right - left), height: Double(bottom - top))
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

  /// The differences from an earlier picture as the present camera would see it, in grey levels; 0 where it did not see the place.
  /// - Returns: The differences, and the earlier picture so laid onto the present one.
  private static func differences(of picture: Image, from entry: Entry) throws(ImagingError) -> (Image, Image) {
    let isMoved = entry.fromPresent != .identity
    let earlier = isMoved ? try entry.picture.warped(byInverse: entry.fromPresent, border: .replicated) : entry.picture
    let seen = SeenColumns(entry.fromPresent, of: entry.picture)
    var result = Image(width: picture.width, height: picture.height, channels: 1)
    result.pixels.withUnsafeMutableBufferPointer { result in
      picture.pixels.withUnsafeBufferPointer { present in
        earlier.pixels.withUnsafeBufferPointer { earlier in
          for y in 0..<picture.height {
            let columns = seen.inRow(y, width: picture.width)
            // All buffers have one value for each pixel, and the columns lie within the row.
            for i in y * picture.width + columns.lowerBound..<y * picture.width + columns.upperBound {
              // Without a check for overflow, which there is none of, so that many are done at once.
              result[i] = max(present[i], earlier[i]) &- min(present[i], earlier[i])
            }
          }
        }
      }
    }
    return (result, earlier)
  }
}

extension Image {
  /// Of these differences of a picture, leaves those that are greater than a level and stay so when the picture is compared with an
  /// earlier one too: the smaller of both. All others become 0.
  ///
  /// Few are, so the earlier picture is asked at their places alone.
  fileprivate mutating func keepGreater(than level: UInt8, alsoDifferingFrom entry: FrameDifference.Entry, _ picture: Image) {
    let map = PixelMap(entry.fromPresent)
    let (seen, width) = (SeenColumns(entry.fromPresent, of: entry.picture), width)
    pixels.withUnsafeMutableBufferPointer { differences in
      entry.picture.pixels.withUnsafeBufferPointer { earlier in
        for y in 0..<height {
          let columns = seen.inRow(y, width: width)
          for x in 0..<width {
            // One difference for each pixel of the picture.
            let i = y * width + x
            guard differences[i] > level else {
              differences[i] = 0
              continue
            }
            let place = map.apply(Float(x) + 0.5, Float(y) + 0.5)
            guard columns.contains(x),
              let sample = BilinearSample(x: place.x, y: place.y, width: entry.picture.width, height: entry.picture.height)
            else {
              differences[i] = 0
              continue
            }
            // Bounded: values between those of pixels are within 0 to 255.
            let other = abs(Float(picture.pixels[i]) - sample.value(of: earlier)).rounded()
            differences[i] = Float(level) < other ? min(differences[i], UInt8(other)) : 0
          }
        }
      }
    }
  }

  /// The median of a grey picture's values, from every fourth row.
  fileprivate var median: Double {
    var counts = [Int](repeating: 0, count: 256)
    var total = 0
    pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        for y in stride(from: 0, to: height, by: 4) {
          // A row has a value for each column, and there is a count for each value.
          for i in y * width..<(y + 1) * width { counts[Int(pixels[i])] += 1 }
          total += width
        }
      }
    }
    var below = 0
    for (value, count) in counts.enumerated() {
      below += count
      if 2 * below >= total { return Double(value) }
    }
    return 255
  }
}
