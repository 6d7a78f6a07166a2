import Foundation
import Geometry
import Imaging

/// Remembers the objects of the last moments: where they are, how large, and what they look like.
///
/// Evidence comes and goes: an object that slows down or passes a ground of its own brightness falls into fragments or vanishes, neighbours
/// merge. An object that has been seen for a while is therefore looked for in each frame by its pixels; fragments within it and
/// regions that swallow it do not change it unless they persist.
struct ObjectMemory {
  /// What is reported of an object.
  struct Sighting {
    var box: GaussianBox
    /// Seconds since the evidence last agreed with it.
    var unsupported: Double
    /// Seconds for which it has been known.
    var known: Double
    var area: Int
  }

  private struct Entry {
    var box: GaussianBox
    /// Against the ground, in working pixels per second.
    var velocity: Point
    var samples: [(offset: Point, value: Float)]
    var area: Int
    var firstSeen: Double
    var lastSupported: Double
    /// Since when the evidence has shown something else in its place.
    var disputedSince: Double?
    /// Since when its pixels have not been found.
    var lostSince: Double?
    var hits = 1
    /// Another entry has taken over what this one showed.
    var isAbsorbed = false
    /// The centre in the last frame, and its way from the one before.
    var lastPlace: Point
    var lastStep = Point.zero

    var hull: AxisBox { box.orientedBox.hull }
  }

  let settings: ObjectMemorySettings
  private var entries: [Entry] = []

  init(settings: ObjectMemorySettings) { self.settings = settings }

  /// Takes in a frame's regions.
  ///
  /// - Parameters:
  ///   - presentFromPrevious: The ground's motion, in working pixels.
  /// - Returns: What is to be reported, in a fixed order.
  mutating func update(
    _ regions: [Region], frame: Image, presentFromPrevious: Homography, time: Double, seconds: Double
  ) -> [Sighting] {
    move(with: presentFromPrevious, seconds: seconds)
    for i in entries.indices { Self.find(&entries[i], in: frame, time: time, settings) }
    var isFree = [Bool](repeating: true, count: regions.count)
    var isSupported = [Bool](repeating: false, count: entries.count)
    matchEqual(regions, &isFree, &isSupported, time: time, seconds: seconds)
    settleDisputes(regions, &isFree, isSupported, time: time)
    for (region, free) in zip(regions, isFree) where free {
      entries.append(
        Entry(
          box: region.box, velocity: .zero, samples: region.samples, area: region.area, firstSeen: time, lastSupported: time,
          lastPlace: region.box.mean))
    }
    let picture = AxisBox(left: 0, top: 0, width: Double(frame.width), height: Double(frame.height))
    entries = entries.filter { !hasEnded($0, picture: picture, time: time) }
    for i in entries.indices {
      entries[i].lastStep = entries[i].box.mean - entries[i].lastPlace
      entries[i].lastPlace = entries[i].box.mean
    }
    return entries.compactMap { sighting(of: $0, time: time) }
  }

  /// The upright hulls of what is remembered, to keep it out of the background.
  var hulls: [AxisBox] { entries.filter { $0.hits > 2 }.map(\.hull) }

  // MARK: Prediction

  private mutating func move(with ground: Homography, seconds: Double) {
    for i in entries.indices {
      guard let moved = ground.transform(entries[i].box) else { continue }
      let jacobian = ground.jacobian(at: entries[i].box.mean)
      entries[i].box = moved
      entries[i].velocity = jacobian * entries[i].velocity
      entries[i].box.mean += entries[i].velocity * seconds
      for k in entries[i].samples.indices { entries[i].samples[k].offset = jacobian * entries[i].samples[k].offset }
    }
  }

  /// Moves the object to where its pixels fit best near its predicted place, or further away where they do not fit there.
  private static func find(_ entry: inout Entry, in frame: Image, time: Double, _ settings: ObjectMemorySettings) {
    let predicted = entry.box.mean
    var (best, least) = descend(entry, from: predicted, steps: [2, 1, 0.5], frame)
    if least > 0.7 * settings.greatestDifference, entry.hits > 2 {
      // Where the ground's motion is wrong, an object that the camera follows is still where it was in the picture.
      for start in [predicted, entry.lastPlace + entry.lastStep, entry.lastPlace] {
        let (place, value) = descend(entry, from: start, steps: [8, 4, 2, 1, 0.5], frame)
        if value < 0.8 * least { (best, least) = (place, value) }
      }
    }
    entry.box.mean = best
    entry.lostSince = least <= settings.greatestDifference ? nil : entry.lostSince ?? time
  }

  /// Goes to the best of the eight neighbours, with ever smaller steps (in pixels).
  private static func descend(_ entry: Entry, from start: Point, steps: [Double], _ frame: Image) -> (Point, Double) {
    var best = start
    var least = cost(entry, at: best, frame)
    for step in steps {
      let center = best
      for dy in -1...1 {
        for dx in -1...1 where dx != 0 || dy != 0 {
          let place = center + Point(Double(dx), Double(dy)) * step
          let value = cost(entry, at: place, frame)
          // A step away from the prediction must pay: plain content fits everywhere.
          if value < least - 0.15 {
            least = value
            best = place
          }
        }
      }
    }
    return (best, least)
  }

  private static func cost(_ entry: Entry, at center: Point, _ frame: Image) -> Double {
    var sum = 0.0
    var count = 0
    frame.pixels.withUnsafeBufferPointer { pixels in
      for sample in entry.samples {
        let place = center + sample.offset
        guard
          let neighbours = BilinearSample(
            x: Float(place.x), y: Float(place.y), width: frame.width, height: frame.height)
        else { continue }
        sum += min(40, abs(Double(neighbours.value(of: pixels) - sample.value)))
        count += 1
      }
    }
    return count * 3 > entry.samples.count && count > 0 ? sum / Double(count) : .infinity
  }

