import Foundation
import Geometry
import Motion

/// The shift that most tracks share against their predictions: a jerk of the camera, seen by the objects alone.
///
/// Where no picture tells the camera's motion, a shaken camera moves all small, close objects onto their neighbours' places. Each pair of
/// a track and a near detection votes for its offset; the offset that explains the most tracks is the shift, if it explains more than
/// half of them and clearly more than no shift does.
struct CommonShift {
  /// Fewer tracks than this can agree by chance.
  private static let fewestTracks = 4
  /// As many tracks give candidates, each with its nearest detections.
  private static let proposers = 12
  private static let nearest = 4
  private static let nearestWide = 24
  /// How far a shift may reach, in mean sides of the object.
  private static let reach = 2.5
  /// Support without a shift at which none is looked for, and what a shift must have, as shares of the tracks.
  private static let enough = 0.75
  private static let majority = 0.5
  private static let advantage = 0.15
  /// Width of a vote beside the prediction's uncertainty, in mean sides.
  private static let kernel = 0.3
  /// The same for a shift of unknown size: such swings turn the picture too.
  fileprivate static let kernelWide = 1.0

  private var votes: [Point] = []
  /// The votes of the i-th track are `starts[i] ..< starts[i + 1]`.
  private var starts: [Int] = []
  /// 1/(2 s²) of each track's kernel.
  private var sharpness: [Double] = []

  /// Nil where the predictions hold as they are, or nothing better is agreed on.
  ///
  /// - Parameters:
  ///   - limit: The largest shift looked for, px.
  ///   - isWide: Whether the camera is known to have moved in an unknown way: then the shift may be many times the objects' size.
  mutating func estimate(
    _ tracks: [Track], _ measurements: [Measurement], limit: Double, isWide: Bool
  ) -> Point? {
    collect(tracks, measurements, limit: limit, isWide: isWide)
    let count = Double(sharpness.count)
    guard sharpness.count >= CommonShift.fewestTracks else { return nil }
    let base = support(.zero)
    guard base < CommonShift.enough * count else { return nil }
    var best = Point.zero
    var most = base
    let stride = max(1, sharpness.count / CommonShift.proposers)
    for track in Swift.stride(from: 0, to: sharpness.count, by: stride) {
      for vote in votes[starts[track]..<starts[track + 1]] {
        let found = support(vote)
        if found > most {
          most = found
          best = vote
        }
      }
    }
    guard most >= CommonShift.majority * count, most >= base + CommonShift.advantage * count else { return nil }
    return refined(refined(best))
  }

  private mutating func collect(_ tracks: [Track], _ measurements: [Measurement], limit: Double, isWide: Bool) {
    let most = isWide ? CommonShift.nearestWide : CommonShift.nearest
    votes.removeAll(keepingCapacity: true)
    sharpness.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    for track in tracks where track.isConfirmed && track.isObserved {
      let side = track.motion.meanSide
      let reach = isWide ? limit : min(CommonShift.reach * side, limit)
      let position = track.motion.center.position
      let first = votes.count
      for measurement in measurements {
        let offset = measurement.box.center - position
        guard abs(offset.x) < reach, abs(offset.y) < reach else { continue }
        insert(offset, after: first, most: most)
      }
      let slack = (isWide ? CommonShift.kernelWide : CommonShift.kernel) * side
      let variance = track.motion.center.positionCovariance.trace / 2 + slack * slack
      sharpness.append(1 / (2 * variance))
      starts.append(votes.count)
    }
  }

  /// Keeps the votes of the track that began at `first` sorted by distance, and no more than the nearest ones.
  private mutating func insert(_ vote: Point, after first: Int, most: Int) {
    var place = votes.count
    let distance = vote.squaredLength
    while place > first, votes[place - 1].squaredLength > distance { place -= 1 }
    guard place < first + most else { return }
    if votes.count == first + most { votes.removeLast() }
    votes.insert(vote, at: place)
  }

  private func support(_ shift: Point) -> Double {
    var sum = 0.0
    for i in sharpness.indices {
      var least = Double.infinity
      for vote in votes[starts[i]..<starts[i + 1]] {
        least = min(least, (vote - shift).squaredLength)
      }
      let exponent = least * sharpness[i]
      if exponent < 12 { sum += exp(-exponent) }
    }
    return sum
  }

  /// The weighted mean of each track's best offset near the shift.
  private func refined(_ shift: Point) -> Point {
    var sum = Point.zero
    var total = 0.0
    for i in sharpness.indices {
      var least = Double.infinity
      var offset = Point.zero
      for vote in votes[starts[i]..<starts[i + 1]] {
        let distance = (vote - shift).squaredLength
        if distance < least {
          least = distance
          offset = vote
        }
      }
      let exponent = least * sharpness[i]
      guard exponent < 12 else { continue }
      let weight = exp(-exponent)
      sum += offset * weight
      total += weight
    }
    return total > 0 ? sum / total : shift
  }
}

extension BoxMotion {
  /// Adds what is not known of a wide shift to the centre's uncertainty.
  mutating func doubt() {
    let doubt = CommonShift.kernelWide * meanSide
    center.positionCovariance = center.positionCovariance + .identity * (doubt * doubt)
  }
}
