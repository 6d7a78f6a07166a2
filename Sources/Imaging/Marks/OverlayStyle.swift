/// Sizes and colours of an overlay for a size of picture.
package struct OverlayStyle: Sendable {
  /// 1 for a picture 360 pixels high, growing with it.
  package let unit: Double
  /// Of box outlines and arrows, pixels.
  package let thickness: Int
  /// The height of a capital letter, pixels.
  package let textHeight: Double
  package let textThickness: Int

  /// - Parameters: Of the picture, in pixels.
  package init(width: Int, height: Int) {
    unit = max(0.6, Double(min(width, height)) / 360)
    // Bounded: by the size of pictures.
    thickness = max(1, Int((1.6 * unit).rounded()))
    textHeight = max(6, 7 * unit)
    // Bounded: by the size of pictures.
    textThickness = max(1, Int((0.9 * unit).rounded()))
  }

  /// The colour of a track: neighbouring ids lie far apart on the colour circle (steps of the golden angle), none is dark.
  package static func color(id: Int) -> Color {
    let turn = (Double(id) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
    // Three tones of lightness tell ids apart whose hues meet again.
    let lightness = [0.62, 0.72, 0.55][abs(id) % 3]
    return color(hue: turn < 0 ? turn + 1 : turn, saturation: 0.92, lightness: lightness)
  }

  /// HSL to RGB, each part in [0, 1].
  package static func color(hue: Double, saturation: Double, lightness: Double) -> Color {
    let chroma = saturation * min(lightness, 1 - lightness)
    func part(_ n: Double) -> UInt8 {
      let k = (n + hue * 12).truncatingRemainder(dividingBy: 12)
      // Bounded: lightness ± chroma stays in [0, 1].
      return UInt8((255 * (lightness - chroma * max(-1, min(k - 3, 9 - k, 1)))).rounded())
    }
    return Color(red: part(0), green: part(8), blue: part(4))
  }

  /// Behind bright lines, so that they show on any ground.
  package static let casing = Color(red: 8, green: 10, blue: 14, alpha: 130)
  /// Around heading arrows.
  package static let arrowCasing = Color(red: 8, green: 10, blue: 14, alpha: 235)
  package static let panel = Color(red: 14, green: 17, blue: 23, alpha: 175)
  package static let text = Color(red: 244, green: 246, blue: 248)
  package static let faintText = Color(red: 170, green: 178, blue: 188)
}
