import Geometry
import Imaging

/// Remembers the objects of the last moments: where they are, how large, and what they look like.
///
/// Evidence comes and goes: an object that slows down or passes a ground of its own brightness falls into fragments or vanishes, neighbours
/// merge. An object that has been seen for a while is therefore looked for in each frame by its pixels; fragments within it and
/// regions that swallow it do not change it unless they persist.
struct ObjectMemory: Codable {
  /// What is reported of an object.
  struct Sighting {
    /// In working pixels.
    var box: GaussianBox
    /// Seconds since the evidence last agreed with it.
    var unsupported: Double
    /// The number of its pixels when it was last seen whole.
    var area: Int
    /// Seconds since it was seen first.
    var age: Double
    /// The share of the frames from then to the last agreement in which the evidence agreed with it.
    var seenShare: Double
    /// How far it has gone by itself against the ground since then, in working pixels.
    var wandered: Double
    /// Against the ground, in working pixels per second.
    var velocity = Point.zero
    /// Its pixels in the working picture; nil where nobody asked for them.
    var mask: SoftMask?
  }

  private let settings: MotionDetectorSettings
  private var entries: [RememberedObject] = []
  /// No limit is shorter than two frames, in seconds: at a few frames a second a single one without evidence would end an object.
  private var leastTime = 0.0

  init(settings: MotionDetectorSettings) { self.settings = settings }

  /// Takes in a frame's regions.
  ///
  /// - Parameters:
  ///   - evidence: How surely pixels differ from the background, 0 to 255; without it nothing stands.
  ///   - presentFromPrevious: The ground's motion, in working pixels.
  ///   - time: Of the frame, in seconds.
  ///   - seconds: Since the frame before.
  /// - Returns: What is to be reported, in a fixed order.
  mutating func update(
    _ regions: [Region], evidence: Image? = nil, frame: Image, presentFromPrevious: Homography, time: Double, seconds: Double
  ) -> [Sighting] {
    leastTime = Self.leastFrames * seconds
    for i in entries.indices {
      entries[i].move(with: presentFromPrevious, seconds: seconds)
      entries[i].find(in: frame, time: time, greatestDifference: settings.greatestLookDifference)
    }
    var isFree = [Bool](repeating: true, count: regions.count)
    var isSupported = [Bool](repeating: false, count: entries.count)
    matchEqual(regions, &isFree, &isSupported, time: time, seconds: seconds)
    settleDisputes(regions, &isFree, isSupported, time: time)
    if let evidence {
      for i in entries.indices where !isSupported[i] && isKnown(entries[i]) {
        if entries[i].stands(on: evidence, knowsScenery: settings.cues.parallax) { entries[i].stand(time: time, seconds: seconds) }
      }
    }
    for (region, free) in zip(regions, isFree) where free { entries.append(RememberedObject(region, time: time)) }
    let picture = AxisBox(left: 0, top: 0, width: Double(frame.width), height: Double(frame.height))
    entries = entries.filter { !hasEnded($0, picture: picture, time: time) }
    for i in entries.indices { entries[i].remember() }
    return entries.compactMap { sighting(of: $0, time: time) }
  }

  /// The upright hulls of what is remembered, to keep it out of the background.
  var hulls: [AxisBox] { entries.filter(\.isEstablished).map(\.hull) }

  // The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".

  /// Limits of time are at least so many frames.
  private static let leastFrames = 2.0
  /// A region whose hull has at least this IoU with an object's agrees with it.
  private static let agreement = 0.45
  /// A region swallows an object of which it covers at least this share.
  private static let swallowedShare = 0.7
  /// A region is a fragment of an object that covers at least this share of it.
  private static let fragmentShare = 0.6
  /// A fragment is small that has less than one in so many of the object's pixels.
  private static let smallFragment = 2
  /// An object has left of which the picture holds less than this share.
  private static let leastInside = 0.3
  /// An object is part of another one that covers more than this share of it, and has so many times its area.
  private static let partShare = 0.7
  private static let partRatio = 2
  /// Parts of other objects end after this share of the patience.
  private static let partPatience = 0.5

  // MARK: Evidence

