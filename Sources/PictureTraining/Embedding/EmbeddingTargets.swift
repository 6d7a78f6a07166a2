internal import Foundation
internal import Geometry
internal import ModelFiles
internal import Models

/// Which object of which picture something is, and how its picture was changed.
struct ObjectOrigin: Sendable, Equatable {
  /// Index into the pictures.
  let picture: Int
  /// Index into the picture's boxes.
  let label: Int
  let change: PictureChange

  /// The object alone, however it is shown.
  struct Identity: Hashable {
    let picture: Int
    let label: Int
  }

  var identity: Identity { Identity(picture: picture, label: label) }
}

extension SquareComposer {
  /// Fills a square with a second view of a picture that another square shows, around one of the objects there; with any view of the first picture
  /// where that has no object.
  ///
  /// - Parameters:
  ///   - before: As `fill` has it.
  ///   - first: What the other square shows.
  ///   - place: Its first picture.
  func fillAgain(
    _ room: UnsafeMutableBufferPointer<Float>, before: UnsafeMutableBufferPointer<Float>? = nil, _ first: Labels, place: Int,
    _ random: inout SplitMix64
  ) throws -> Labels {
    let seen = first.boxes.indices.filter { !first.boxes[$0].isIgnored && first.parts[$0].contains(first.boxes[$0].box.center) }
    guard !seen.isEmpty else { return try fill(room, before: before, place: place, &random) }
    let origin = first.origins[seen[random.next(below: seen.count)]]
    let picture = pictures[origin.picture]
    let change = PictureChange(
      again: origin.change, around: picture.boxes[origin.label].box.center, augmentation, side: side, &random)
    var labels = Labels()
    try show(
      origin.picture, change, in: SquarePart(width: side, height: side), Rooms(now: room, before: before), &labels, &random)
    return labels
  }
}

extension PictureChange {
  /// Another change of the same picture, by the same camera: what one camera gives to all that it sees stays, as `CropChange` has it.
  ///
  /// - Parameters:
  ///   - object: What is seen in both, in pixels of the picture.
  ///   - side: Of the square in pixels.
  init(
    again first: PictureChange, around object: Point, _ settings: Augmentation, side: Int, _ random: inout SplitMix64
  ) {
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    self.init(center: object)
    // Of place, size and turn nothing is one camera's.
    scale = exp(between(-1, 1) * log(max(1, settings.scale)))
    turn = between(-1, 1) * settings.turn
    let reach = PictureChange.offCentre * Double(side) / scale
    center = Point(object.x + between(-1, 1) * reach, object.y + between(-1, 1) * reach)
    noise = between(0, 1) * settings.noise
    isMirrored = first.isMirrored
    // From above an object may be seen turned by half a circle, and never mirrored.
    if settings.flipsUpright, random.uniform() < 0.5 { isMirrored = (!isMirrored.x, !isMirrored.y) }
    exponent = first.exponent
    gain = first.gain * exp(between(-1, 1) * CropChange.ownShare * log(max(1, settings.contrast)))
    offset = first.offset + between(-1, 1) * CropChange.ownShare * settings.brightness
  }
}

/// Which objects of a step's squares are the same: the inputs of `EmbeddingLoss.inputNames`.
struct EmbeddingTargets {
  /// The object in each place of each square, one square behind the other; nil where there is none.
  private(set) var identities: [ObjectOrigin.Identity?] = []
  /// The places of each object that is seen in both views of a picture.
  private(set) var pairs: [(first: Int, second: Int)] = []
  /// [squares, cells, objects]
  private(set) var claims: [Float]
  private let squares: Int
  private let cells: Int

  /// How many of a step's pictures are shown a second time: a quarter, so that a step takes a quarter longer. Chosen, with no data in sight.
  static func views(of pictures: Int) -> Int { max(1, pictures / 4) }

  /// - Parameters:
  ///   - shown: What the squares show, and what their cells tell of boxes; the last ones are the second views of the first ones.
  ///   - views: How many of them are second views.
  ///   - random: Chooses objects where there are more than are learned.
  init(_ shown: [(labels: SquareComposer.Labels, targets: DetectorTargets)], views: Int, _ random: inout SplitMix64) {
    let room = EmbeddingLoss.objects
    (squares, cells) = (shown.count, shown.first.map { $0.targets.cells * $0.targets.cells } ?? 0)
    claims = [Float](repeating: 0, count: squares * cells * room)
    var told = shown.map { square in square.targets.told.map { (square.labels.origins[$0.index].identity, $0.claims) } }
    // Those that are seen twice go first, so that none of them is left out for one that is seen once.
    for first in 0..<views {
      let second = squares - views + first
      var common = Set(told[first].map(\.0)).intersection(told[second].map(\.0))
      let chosen = Self.shuffled(told[first].map(\.0).filter { common.remove($0) != nil }, &random).prefix(room)
      for square in [first, second] {
        let places = chosen.compactMap { identity in told[square].firstIndex { $0.0 == identity } }
        let rest = Self.shuffled(told[square].indices.filter { !places.contains($0) }, &random)
        told[square] = (places + rest).map { told[square][$0] }
      }
      pairs += chosen.indices.map { (first * room + $0, second * room + $0) }
    }
    for square in told.indices {
      let isShuffled = square < views || square >= squares - views
      let objects = (isShuffled || told[square].count <= room ? told[square] : Self.shuffled(told[square], &random)).prefix(room)
      identities += objects.map { Optional($0.0) } + [ObjectOrigin.Identity?](repeating: nil, count: room - objects.count)
      for (slot, object) in objects.enumerated() {
        let total = object.1.reduce(0) { $0 + $1.strength }
        for claim in object.1 { claims[(square * cells + claim.place) * room + slot] = claim.strength / total }
      }
    }
  }

  private static func shuffled<Element>(_ list: [Element], _ random: inout SplitMix64) -> [Element] {
    var list = list
    for place in list.indices.dropLast() { list.swapAt(place, place + random.next(below: list.count - place)) }
    return list
  }

  /// As the network takes them.
  var tensors: [String: Tensor] {
    get throws {
      let count = identities.count
      var fellows = [Float](repeating: 0, count: count * count)
      var kin = fellows
      for row in 0..<count {
        for column in 0..<count {
          let (a, b) = (identities[row], identities[column])
          if a == nil || b == nil || a == b { kin[row * count + column] = EmbedderLoss.kinWeight }
        }
      }
      for pair in pairs {
        for (row, column) in [(pair.first, pair.second), (pair.second, pair.first)] {
          kin[row * count + column] = 0
          fellows[row * count + column] = 1 / Float(2 * pairs.count)
        }
      }
      let names = EmbeddingLoss.inputNames
      return [
        names[0]: try Tensor(shape: [squares, cells, EmbeddingLoss.objects], claims),
        names[1]: try Tensor(shape: [count, count], fellows), names[2]: try Tensor(shape: [count, count], kin),
      ]
    }
  }
}
