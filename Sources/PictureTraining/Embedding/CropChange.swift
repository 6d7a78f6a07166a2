internal import Appearance
internal import Foundation
internal import Geometry
internal import Imaging

/// How a crop of an object is changed at random, so that the network learns to look past it.
///
/// A part of it is one camera's, the same for all crops of a scene; a part is each crop's own, and smaller.
struct CropChange: Sendable, Equatable {
  /// What becomes of values v of 0…1: gain · (v^exponent − ½) + ½ + offset.
  struct Tone: Sendable, Equatable {
    var exponent = 1.0
    var gain = 1.0
    var offset = 0.0
    /// The deviation of noise that is added.
    var noise = 0.0
  }

  /// Of the middle, in shares of the box's sides.
  var shift = Point.zero
  /// Factors of the sides, across and down.
  var sides = (across: 1.0, down: 1.0)
  /// Radians from x towards y.
  var turn = 0.0
  var isMirrored = false
  var isUpsideDown = false
  /// Pixels of the crop for each of the pixels that it is sampled at: above 1 it is as of an object farther away.
  var coarseness = 1.0
  var tone = Tone()

  static func == (a: CropChange, b: CropChange) -> Bool {
    (a.shift, a.turn, a.isMirrored, a.isUpsideDown, a.coarseness) == (b.shift, b.turn, b.isMirrored, b.isUpsideDown, b.coarseness)
      && a.sides == b.sides && a.tone == b.tone
  }

  /// The greatest shift of a box's middle and the greatest factor of its sides: what a detector's boxes are off by.
  private static let (greatestShift, greatestFactor) = (0.08, 1.15)
  /// The share of the camera's changes of light that each crop has of its own.
  static let ownShare = 1.0 / 3

  /// None.
  init() {}

  /// What all crops of a scene have in common.
  init(sceneOf settings: Augmentation, _ random: inout SplitMix64) {
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    isMirrored = settings.flips && random.uniform() < 0.5
    tone.gain = exp(between(-1, 1) * log(max(1, settings.contrast)))
    tone.offset = between(-1, 1) * settings.brightness
    tone.exponent = exp(between(-1, 1) * log(max(1, settings.tone)))
    if random.uniform() < settings.inversion { (tone.gain, tone.offset) = (-tone.gain, -tone.offset) }
  }

  /// A crop's own change, on top of its scene's.
  func own(_ settings: Augmentation, isTilted: Bool, _ random: inout SplitMix64) -> CropChange {
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    var change = self
    change.shift = Point(between(-1, 1), between(-1, 1)) * Self.greatestShift
    change.sides = (exp(between(-1, 1) * log(Self.greatestFactor)), exp(between(-1, 1) * log(Self.greatestFactor)))
    change.turn = between(-1, 1) * settings.turn
    change.isUpsideDown = (isTilted || settings.flipsUpright) && random.uniform() < 0.5
    change.coarseness = exp(between(0, 1) * log(max(1, settings.scale)))
    change.tone.gain *= exp(between(-1, 1) * Self.ownShare * log(max(1, settings.contrast)))
    change.tone.offset += between(-1, 1) * Self.ownShare * settings.brightness
    change.tone.noise = between(0, 1) * settings.noise
    return change
  }

  /// The crop of a view at a size in pixels, changed; that of tracking where nothing is changed.
  func picture(of view: ObjectAlbum.View, width: Int, height: Int, _ random: inout SplitMix64) throws -> Image {
    let box = view.crop
    let center = box.center + box.across * shift.x + box.down * shift.y
    let axis = Point(cos(turn), sin(turn))
    func turned(_ p: Point) -> Point { Point(axis.x * p.x - axis.y * p.y, axis.y * p.x + axis.x * p.y) }
    let crop = BoxCrop(center: center, across: turned(box.across * sides.across), down: turned(box.down * sides.down))
    var picture: Image
    if coarseness > 1 {
      // Bounded: by the crop's own sides.
      let size = (width: max(1, Int(Double(width) / coarseness)), height: max(1, Int(Double(height) / coarseness)))
      picture = try crop.picture(from: view.patch, width: size.width, height: size.height).resized(width: width, height: height)
    } else {
      picture = try crop.picture(from: view.patch, width: width, height: height)
    }
    if isUpsideDown { picture = picture.turnedByHalf }
    if isMirrored { picture = picture.mirrored }
    tone.apply(to: &picture, &random)
    return picture
  }
}

extension CropChange.Tone {
  /// Changes the values of a picture of blue, green and red. Noise of a grey one is the same in all channels.
  fileprivate func apply(to picture: inout Image, _ random: inout SplitMix64) {
    guard self != CropChange.Tone() else { return }
    let table = (0...255).map { 255 * Float(gain * (pow(Double($0) / 255, exponent) - 0.5) + 0.5 + offset) }
    var isGrey = true
    for place in stride(from: 0, to: picture.pixels.count, by: 3) where isGrey {
      isGrey = picture.pixels[place] == picture.pixels[place + 1] && picture.pixels[place] == picture.pixels[place + 2]
    }
    // The sum of four even numbers of 16 bits has the variance 1/3 of their range's square.
    let size = Float(255 * noise * 3.squareRoot() / 65_536)
    var added: Float = 0
    for place in picture.pixels.indices {
      if noise > 0, !isGrey || place % 3 == 0 {
        let bits = random.next()
        added = size * Float((0..<4).reduce(Int32(0)) { $0 + Int32(Int16(truncatingIfNeeded: bits >> (16 * UInt64($1)))) })
      }
      // Bounded: to 0…255.
      picture.pixels[place] = UInt8(min(255, max(0, (table[Int(picture.pixels[place])] + added).rounded())))
    }
  }
}

extension Image {
  /// Turned by half a circle.
  fileprivate var turnedByHalf: Image { rearranged { count, place in count - 1 - place } }

  /// Left and right exchanged.
  fileprivate var mirrored: Image { rearranged { _, place in place - place % width + width - 1 - place % width } }

  /// - Parameter source: Of how many pixels, and for each the one that comes there; below the first.
  private func rearranged(_ source: (Int, Int) -> Int) -> Image {
    var result = self
    let count = width * height
    for place in 0..<count {
      let from = source(count, place)
      for channel in 0..<channels { result.pixels[place * channels + channel] = pixels[from * channels + channel] }
    }
    return result
  }
}
