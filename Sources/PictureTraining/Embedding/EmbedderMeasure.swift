internal import Appearance
internal import Foundation
internal import Geometry
internal import Imaging

/// How well an embedder tells the objects of an album apart, by the path of `track` from box to embedding.
struct EmbedderMeasure {
  /// What is measured together: a film, or some pictures.
  struct Group {
    let name: String
    let isFilm: Bool
    /// The crops at any size: a view of the album, and how it is changed.
    let crops: [(view: Int, change: CropChange, seed: UInt64)]
  }

  /// The most crops of a film, evenly apart: all are compared with all.
  private static let mostOfFilm = 600
  /// Pictures without identities are compared in groups of so many objects, each with two crops.
  private static let objectsOfGroup = 300

  let album: ObjectAlbum
  let groups: [Group]

  init(_ album: ObjectAlbum, augmentation: Augmentation) {
    self.album = album
    groups = album.recordings.enumerated().flatMap { number, recording in
      let views = recording.scenes.flatMap { album.scenes[$0] }
      return recording.isFilm
        ? [EmbedderMeasure.film(recording.name, views)]
        : EmbedderMeasure.pictures(recording.name, views, album, augmentation, seed: UInt64(number))
    }
  }

  private static func film(_ name: String, _ views: [Int]) -> Group {
    let count = min(views.count, mostOfFilm)
    return Group(
      name: name, isFilm: true, crops: (0..<count).map { (views[$0 * views.count / count], CropChange(), 0) })
  }

  /// Two crops of each object, as they come in training.
  private static func pictures(
    _ name: String, _ views: [Int], _ album: ObjectAlbum, _ augmentation: Augmentation, seed: UInt64
  ) -> [Group] {
    stride(from: 0, to: views.count, by: objectsOfGroup).map { start in
      var random = SplitMix64(seed: SplitMix64.mixed(seed &+ UInt64(start)))
      let crops = views[start..<min(views.count, start + objectsOfGroup)].flatMap { view in
        let common = CropChange(sceneOf: augmentation, &random)
        return (0..<2).map { _ in
          (view, common.own(augmentation, isTilted: album.views[view].isTilted, &random), random.next())
        }
      }
      return Group(name: name, isFilm: false, crops: crops)
    }
  }

  /// The crops of a group at a size.
  func pictures(of group: Group, width: Int, height: Int) throws -> [Image] {
    try group.crops.map { crop in
      var random = SplitMix64(seed: crop.seed)
      return try crop.change.picture(of: album.views[crop.view], width: width, height: height, &random)
    }
  }

  /// What is found in a group.
  ///
  /// - Parameter shown: The crops whose neighbours are kept.
  func retrieval(of group: Group, by embedder: AppearanceEmbedder, shown: Set<Int> = []) throws -> Retrieval {
    let pictures = try pictures(of: group, width: embedder.size.width, height: embedder.size.height)
    let embeddings = try embedder.embeddings(ofCrops: pictures)
    let length = embedder.dimension
    return Retrieval(
      zip(group.crops, embeddings).enumerated().map { number, pair in
        let view = album.views[pair.0.view]
        // The two crops of an object in a picture have no time between them, and are compared.
        let time = group.isFilm ? view.time : Double(number) * Retrieval.leastGap
        return Retrieval.Crop(
          embedding: pair.1 ?? [Float](repeating: 0, count: length), object: view.object, time: time)
      }, shown: shown)
  }

  /// The scores of groups of one kind: the share of rank 1 over all crops, and the mean of the groups' areas.
  func scores(isFilm: Bool, by embedder: AppearanceEmbedder) throws -> (sought: Int, rank1: Double?, area: Double?) {
    let results = try groups.filter { $0.isFilm == isFilm }.map { try retrieval(of: $0, by: embedder) }
    let sought = results.reduce(0) { $0 + $1.sought }
    let areas = results.compactMap(\.area)
    return (
      sought, sought > 0 ? Double(results.reduce(0) { $0 + $1.found }) / Double(sought) : nil,
      areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    )
  }
}
