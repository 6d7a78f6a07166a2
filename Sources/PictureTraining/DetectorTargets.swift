internal import Foundation
internal import Geometry
internal import Models

/// What a detector should tell of the objects in a square: the maps of `DetectorLoss.inputNames`.
struct DetectorTargets {
  /// Cells of a side.
  let cells: Int
  let classes: Int
  /// [classes, cells, cells]
  private(set) var centres: [Float]
  /// [classes, cells, cells]
  private(set) var background: [Float]
  /// [5, cells, cells]
  private(set) var boxes: [Float]
  /// [1, cells, cells]
  private(set) var weights: [Float]
  /// The cells of the objects' centres, and how much each object counts.
  private(set) var objects: [(cell: Int, weight: Float)] = []
  /// How strongly the object that a cell's box is of reaches it.
  private var claims: [Float]
  /// The object that a cell's box is of, −1 for none.
  private var owners: [Int]

  private static let stride = Double(PyramidSize.decoderStride)
  /// An object's bell has half its own deviations: it falls to a tenth near the inscribed ellipse.
  private static let narrowing = 0.25
  /// Square pixels that are added to a bell, so that the thinnest object reaches over a cell.
  private static let floor = 2.0
  /// Below this a cell lies outside an object and tells nothing of its box.
  private static let claimFloor = 0.3

  /// - Parameters:
  ///   - labels: In pixels of the square.
  ///   - parts: Where each is seen; in the whole square otherwise. An object whose centre is outside its part is none, and what is seen of it is
  ///     no background.
  ///   - side: Of the square in pixels, a multiple of 32.
  init(_ labels: [LabelledBox], in parts: [SquarePart]? = nil, side: Int, classes: Int) {
    cells = side / PyramidSize.decoderStride
    self.classes = classes
    let count = cells * cells
    centres = [Float](repeating: 0, count: classes * count)
    background = [Float](repeating: 1, count: classes * count)
    boxes = [Float](repeating: 0, count: DetectorModel.boxChannels * count)
    weights = [Float](repeating: 0, count: count)
    claims = [Float](repeating: 0, count: count)
    owners = [Int](repeating: -1, count: count)
    let whole = SquarePart(width: side, height: side)
    let places = parts ?? labels.map { _ in whole }
    for (object, (label, part)) in zip(labels, places).enumerated() where !label.isIgnored && isSeen(label.box, in: part) {
      add(label, in: part, object: object)
    }
    share(labels)
    // At last: what nobody knows of costs nothing, whatever lies around it, but for the centres themselves.
    for (label, part) in zip(labels, places) where label.isIgnored || !isSeen(label.box, in: part) { forget(label.box, in: part) }
  }

  /// An object that cells tell of.
  struct Told {
    /// Its place in the list of labels.
    let index: Int
    /// The cells that tell of it, and how strongly it reaches them.
    let claims: [(place: Int, strength: Float)]
  }

  /// The objects that cells tell of, in the order of the labels.
  var told: [Told] {
    var claimed: [Int: [(place: Int, strength: Float)]] = [:]
    for (place, owner) in owners.enumerated() where owner >= 0 { claimed[owner, default: []].append((place, claims[place])) }
    return claimed.sorted { $0.key < $1.key }.map { Told(index: $0.key, claims: $0.value) }
  }

  private func isSeen(_ box: OrientedBox, in part: SquarePart) -> Bool {
    part.contains(box.center) && box.width > 0 && box.height > 0
  }

  private func cell(_ coordinate: Double) -> Int { Int(bounded: (coordinate / Self.stride).rounded(.down), in: 0...cells - 1) }