  // MARK: Evidence

  /// Regions that agree with what is remembered, the best pairs first.
  private mutating func matchEqual(
    _ regions: [Region], _ isFree: inout [Bool], _ isSupported: inout [Bool], time: Double, seconds: Double
  ) {
    var pairs: [(overlap: Double, entry: Int, region: Int)] = []
    for i in entries.indices {
      for k in regions.indices {
        let overlap = entries[i].hull.iou(with: regions[k].hull)
        if overlap >= 0.45 { pairs.append((overlap, i, k)) }
      }
    }
    pairs.sort { ($0.overlap, $1.entry, $1.region) > ($1.overlap, $0.entry, $0.region) }
    for pair in pairs where isFree[pair.region] && !isSupported[pair.entry] {
      isFree[pair.region] = false
      isSupported[pair.entry] = true
      Self.support(&entries[pair.entry], with: regions[pair.region], time: time, seconds: seconds, settings)
    }
  }

  private static func support(
    _ entry: inout Entry, with region: Region, time: Double, seconds: Double, _ settings: ObjectMemorySettings
  ) {
    let rate = entry.hits < 3 ? 0.6 : settings.shapeRate
    let correction = (region.box.mean - entry.box.mean) * settings.placeRate
    entry.box.mean += correction
    entry.velocity = entry.velocity + correction * (0.4 / max(seconds, 1e-3))
    if let old = LogCovariance(entry.box.covariance), let new = LogCovariance(region.box.covariance) {
      entry.box.covariance =
        LogCovariance(
          p: old.p + rate * (new.p - old.p), q: old.q + rate * (new.q - old.q), r: old.r + rate * (new.r - old.r)
        ).covariance
    }
    entry.samples = region.samples.map { ($0.offset + (region.box.mean - entry.box.mean), $0.value) }
    entry.area = region.area
    entry.lastSupported = time
    entry.disputedSince = nil
    entry.lostSince = nil
    entry.hits += 1
  }

  /// Fragments and mergers are not believed at once: they are taken away, or, when they persist, take the object's place.
  private mutating func settleDisputes(_ regions: [Region], _ isFree: inout [Bool], _ isSupported: [Bool], time: Double) {
    for k in regions.indices where isFree[k] {
      let hull = regions[k].hull
      let swallowed = entries.indices.filter { isKnown(entries[$0]) && entries[$0].hull.coveredShare(by: hull) >= 0.7 }
      let around = entries.indices.filter { isKnown(entries[$0]) && hull.coveredShare(by: entries[$0].hull) >= 0.6 }
      for i in swallowed + around where !isSupported[i] || swallowed.count > 1 {
        entries[i].disputedSince = entries[i].disputedSince ?? time
      }
      if let i = around.first(where: { !isSupported[$0] }) ?? around.first {
        isFree[k] = false
        // While the pixels of the whole are found, a small fragment is all the less believed.
        let isWhole = entries[i].lostSince == nil && 2 * regions[k].area < entries[i].area
        if isWhole, !isSupported[i], !isOverdue(entries[i], time, share: settings.wholePatience) {
          entries[i].lastSupported = time
        } else if !isSupported[i], isOverdue(entries[i], time) {
          Self.replace(&entries[i], by: regions[k], time: time)
        }
      } else if let i = swallowed.max(by: { entries[$0].area < entries[$1].area }), swallowed.count > 1 || !isSupported[i] {
        isFree[k] = false
        guard isOverdue(entries[i], time) else { continue }
        // They were fragments of one object, or have become one.
        for other in swallowed where other != i { entries[other].isAbsorbed = true }
        Self.replace(&entries[i], by: regions[k], time: time)
      }
    }
  }

  private func isKnown(_ entry: Entry) -> Bool { entry.lastSupported - entry.firstSeen >= settings.apprenticeship }

  private func isOverdue(_ entry: Entry, _ time: Double, share: Double = 1) -> Bool {
    entry.disputedSince.map { time - $0 >= share * settings.patience } ?? false
  }

  private static func replace(_ entry: inout Entry, by region: Region, time: Double) {
    entry.box = region.box
    entry.samples = region.samples
    entry.area = region.area
    entry.lastSupported = time
    entry.disputedSince = nil
    entry.lostSince = nil
  }

  // MARK: Life

  private func hasEnded(_ entry: Entry, picture: AxisBox, time: Double) -> Bool {
    if entry.isAbsorbed { return true }
    let unsupported = time - entry.lastSupported
    guard unsupported > 0 else { return false }
    guard isKnown(entry) else { return unsupported > settings.apprenticeship }
    if entry.hull.coveredShare(by: picture) < 0.3 { return true }
    if unsupported > settings.patience / 2, isPart(entry, time: time) { return true }
    if let lost = entry.lostSince, time - lost > settings.longestLost { return true }
    let known = entry.lastSupported - entry.firstSeen
    return unsupported > min(settings.longestUnsupported, settings.unsupportedShare * known)
  }

  /// Whether the entry lies within a larger one that the present frame supports.
  private func isPart(_ entry: Entry, time: Double) -> Bool {
    entries.contains {
      $0.lastSupported == time && $0.area > 2 * entry.area && entry.hull.coveredShare(by: $0.hull) > 0.7
    }
  }

  private func sighting(of entry: Entry, time: Double) -> Sighting? {
    let unsupported = time - entry.lastSupported
    guard unsupported == 0 || (isKnown(entry) && entry.lostSince == nil) else { return nil }
    return Sighting(
      box: entry.box, unsupported: unsupported, known: entry.lastSupported - entry.firstSeen, area: entry.area)
  }
}
