import Foundation
import Imaging

/// Where a frame shows the background in shadow, by the light that the scene's shadows leave.
struct CastShadow {
  /// The logarithms of frame over background.
  let logarithms: [Float]
  private let grid: PixelGrid
  /// The differences in colour of frame and background.
  private let chroma: (frame: ChromaPictures, mean: ChromaPictures)?

  /// A colour is the ground's within so many levels of blue and red difference: those of coarse compression.
  static let colorTolerance: Float = 5
  /// Most of the nine pixels around a pixel of a shadow's inside are like it.
  private static let leastNeighbours = 5
  /// The element, in working pixels, by which the inside is grown to reach the rim.
  private static let rimElement = 5

  /// - Parameters:
  ///   - frame: Grey.
  ///   - mean: The background's grey values, of the same size.
  ///   - chroma: The differences in colour of both; nil for pictures without colour.
  ///   - black: The value of black in both.
  init(frame: Image, mean: Image, chroma: (frame: ChromaPictures, mean: ChromaPictures)?, black: UInt8) {
    let table = SceneLight.logarithms(black: black)
    var logarithms = [Float](repeating: 0, count: frame.pixels.count)
    for i in logarithms.indices { logarithms[i] = table[Int(frame.pixels[i])] - table[Int(mean.pixels[i])] }
    (self.logarithms, self.chroma, grid) = (logarithms, chroma, frame.grid)
  }

  /// Whether a pixel has the background's colour, as far as its brightness lets it; all do in pictures without colour.
  private func hasGroundColor(_ i: Int) -> Bool {
    guard let chroma else { return true }
    let difference = chroma.frame[i] - chroma.mean[i] * exp(logarithms[i])
    return max(abs(difference.x), abs(difference.y)) < Self.colorTolerance
  }

  /// Where the shadow lies, 255 inside.
  /// - Parameter level: The logarithm of the share of light that shadows leave.
  func mask(level: Float) throws -> Image {
    var near = Image(width: grid.width, height: grid.height, channels: 1)
    for i in logarithms.indices where abs(logarithms[i] - level) < ShadowLevel.tolerance && hasGroundColor(i) { near.pixels[i] = 1 }
    var inside = Image(width: grid.width, height: grid.height, channels: 1)
    near.pixels.withUnsafeBufferPointer { near in
      // The margin keeps the neighbours inside.
      grid.forEachPixel(margin: 1) { _, _, i in
        guard near[i] != 0 else { return }
        var count = 0
        grid.forEachNeighbour(of: i, reach: 1) { count += Int(near[$0]) }
        if count >= Self.leastNeighbours { inside.pixels[i] = .max }
      }
    }
    var mask = try inside.morphed(.dilation, .disk(Self.rimElement))
    for i in mask.pixels.indices where mask.pixels[i] != 0 {
      if inside.pixels[i] == 0, !isShade(i, level: level) { mask.pixels[i] = 0 }
    }
    return mask
  }

  /// Whether a pixel may be ground in shadow or at a shadow's rim: shadows of thin things are all rim.
  func isShade(_ i: Int, level: Float) -> Bool {
    (level - ShadowLevel.tolerance..<SceneLight.rimLogarithm).contains(logarithms[i]) && hasGroundColor(i)
  }
}