  /// Regions that agree with what is remembered, the best pairs first.
  private mutating func matchEqual(
    _ regions: [Region], _ isFree: inout [Bool], _ isSupported: inout [Bool], time: Double, seconds: Double
  ) {
    var pairs: [(overlap: Double, entry: Int, region: Int)] = []
    for i in entries.indices {
      for k in regions.indices {
        let overlap = entries[i].hull.iou(with: regions[k].hull)
        if overlap >= Self.agreement { pairs.append((overlap, i, k)) }
      }
    }
    pairs.sort { ($0.overlap, $1.entry, $1.region) > ($1.overlap, $0.entry, $0.region) }
    for pair in pairs where isFree[pair.region] && !isSupported[pair.entry] {
      isFree[pair.region] = false
      isSupported[pair.entry] = true
      entries[pair.entry].support(with: regions[pair.region], time: time, seconds: seconds, settings.objects)
    }
  }

  /// Fragments and mergers are not believed at once: they are taken away, or, when they persist, take the object's place.
  private mutating func settleDisputes(_ regions: [Region], _ isFree: inout [Bool], _ isSupported: [Bool], time: Double) {
    for k in regions.indices where isFree[k] {
      let hull = regions[k].hull
      let swallowed = entries.indices.filter {
        isKnown(entries[$0]) && entries[$0].hull.coveredShare(by: hull) >= Self.swallowedShare
      }
      let around = entries.indices.filter { isKnown(entries[$0]) && hull.coveredShare(by: entries[$0].hull) >= Self.fragmentShare }
      for i in swallowed + around where !isSupported[i] || swallowed.count > 1 {
        entries[i].disputedSince = entries[i].disputedSince ?? time
      }
      if let i = around.first(where: { !isSupported[$0] }) ?? around.first {
        isFree[k] = false
        // While the pixels of the whole are found, a small fragment is all the less believed.
        let isWhole = entries[i].lostSince == nil && Self.smallFragment * regions[k].area < entries[i].area
        if isWhole, !isSupported[i], !isOverdue(entries[i], time, share: settings.objects.wholePatience) {
          entries[i].lastSupported = time
        } else if !isSupported[i], isOverdue(entries[i], time) {
          entries[i].replace(by: regions[k], time: time)
        }
      } else if let i = swallowed.max(by: { entries[$0].area < entries[$1].area }), swallowed.count > 1 || !isSupported[i] {
        isFree[k] = false
        guard isOverdue(entries[i], time) else { continue }
        // They were fragments of one object, or have become one.
        for other in swallowed where other != i { entries[other].isAbsorbed = true }
        entries[i].replace(by: regions[k], time: time)
      }
    }
  }

  private func isKnown(_ entry: RememberedObject) -> Bool {
    entry.lastSupported - entry.firstSeen >= settings.objects.apprenticeship
  }

  private func isOverdue(_ entry: RememberedObject, _ time: Double, share: Double = 1) -> Bool {
    entry.disputedSince.map { time - $0 >= max(leastTime, share * settings.objects.patience) } ?? false
  }

  // MARK: Life

  private func hasEnded(_ entry: RememberedObject, picture: AxisBox, time: Double) -> Bool {
    if entry.isAbsorbed { return true }
    let unsupported = time - entry.lastSupported
    guard unsupported > 0 else { return false }
    guard isKnown(entry) else { return unsupported > max(leastTime, settings.objects.apprenticeship) }
    if entry.hull.coveredShare(by: picture) < Self.leastInside { return true }
    if unsupported > Self.partPatience * settings.objects.patience, isPart(entry, time: time) { return true }
    if let lost = entry.lostSince, time - lost > max(leastTime, settings.comparisonTime) { return true }
    let known = entry.lastSupported - entry.firstSeen
    return unsupported > min(settings.memory, known)
  }

  /// Whether the entry lies within a larger one that the present frame supports.
  private func isPart(_ entry: RememberedObject, time: Double) -> Bool {
    entries.contains {
      $0.lastSupported == time && $0.area > Self.partRatio * entry.area
        && entry.hull.coveredShare(by: $0.hull) > Self.partShare
    }
  }

  private func sighting(of entry: RememberedObject, time: Double) -> Sighting? {
    let unsupported = time - entry.lastSupported
    guard unsupported == 0 || (isKnown(entry) && entry.lostSince == nil) else { return nil }
    return Sighting(
      box: entry.box, unsupported: unsupported, area: entry.area, age: time - entry.firstSeen,
      seenShare: entry.seenShare, wandered: entry.way(knowsScenery: settings.cues.parallax), velocity: entry.velocity,
      mask: entry.mask)
  }
}
