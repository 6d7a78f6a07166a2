internal import Appearance
internal import Geometry
internal import Imaging
internal import NetworkDetection
internal import NetworkGraph

/// How well a detector's embeddings tell objects apart: two views of each picture, changed as in training, and of the objects that the detector finds
/// in both, how often one view's embedding is nearest to the other's.
struct EmbeddingMeasure {
  /// The most pictures, evenly apart.
  private static let mostPictures = 100
  /// Objects are compared in groups of so many, as those of `EmbedderMeasure`.
  private static let objectsOfGroup = 300

  private let composer: SquareComposer
  private let places: [Int]
  private let side: Int

  /// - Parameter side: Of the views in pixels.
  init(_ pictures: [AnnotatedPicture], from source: any PictureSource, augmentation: Augmentation, side: Int) {
    var plain = augmentation
    (plain.mosaic, plain.paste) = (0, 0)
    composer = SquareComposer(pictures: pictures, source: source, augmentation: plain, side: side)
    self.side = side
    let labelled = pictures.indices.filter { place in pictures[place].boxes.contains { !$0.isIgnored } }
    let count = min(Self.mostPictures, labelled.count)
    places = (0..<count).map { labelled[$0 * labelled.count / count] }
  }

  /// An object that was found in a view: its embedding, that by stripes of colour, and which it is.
  private struct Found {
    let object: Int
    let embedding: [Float]
    let stripes: [Float]
  }

  /// nil where no object is found in two views, or one alone.
  func score(_ graph: Graph, threads: Int) throws -> TrainingScores.Looks? {
    let detector = try NetworkDetector(
      DetectorNetwork(graph, size: (side, side)), threads: threads, findsLooks: true)
    let stripes = try AppearanceEmbedder(.stripes)
    var (found, group) = (LookSums(), [Found]())
    for (number, place) in places.enumerated() {
      group += try seen(place, by: detector, stripes, before: group.count)
      if group.count >= 2 * Self.objectsOfGroup || number == places.count - 1 {
        found.add(Self.retrieval(group.map { ($0.object, $0.embedding) }), Self.retrieval(group.map { ($0.object, $0.stripes) }))
        group = []
      }
    }
    return found.score
  }

  /// The objects of a picture that are found in both of its views.
  private func seen(
    _ place: Int, by detector: NetworkDetector, _ stripes: AppearanceEmbedder, before count: Int
  ) throws -> [Found] {
    var random = SplitMix64(seed: SplitMix64.mixed(UInt64(place)))
    var room = [Float](repeating: 0, count: 3 * side * side)
    let first = try room.withUnsafeMutableBufferPointer { try composer.fill($0, place: place, &random) }
    let before = try found(room, first, by: detector, stripes)
    let second = try room.withUnsafeMutableBufferPointer { try composer.fillAgain($0, first, place: place, &random) }
    let after = try found(room, second, by: detector, stripes)
    return before.keys.filter { after[$0] != nil }.sorted().enumerated().flatMap { number, label in
      [before[label], after[label]].compactMap { look in
        look.map { Found(object: count + number, embedding: $0.embedding, stripes: $0.stripes) }
      }
    }
  }

  /// What is found of a square's objects, by their places in the picture.
  private func found(
    _ room: [Float], _ labels: SquareComposer.Labels, by detector: NetworkDetector, _ stripes: AppearanceEmbedder
  ) throws -> [Int: (embedding: [Float], stripes: [Float])] {
    let image = image(room)
    let boxes = try detector.detect(in: image)
    let looks = try stripes.embeddings(of: boxes.map { GaussianBox($0.box) }, in: image)
    let pairs = FoundObjects.pairs(boxes, truth: labels.boxes).compactMap { box, object in
      boxes[box].embedding.map {
        (labels.origins[object].label, (embedding: $0, stripes: looks[box] ?? [Float](repeating: 0, count: stripes.dimension)))
      }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private func image(_ room: [Float]) -> Image {
    let count = side * side
    var image = Image(width: side, height: side, channels: 3)
    for place in 0..<count {
      for channel in 0..<3 {
        // Bounded: a square's values are from 0 to 1.
        image.pixels[3 * place + channel] = UInt8((255 * room[(2 - channel) * count + place]).rounded())
      }
    }
    return image
  }

  private static func retrieval(_ looks: [(object: Int, embedding: [Float])]) -> Retrieval {
    // Two views have no time between them, and are compared.
    Retrieval(
      looks.enumerated().map { number, look in
        Retrieval.Crop(embedding: look.embedding, object: look.object, time: Double(number) * Retrieval.leastGap)
      })
  }
}

/// What is found over groups.
private struct LookSums {
  private var sought = 0
  private var hits = (network: 0, stripes: 0)
  private var areas = (network: [Double](), stripes: [Double]())

  mutating func add(_ network: Retrieval, _ stripes: Retrieval) {
    guard let area = network.area, let other = stripes.area else { return }
    sought += network.sought
    hits = (hits.network + network.found, hits.stripes + stripes.found)
    areas.network.append(area)
    areas.stripes.append(other)
  }

  var score: TrainingScores.Looks? {
    guard sought > 0 else { return nil }
    func mean(_ list: [Double]) -> Double { list.reduce(0, +) / Double(list.count) }
    return TrainingScores.Looks(
      rank1: Double(hits.network) / Double(sought), area: mean(areas.network),
      stripes: (Double(hits.stripes) / Double(sought), mean(areas.stripes)), count: sought)
  }
}
