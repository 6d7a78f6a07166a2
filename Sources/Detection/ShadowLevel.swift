import Foundation
import Imaging

/// How much of the light the scene's cast shadows leave, measured from the stream.
///
/// A cast shadow leaves the same share everywhere and keeps the ground's texture: where the background has texture, a pixel in shadow has the
/// background's gradient times the factor by which it is darker itself, while an object has gradients of its own. Pixels that agree
/// so vote for the logarithm of their factor. A scene with shadows has one sharp peak, one without has scattered votes
/// (docs/motion-detector.md, "Shadows").
struct ShadowLevel: Codable {
  /// Votes for each interval of the logarithm, the darkest first.
  private var votes = [Float](repeating: 0, count: Self.bins)
  /// The logarithm of the share of light; nil where the votes have no peak.
  private(set) var logarithm: Float?

  /// Logarithms from −2.4 to −0.2 count, 9 to 82 % of the light, in intervals of 4 %: about the error of a ratio of grey values. What is
  /// hardly darker is an error of the exposure, or of the place where the background lies.
  private static let bins = 55
  private static let brightest: Float = -0.2
  private static let interval: Float = 0.04
  /// A peak is five intervals wide.
  private static let reach = 2
  /// Half of the peak's width, in logarithms.
  static let tolerance = Float(reach) * interval + interval / 2
  /// With fewer votes nothing is known; a shadow of 10×10 pixels on textured ground gives as many in a few frames.
  private static let fewestVotes: Float = 200
  /// A peak holds at least this share of all votes: four times what even ones would give it.
  private static let leastShare: Float = 1.0 / 3
  /// Votes fade in so many seconds: the light changes with the clouds.
  private static let memory = 30.0
  /// Texture, in grey levels per pixel: four times the gradient's noise.
  private static let leastSlope: Float = 4
  /// The part of the gradient that is not the background's, as a share of it, and the distance of the gradient's factor from the grey value's.
  private static let greatestResidual: Float = 0.2
  private static let greatestDistance: Float = 0.15

  /// Whether it has as many intervals as it should.
  var isSound: Bool { votes.count == Self.bins }

  /// Takes in a frame.
  ///
  /// - Parameters:
  ///   - frame: Grey.
  ///   - mean: The background's grey values, of the same size.
  ///   - differences: 0 where the frame shows the background.
  ///   - logarithms: Of frame over background.
  mutating func learn(_ frame: Image, _ mean: Image, differences: Image, logarithms: [Float], seconds: Double) {
    let kept = Float(exp(-seconds / Self.memory))
    for k in votes.indices { votes[k] *= kept }
    let width = frame.width
    frame.pixels.withUnsafeBufferPointer { frame in
      mean.pixels.withUnsafeBufferPointer { mean in
        // All are of one size, and the margin keeps the neighbours inside.
        differences.grid.forEachPixel(margin: 1) { _, _, i in
          guard differences.pixels[i] != 0, frame[i] < mean[i], let factor = Self.factor(frame, mean, i, width: width) else {
            return
          }
          guard factor > 0, abs(log(factor) - logarithms[i]) < Self.greatestDistance else { return }
          // Bounded: logarithms of ratios of bytes lie within −6 and 6.
          let bin = Self.bins + Int(((logarithms[i] - Self.brightest) / Self.interval).rounded(.down))
          if votes.indices.contains(bin) { votes[bin] += 1 }
        }
      }
    }
    logarithm = peak()
  }

  /// The factor from the background's gradient to the frame's; nil where there is no texture or the directions differ.
  private static func factor(
    _ frame: UnsafeBufferPointer<UInt8>, _ mean: UnsafeBufferPointer<UInt8>, _ i: Int, width: Int
  ) -> Float? {
    func gradient(_ pixels: UnsafeBufferPointer<UInt8>) -> SIMD2<Float> {
      SIMD2(Float(Int(pixels[i + 1]) - Int(pixels[i - 1])), Float(Int(pixels[i + width]) - Int(pixels[i - width]))) / 2
    }
    let (before, now) = (gradient(mean), gradient(frame))
    let square = (before * before).sum()
    guard square >= leastSlope * leastSlope else { return nil }
    let factor = (now * before).sum() / square
    let rest = now - before * factor
    return (rest * rest).sum() <= greatestResidual * greatestResidual * square ? factor : nil
  }

  /// The middle of the fullest five neighbouring intervals, weighted by their votes.
  private func peak() -> Float? {
    let total = votes.reduce(0, +)
    guard total >= Self.fewestVotes else { return nil }
    func sum(_ k: Int) -> Float { votes[k - Self.reach...k + Self.reach].reduce(0, +) }
    let middles = Self.reach..<Self.bins - Self.reach
    guard let best = middles.max(by: { sum($0) < sum($1) }), sum(best) >= Self.leastShare * total else { return nil }
    let weighted = (best - Self.reach...best + Self.reach).reduce(Float(0)) { $0 + votes[$1] * (Float($1 - Self.bins) + 0.5) }
    return weighted / sum(best) * Self.interval + Self.brightest
  }
}