  private mutating func add(_ label: LabelledBox, in part: SquarePart, object: Int) {
    let (gaussian, classIndex) = (GaussianBox(label.box), label.classIndex)
    guard let shape = LogCovariance(gaussian.covariance) else { return }
    for (place, value) in bell(gaussian) where part.contains(middle(place)) {
      let cost = classIndex * cells * cells + place
      background[cost] = min(background[cost], Float(pow(1 - value, 4)))
      if value > Self.claimFloor, Float(value) > claims[place] { claim(place, Float(value), object, gaussian.mean, shape) }
    }
    let place = cell(gaussian.mean.y) * cells + cell(gaussian.mean.x)
    // An uncertain centre pulls less, and is no background either.
    centres[classIndex * cells * cells + place] = max(centres[classIndex * cells * cells + place], Float(label.weight))
    background[classIndex * cells * cells + place] = 0
    // The centre's own cell tells of its object even where a larger one's bell is higher.
    claim(place, 1, object, gaussian.mean, shape)
  }

  /// Makes a cell tell of an object.
  private mutating func claim(_ place: Int, _ strength: Float, _ object: Int, _ mean: Point, _ shape: LogCovariance) {
    (claims[place], owners[place]) = (strength, object)
    let offset = (mean - middle(place)) / Self.stride
    for (channel, number) in [offset.x, offset.y, shape.p, shape.q, shape.r].enumerated() {
      boxes[channel * cells * cells + place] = Float(number)
    }
  }

  /// The middle of a cell in pixels.
  private func middle(_ place: Int) -> Point { Point(Double(place % cells) + 0.5, Double(place / cells) + 0.5) * Self.stride }

  /// The cells within three deviations of an object's bell, with exp(−½ d²).
  private func bell(_ box: GaussianBox) -> [(place: Int, value: Double)] {
    let c = box.covariance
    let spread = SymmetricMatrix2(
      xx: Self.narrowing * c.xx + Self.floor, xy: Self.narrowing * c.xy, yy: Self.narrowing * c.yy + Self.floor)
    let (reachX, reachY) = (3 * spread.xx.squareRoot(), 3 * spread.yy.squareRoot())
    guard spread.determinant > 0 else { return [] }
    return (cell(box.mean.y - reachY)...cell(box.mean.y + reachY)).flatMap { row in
      (cell(box.mean.x - reachX)...cell(box.mean.x + reachX)).map { column in
        let place = row * cells + column
        let d = middle(place) - box.mean
        let square = (spread.yy * d.x * d.x - 2 * spread.xy * d.x * d.y + spread.xx * d.y * d.y) / spread.determinant
        return (place, exp(-square / 2))
      }
    }
  }

  /// Gives the cells that tell of one object its weight together, by how strongly it reaches them.
  private mutating func share(_ labels: [LabelledBox]) {
    var sums = [Float](repeating: 0, count: labels.count)
    for (place, owner) in owners.enumerated() where owner >= 0 { sums[owner] += claims[place] }
    for (place, owner) in owners.enumerated() where owner >= 0 {
      weights[place] = Float(labels[owner].weight) * claims[place] / sums[owner]
    }
    for (object, label) in labels.enumerated() where sums[object] > 0 {
      let place = cell(label.box.center.y) * cells + cell(label.box.center.x)
      // Of two objects in one cell it tells of one.
      if owners[place] == object { objects.append((place, Float(label.weight))) }
    }
  }

  /// Takes the cost of background from the cells of a part whose middle lies in a box.
  private mutating func forget(_ box: OrientedBox, in part: SquarePart) {
    let (hull, count) = (box.hull, cells * cells)
    let (c, s) = (cos(box.angle), sin(box.angle))
    guard hull.right > 0, hull.bottom > 0, hull.left < Double(cells) * Self.stride, hull.top < Double(cells) * Self.stride else {
      return
    }
    for row in cell(hull.top)...cell(hull.bottom) {
      for column in cell(hull.left)...cell(hull.right) {
        let middle = Point(Double(column) + 0.5, Double(row) + 0.5) * Self.stride
        let d = middle - box.center
        guard part.contains(middle), abs(c * d.x + s * d.y) <= box.width / 2, abs(c * d.y - s * d.x) <= box.height / 2 else {
          continue
        }
        for kind in 0..<classes { background[kind * count + row * cells + column] = 0 }
      }
    }
  }
}
