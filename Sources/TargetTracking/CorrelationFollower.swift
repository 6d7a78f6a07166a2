import Foundation
internal import Geometry
public import Imaging
internal import ModelFiles

/// Follows a target without any file: a correlation filter on edges and colours finds it, at some scales of which points that are followed
/// inside its box propose one.
public struct CorrelationFollower: TargetFollower {
  private var filter = CorrelationFilter(width: 16, height: 16)
  private let features = PatchFeatures()
  private var border = SIMD3<Float>.zero
  /// How it looked when it was pointed at, by which sightings are judged.
  private var looks: TargetLooks?
  /// The grey patch around the target when it was last learned.
  private var last: Image?

  /// The patch's side in mean sides of the target.
  static let padding = 4.0
  private static let filterRate: Float = 0.02

  /// From one scale to the next, and what a change of scale leaves of a response: most targets keep their size from frame to frame.
  private static let scaleStep = 1.03
  private static let scalePenalty = 0.98

  public var reach: Double { 1.2 }

  /// Knows no target yet.
  public init() {}

  public mutating func begin(_ picture: Image, _ place: TargetPlace) throws {
    border = picture.meanColor
    looks = try TargetLooks(picture, place)
    try learn(picture, place, isFirst: true)
  }

  public mutating func learn(_ picture: Image, _ sighting: TargetSighting) throws {
    try learn(picture, sighting.place, isFirst: false)
  }

  private mutating func learn(_ picture: Image, _ place: TargetPlace, isFirst: Bool) throws {
    let patch = try patch(picture, place)
    let scale = Double(PatchFeatures.cells) / patch.crop.side
    filter.setTarget(width: place.width * scale, height: place.height * scale)
    filter.learn(features.cells(patch.planes), rate: CorrelationFollower.filterRate)
    last = patch.grey
  }

  public mutating func find(in picture: Image, near expected: TargetPlace, isSearching: Bool) throws -> TargetSighting {
    let patch = try patch(picture, expected)
    var scales = [1.0]
    if !isSearching {
      scales += [CorrelationFollower.scaleStep, 1 / CorrelationFollower.scaleStep]
      if let last, let flow = try FlowScale(from: last, to: patch.grey, box: patch.box(expected)) {
        scales.append(min(1.1, max(1 / 1.1, flow.growth)))
      }
    }
    var best: (peak: Peak, place: TargetPlace)?
    for scale in scales {
      var place = expected
      (place.width, place.height) = (expected.width * scale, expected.height * scale)
      let own = scale == 1 ? patch : try self.patch(picture, place)
      var peak = Peak(filter.response(features.cells(own.planes)), side: PatchFeatures.cells)
      if scale != 1 { peak.value *= CorrelationFollower.scalePenalty }
      let cell = own.crop.side / Double(PatchFeatures.cells)
      place.center += Point(peak.x, peak.y) * cell
      if peak.value > best?.peak.value ?? -.infinity { best = (peak, place) }
    }
    guard let best else { return TargetSighting(place: expected, assurance: 0) }
    let response = min(1, max(0, best.peak.value / filter.own))
    return TargetSighting(
      place: best.place, assurance: 1 / (1 + exp(-Self.assurance.slope * (response - Self.assurance.middle))))
  }

  /// The response, as a share of the target's own, that is as good as a half, and how steeply that changes; set by hand.
  private static let assurance = (slope: 12.0, middle: 0.25)
  /// Of the likeness to the first looks: its weight and the constant. The filter's own response says nothing: of 17,360 sightings it tells the
  /// right ones from the wrong ones no better than chance (area under the curve .44, by the likeness .84).
  private static let calibration = (slope: 7.89, offset: -1.35)

  public func likeness(of sighting: TargetSighting, in picture: Image) throws -> Double {
    try looks?.likeness(picture, sighting.place) ?? 0
  }

  public func probability(_ likeness: Double) -> Double {
    1 / (1 + exp(-(Self.calibration.slope * likeness + Self.calibration.offset)))
  }

  // MARK: - Patches

  private struct Patch {
    var crop: SquareCrop
    var planes: [Float]

    /// A place in pixels of the patch.
    func box(_ place: TargetPlace) -> AxisBox {
      let scale = Double(PatchFeatures.side) / crop.side
      let box = place.box
      return AxisBox(
        left: (box.left - crop.left) * scale, top: (box.top - crop.top) * scale, width: box.width * scale,
        height: box.height * scale)
    }

    var grey: Image {
      let area = PatchFeatures.side * PatchFeatures.side
      // Bounded: planes hold 0…255, of which grey is a mean.
      let pixels = (0..<area).map {
        UInt8(max(0, min(255, 0.114 * planes[$0] + 0.587 * planes[area + $0] + 0.299 * planes[2 * area + $0])))
      }
      return Image(width: PatchFeatures.side, height: PatchFeatures.side, channels: 1, pixels: pixels)
    }
  }

  private func patch(_ picture: Image, _ place: TargetPlace) throws -> Patch {
    let crop = SquareCrop(around: place, side: max(8, place.meanSide * CorrelationFollower.padding))
    let planes = try crop.planes(of: picture, size: PatchFeatures.side, border: border)
    return Patch(crop: crop, planes: planes.values(Float.self) ?? [])
  }

  /// The highest place of a response, between cells.
  private struct Peak {
    var value: Double
    /// Cells from the middle.
    var x: Double
    var y: Double

    init(_ response: [Float], side: Int) {
      var best = 0
      for index in response.indices where response[index] > response[best] { best = index }
      let (column, row) = (best % side, best / side)
      func at(_ x: Int, _ y: Int) -> Double { Double(response[(y + side) % side * side + (x + side) % side]) }
      func between(_ before: Double, _ here: Double, _ after: Double) -> Double {
        let bend = before - 2 * here + after
        return bend < 0 ? max(-0.5, min(0.5, (before - after) / (2 * bend))) : 0
      }
      value = at(column, row)
      x = Double(column < side / 2 ? column : column - side) + between(at(column - 1, row), value, at(column + 1, row))
      y = Double(row < side / 2 ? row : row - side) + between(at(column, row - 1), value, at(column, row + 1))
    }
  }
}
