import Foundation
import Imaging

/// How dark the scene's cast shadows are.
struct SceneLight {
  /// The logarithm of the share of light that they leave (`ShadowLevel`).
  let level: Float
  /// The value of black in the pictures.
  let black: UInt8

  /// Added to grey values above black before the logarithm, in levels, so that noise in the dark does not become large ratios.
  private static let darkLevel: Float = 4
  /// A shadow's rim, where light and shadow mix, is darker than the ground by this, in logarithms.
  static let rimLogarithm: Float = -0.04

  /// The logarithm of each grey value above black.
  static func logarithms(black: UInt8) -> [Float] {
    (0...UInt8.max).map { log(max(1, Float($0) - Float(black) + darkLevel)) }
  }

  /// Which of the pixels that differ from the ground show it in shadow.
  ///
  /// - Parameters:
  ///   - picture: Grey.
  ///   - ground: What the same places showed in the light.
  ///   - differences: 0 where a pixel is not asked for; few are.
  func shaded(_ picture: Image, _ ground: Image, where differences: Image) -> [Bool] {
    let table = Self.logarithms(black: black)
    // Shadows of small things are all rim.
    let shades = level - ShadowLevel.tolerance..<Self.rimLogarithm
    var shaded = [Bool](repeating: false, count: differences.pixels.count)
    for i in shaded.indices where differences.pixels[i] != 0 {
      shaded[i] = shades.contains(table[Int(picture.pixels[i])] - table[Int(ground.pixels[i])])
    }
    return shaded
  }
}
