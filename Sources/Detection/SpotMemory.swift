import Foundation
import Geometry

/// Follows spots of difference from frame to frame, so that what goes its own way is told from what flickers in its place.
struct SpotMemory: Codable {
  /// A spot with its past; lengths in pixels of the picture, times in seconds.
  struct Entry: Codable {
    /// Where it is; its size is that of its spots, smoothed.
    fileprivate(set) var box: AxisBox
    /// Against the ground, pixels per second.
    fileprivate(set) var velocity = Point.zero
    fileprivate(set) var firstSeen: Double
    fileprivate(set) var lastSeen: Double
    /// Frames in which it was seen, and all since the first one.
    fileprivate(set) var hits = 1
    fileprivate(set) var frames = 1
    /// The mean of its spots' strengths.
    fileprivate(set) var strength: Double
    /// What differs from the background there, of a smoothed size; nil where that was not seen lately.
    fileprivate(set) var extent: GaussianBox?
    fileprivate var extentSeen = 0.0
    /// Which of the frame's extents it shows.
    fileprivate(set) var shown: Int?
    /// Its last spot.
    fileprivate var lastSpot: AxisBox
    /// The pixels of its last spot; nil where nobody asked for them.
    fileprivate(set) var mask: SoftMask?

    fileprivate init(_ spot: FrameDifference.Spot, time: Double) {
      (box, lastSpot, firstSeen, lastSeen, strength, mask) = (spot.box, spot.box, time, time, spot.strength, spot.mask)
    }

    /// Where it is and how large: by its extent, or by its spots.
    var extended: GaussianBox { extent ?? GaussianBox(box) }

    /// The mean side.
    var side: Double { (box.width + box.height) / 2 }
  }

  private(set) var entries: [Entry] = []

  /// A spot that is not seen for so long, and for two frames, is forgotten.
  private static let longestGap = 0.2
  private static let framesOfGap = 2
  /// The time over which place, velocity and size are averaged.
  private static let memory = 0.3
  /// A spot belongs to an entry whose predicted centre is no farther than the mean of both sides, and so many pixels more, or
  /// as far as it goes in the frame's time at so many of its sides a second: the speed that the tracker expects of new objects
  /// (`TrackerSettings.initialSpeed`), which only counts at a few frames a second.
  private static let reach = (pixels: 3.0, sidesPerSecond: 6.0)
  /// More entries than these are never kept: spots are at most half as many.
  private static let mostEntries = 400

  /// Takes in a frame's spots.
  ///
  /// - Parameters:
  ///   - presentFromPrevious: The ground's motion since the last frame, in pixels of the picture.
  ///   - extents: What small things differ from the background, in pixels of the picture.
  /// - Returns: The entries that were seen in this frame.
  mutating func update(
    _ spots: [FrameDifference.Spot], presentFromPrevious: Homography, extents: [GaussianBox] = [], time: Double, seconds: Double
  ) -> [Entry] {
    for i in entries.indices { entries[i].move(with: presentFromPrevious, seconds: seconds) }
    var pairs: [(distance: Double, entry: Int, spot: Int)] = []
    for i in entries.indices {
      for k in spots.indices {
        let distance = (spots[k].box.center - entries[i].box.center).length
        let side = (entries[i].side + (spots[k].box.width + spots[k].box.height) / 2) / 2
        let farthest = side + max(Self.reach.pixels, Self.reach.sidesPerSecond * side * seconds)
        if distance <= farthest { pairs.append((distance / farthest, i, k)) }
      }
    }
    pairs.sort { ($0.distance, $0.entry, $0.spot) < ($1.distance, $1.entry, $1.spot) }
    var isFree = [Bool](repeating: true, count: spots.count)
    for pair in pairs where isFree[pair.spot] && entries[pair.entry].lastSeen < time {
      isFree[pair.spot] = false
      entries[pair.entry].take(spots[pair.spot], time: time, seconds: seconds, memory: Self.memory)
    }
    for (spot, free) in zip(spots, isFree) where free && entries.count < Self.mostEntries {
      entries.append(Entry(spot, time: time))
    }
    let longest = max(Self.longestGap, Double(Self.framesOfGap) * seconds)
    let hulls = extents.map { $0.orientedBox.hull }
    for i in entries.indices where entries[i].lastSeen == time {
      let shown = Self.extent(of: entries[i].lastSpot, among: hulls)
      entries[i].show(shown, of: extents, time: time, seconds: seconds, memory: Self.memory)
    }
    entries.removeAll { time - $0.lastSeen > longest || !$0.box.center.isFinite }
    return entries.filter { $0.lastSeen == time }
  }

  /// A spot and an extent belong together if more than this share of one of them is the other's.
  private static let same = 0.5

  /// The largest extent of which a spot shows most, or that shows most of the spot.
  private static func extent(of spot: AxisBox, among hulls: [AxisBox]) -> Int? {
    hulls.indices.filter { max(hulls[$0].coveredShare(by: spot), spot.coveredShare(by: hulls[$0])) > same }
      .max { hulls[$0].width * hulls[$0].height < hulls[$1].width * hulls[$1].height }
  }
}

extension SpotMemory.Entry {
  /// Takes in which of the frame's extents its spot shows.
  fileprivate mutating func show(_ index: Int?, of extents: [GaussianBox], time: Double, seconds: Double, memory: Double) {
    shown = index
    guard let found = index.map({ extents[$0] }) else {
      if time - extentSeen > memory { extent = nil }
      return
    }
    let share = 1 / (min(Double(hits), max(2, memory / max(seconds, Self.leastSeconds))) + 1)
    let covariance = extent.map { $0.covariance * (1 - share) + found.covariance * share } ?? found.covariance
    extent = GaussianBox(mean: found.mean, covariance: covariance)
    extentSeen = time
  }

  fileprivate mutating func move(with ground: Homography, seconds: Double) {
    frames += 1
    if ground != .identity {
      let jacobian = ground.jacobian(at: box.center)
      velocity = jacobian * velocity
      place(at: ground.apply(box.center))
      extent = extent.flatMap(ground.transform)
    }
    place(at: box.center + velocity * seconds)
    extent?.mean += velocity * seconds
  }

  /// Frames are never taken to be nearer in time, in seconds.
  private static let leastSeconds = 1e-3

  private mutating func place(at center: Point) {
    box.left = center.x - box.width / 2
    box.top = center.y - box.height / 2
  }

  /// The gains are those of a line fitted to all the past up to the memory (a growing, then a fading memory of first order: N. Morrison,
  /// Introduction to Sequential Smoothing and Prediction, 1969, section 9.6).
  fileprivate mutating func take(_ spot: FrameDifference.Spot, time: Double, seconds: Double, memory: Double) {
    let step = max(seconds, Self.leastSeconds)
    let count = min(Double(hits), max(2, memory / step))
    let (placeGain, speedGain) = (2 * (2 * count + 1) / ((count + 1) * (count + 2)), 6 / ((count + 1) * (count + 2)))
    let residual = spot.box.center - box.center
    let center = box.center + residual * placeGain
    velocity = velocity + residual * (speedGain / step)
    let share = 1 / (count + 1)
    box.width += share * (spot.box.width - box.width)
    box.height += share * (spot.box.height - box.height)
    place(at: center)
    strength += (spot.strength - strength) / Double(hits + 1)
    hits += 1
    lastSeen = time
    lastSpot = spot.box
    mask = spot.mask
  }
}
