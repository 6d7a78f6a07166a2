internal import Appearance
internal import Geometry
internal import Imaging
public import ModelFiles
internal import Models
public import NetworkTraining

/// Pairs of crops of the same object, for InfoNCE.
///
/// An example is a scene, and gives up to `pairsPerScene` of its objects, so that what is hardest to tell apart, what is seen at the same time, is told
/// apart in every step. Scenes with fewer leave room for objects of others, which are drawn at random.
public struct EmbedderExamples: ExampleSource {
  /// Two views of one object; the same one where there is no other.
  struct Pair: Sendable, Equatable {
    let first: Int
    let second: Int
    /// Which of the step's scenes it is of.
    let scene: Int
  }

  /// Pairs for each scene of a step.
  public static let pairsPerScene = 8

  private let album: ObjectAlbum
  private let augmentation: Augmentation
  private let side: Int

  /// One for each picture that shows objects, and epoch.
  public var count: Int { album.sceneCount }

  /// - Parameter side: Of the crops in pixels, a multiple of 32.
  public init(_ album: ObjectAlbum, augmentation: Augmentation, side: Int) {
    (self.album, self.augmentation, self.side) = (album, augmentation, side)
  }

  /// As many pairs as the scenes have room for: those of the scenes given, then of scenes drawn at random.
  func pairs(of places: [Int], _ random: inout SplitMix64) -> [Pair] {
    let wanted = places.count * Self.pairsPerScene
    var pairs: [Pair] = []
    var number = 0
    while pairs.count < wanted {
      let scene = number < places.count ? places[number] : random.next(below: count)
      var shown = album.scenes[scene]
      let most = min(Self.pairsPerScene, wanted - pairs.count, shown.count)
      for place in 0..<most {
        shown.swapAt(place, place + random.next(below: shown.count - place))
        pairs.append(Pair(first: shown[place], second: fellow(of: shown[place], &random), scene: number))
      }
      number += 1
    }
    return pairs
  }

  /// Another view of the same object, at any other time.
  private func fellow(of view: Int, _ random: inout SplitMix64) -> Int {
    let others = album.viewsOfObject[album.views[view].object].filter { $0 != view }
    return others.isEmpty ? view : others[random.next(below: others.count)]
  }

  /// The inputs of `EmbedderLoss.network`; the same for the same places and seed.
  public func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var random = SplitMix64(seed: SplitMix64.mixed(seed))
    let pairs = pairs(of: places, &random)
    let size = 3 * side * side
    var values = [Float](repeating: 0, count: 2 * pairs.count * size)
    var (scene, common) = (-1, CropChange())
    for (number, pair) in pairs.enumerated() {
      if pair.scene != scene { (scene, common) = (pair.scene, CropChange(sceneOf: augmentation, &random)) }
      for (half, place) in [pair.first, pair.second].enumerated() {
        let view = album.views[place]
        let change = common.own(augmentation, isTilted: view.isTilted, &random)
        let crop = try change.picture(of: view, width: side, height: side, &random)
        EmbedderNetwork.fill(&values, from: (half * pairs.count + number) * size, crop)
      }
    }
    return [
      "crops": try Tensor(shape: [2 * pairs.count, 3, side, side], values),
      "kin": try Tensor(shape: [pairs.count, pairs.count], kin(pairs)),
    ]
  }

  private func kin(_ pairs: [Pair]) -> [Float] {
    let objects = pairs.map { album.views[$0.first].object }
    return objects.indices.flatMap { row in
      objects.indices.map { $0 != row && objects[$0] == objects[row] ? EmbedderLoss.kinWeight : 0 }
    }
  }
}
