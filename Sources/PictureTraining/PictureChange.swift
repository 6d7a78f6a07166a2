internal import Foundation
internal import Geometry

/// How the pictures are changed at random, so that few of them teach more.
public struct Augmentation: Sendable, Equatable, Codable {
  /// The greatest turn to either side, in radians.
  public var turn = 15 * Double.pi / 180
  /// The greatest factor by which a picture is enlarged or made smaller.
  public var scale = 1.4
  /// Whether left and right are exchanged in half of the pictures.
  public var flips = true
  /// Whether top and bottom are exchanged too, as seen straight from above.
  public var flipsUpright = false
  /// The greatest factor by which the contrast is changed.
  public var contrast = 1.4
  /// The greatest change of brightness, as a share of white.
  public var brightness = 0.15
  /// The greatest exponent, and one over it the least, that a value of 0…1 is raised to: cameras map what they see to greys by other curves.
  public var tone = 1.0
  /// The share of pictures of which the negative is shown, as thermal cameras with other polarity give it.
  public var inversion = 0.0
  /// The greatest deviation of noise, as a share of white.
  public var noise = 0.03

  /// The share of squares that are composed of four pictures around a point.
  public var mosaic: Double {
    get { composition?.mosaic ?? 0 }
    set { composition = Composition(mosaic: newValue, paste: paste).unusual }
  }
  /// The share of squares upon which an object of another picture is put.
  public var paste: Double {
    get { composition?.paste ?? 0 }
    set { composition = Composition(mosaic: mosaic, paste: newValue).unusual }
  }
  /// nil where each square shows one picture: logs of trainings from before there were others have none.
  private var composition: Composition?

  private struct Composition: Sendable, Equatable, Codable {
    var mosaic = 0.0
    var paste = 0.0

    var unusual: Composition? { self == Composition() ? nil : self }
  }

  /// As above.
  public init() {}
  /// Changes where things are seen, and no values.
  public mutating func keepValues() {
    (contrast, brightness, tone, inversion, noise) = (1, 0, 1, 0, 0)
  }
  /// Pictures as they are, cut from the middle.
  public static let none: Augmentation = {
    var none = Augmentation()
    (none.turn, none.scale, none.flips, none.contrast, none.brightness, none.tone, none.noise) = (0, 1, false, 1, 0, 1, 0)
    return none
  }()
}

/// One change of a picture: a similarity, perhaps mirrored, that says where the pixels of a square come from, and what becomes of their values.
struct PictureChange: Sendable, Equatable {
  /// The point of the picture that comes to the middle of the square.
  var center: Point
  /// The turn of what is seen, in radians from x towards y.
  var turn = 0.0
  /// Pixels of the square for each pixel of the picture.
  var scale = 1.0
  /// Whether x is mirrored, then whether y is, before the turn.
  var isMirrored = (x: false, y: false)
  /// A value v of 0…1 becomes gain · (v^exponent − ½) + ½ + offset.
  var exponent = 1.0
  var gain = 1.0
  var offset = 0.0
  /// The deviation of noise that is added to 0…1.
  var noise = 0.0

  init(center: Point) { self.center = center }

  static func == (a: PictureChange, b: PictureChange) -> Bool {
    (a.center, a.turn, a.scale, a.gain, a.offset, a.noise) == (b.center, b.turn, b.scale, b.gain, b.offset, b.noise)
      && a.exponent == b.exponent && a.isMirrored == b.isMirrored
  }

  /// A change at random.
  ///
  /// - Parameters:
  ///   - width: Of the picture in pixels.
  ///   - height: Of the picture in pixels.
  ///   - side: Of the square in pixels.
  init(
    _ settings: Augmentation, boxes: [LabelledBox], width: Int, height: Int, side: Int, _ random: inout SplitMix64
  ) {
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    scale = exp(between(-1, 1) * log(max(1, settings.scale)))
    turn = between(-1, 1) * settings.turn
    isMirrored = (settings.flips && random.uniform() < 0.5, settings.flipsUpright && random.uniform() < 0.5)
    gain = exp(between(-1, 1) * log(max(1, settings.contrast)))
    offset = between(-1, 1) * settings.brightness
    if settings.tone > 1 { exponent = exp(between(-1, 1) * log(settings.tone)) }
    if random.uniform() < settings.inversion { (gain, offset) = (-gain, -offset) }
    noise = between(0, 1) * settings.noise
    let reach = Double(side) / scale
    func middle(_ length: Int) -> Double {
      // The square stays within the picture where it fits, and around the picture where it does not.
      let (low, high) = (min(reach, Double(length)) / 2, max(Double(length) - reach / 2, Double(length) / 2))
      return between(min(low, high), max(low, high))
    }
    center = Point(middle(width), middle(height))
    // Half of the squares hold an object for certain, wherever it is in them.
    let chosen = boxes.filter { !$0.isIgnored }
    guard !chosen.isEmpty, random.uniform() < PictureChange.objectShare else { return }
    let object = chosen[random.next(below: chosen.count)].box.center
    let off = PictureChange.offCentre
    center = Point(object.x + between(-off, off) * reach, object.y + between(-off, off) * reach)
  }

  /// The share of squares that are cut around an object.
  private static let objectShare = 0.5
  /// How far off the middle such an object is at most, as a share of the square's side.
  static let offCentre = 0.35

  /// The linear part of the map from the picture to the square, by rows.
  private var matrix: (xx: Double, xy: Double, yx: Double, yy: Double) {
    let (c, s) = (cos(turn) * scale, sin(turn) * scale)
    let (x, y) = (isMirrored.x ? -1.0 : 1.0, isMirrored.y ? -1.0 : 1.0)
    return (c * x, -s * y, s * x, c * y)
  }

  /// A box of the picture as it lies in the square, where `center` comes to `middle`: exact, since a similarity takes rectangles to rectangles.
  func box(_ box: OrientedBox, middle: Point) -> OrientedBox {
    let m = matrix
    let d = box.center - center
    let isOdd = isMirrored.x != isMirrored.y
    let angle = isOdd ? -box.angle : box.angle
    // Mirroring x alone takes the angle to π − angle, mirroring y alone to −angle: axes are the same for both.
    return OrientedBox(
      center: Point(m.xx * d.x + m.xy * d.y + middle.x, m.yx * d.x + m.yy * d.y + middle.y), width: box.width * scale,
      height: box.height * scale, angle: angle + turn)
  }

  /// The point of the picture that is seen at the corner of a rectangle with `center` in its middle, and the steps for one pixel to the right and
  /// down.
  func source(width: Int, height: Int) -> (origin: Point, right: Point, down: Point) {
    let m = matrix
    let determinant = m.xx * m.yy - m.xy * m.yx
    let right = Point(m.yy / determinant, -m.yx / determinant)
    let down = Point(-m.xy / determinant, m.xx / determinant)
    return (center - right * (Double(width) / 2) - down * (Double(height) / 2), right, down)
  }
}
