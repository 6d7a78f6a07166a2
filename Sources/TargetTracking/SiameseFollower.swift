import Foundation
internal import Geometry
public import Imaging
internal import ModelFiles
public import NetworkPrograms

/// Follows a target by a siamese network in NanoTrack's form. One thread at a time may use it.
public struct SiameseFollower: TargetFollower {
  private let program: SiameseProgram
  private var template: Tensor?
  private var border = SIMD3<Float>.zero

  /// NanoTrack v3's constants (`configv3.yaml` of its authors): PENALTY_K, WINDOW_INFLUENCE and LR.
  static let choice = SiameseResponse.Choice(penalty: 0.138, window: 0.455)
  static let sizeRate = 0.348

  /// The search crop is twice the template's, which is about twice the target: half of what lies beyond the target itself.
  public var reach: Double { 1.5 }

  /// - Parameters:
  ///   - threads: Of oneDNN's kernels.
  ///   - type: What the networks are computed in.
  /// - Throws: `NetworkError` that names operators without a kernel, or oneDNN where it is not installed.
  public init(_ network: SiameseNetwork, threads: Int, type: TypeChoice = .auto) throws {
    program = try SiameseProgram(network, threads: threads, type: type)
  }

  public mutating func begin(_ picture: Image, _ place: TargetPlace) throws {
    border = picture.meanColor
    let side = SiameseResponse.square(place.width, place.height)
    let size = SiameseNetwork.templateSide
    template = try program.features(SquareCrop(around: place, side: side).planes(of: picture, size: size, border: border))
  }

  public mutating func find(in picture: Image, near expected: TargetPlace, isSearching: Bool) throws -> TargetSighting {
    guard let template else { return TargetSighting(place: expected, assurance: 0) }
    let size = SiameseNetwork.searchSide
    // Pixels of the crop for each of the picture.
    let scale = Double(SiameseNetwork.templateSide) / SiameseResponse.square(expected.width, expected.height)
    let crop = SquareCrop(around: expected, side: Double(size) / scale)
    let response = try program.compare(template, program.features(crop.planes(of: picture, size: size, border: border)))
    var choice = SiameseFollower.choice
    if isSearching { choice.window = 0 }
    guard
      let best = response.best(expectedWidth: expected.width * scale, height: expected.height * scale, choice: choice)
    else { return TargetSighting(place: expected, assurance: 0) }
    let rate = best.penalty * best.score * SiameseFollower.sizeRate
    let place = TargetPlace(
      center: expected.center + Point(best.x, best.y) / scale,
      width: expected.width * (1 - rate) + best.width / scale * rate,
      height: expected.height * (1 - rate) + best.height / scale * rate)
    return TargetSighting(place: place, assurance: best.score)
  }

  public mutating func learn(_ picture: Image, _ sighting: TargetSighting) {}

  /// Of the logarithm of the odds that the network gives: its weight and the constant, and what probabilities are bounded by. The network is far
  /// too sure: its .9997 is worth a half.
  private static let calibration = (slope: 0.55, offset: -4.39, least: 1e-6)

  /// The network compares with the target as it was pointed at, and never learns.
  public func likeness(of sighting: TargetSighting, in picture: Image) -> Double { sighting.assurance }

  public func probability(_ likeness: Double) -> Double {
    let own = min(1 - Self.calibration.least, max(Self.calibration.least, likeness))
    return 1 / (1 + exp(-(Self.calibration.slope * log(own / (1 - own)) + Self.calibration.offset)))
  }
}
