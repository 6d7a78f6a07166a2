internal import Geometry

/// A part of a square of pixels in which one picture is seen.
struct SquarePart: Sendable, Equatable {
  /// The first column, and the first row.
  var x = 0
  var y = 0
  var width: Int
  var height: Int

  /// Its middle, in pixels of the square.
  var middle: Point { Point(Double(x) + Double(width) / 2, Double(y) + Double(height) / 2) }

  func contains(_ point: Point) -> Bool {
    point.x >= Double(x) && point.y >= Double(y) && point.x < Double(x + width) && point.y < Double(y + height)
  }
}

/// Squares that are composed of annotated pictures at random: one picture, or four around a point; perhaps an object of another one upon them.
struct SquareComposer: Sendable {
  let pictures: [AnnotatedPicture]
  let source: any PictureSource
  let augmentation: Augmentation
  /// Of the squares in pixels.
  let side: Int

  /// The objects in a square, and the part of it in which each is seen.
  struct Labels: Sendable, Equatable {
    var boxes: [LabelledBox] = []
    var parts: [SquarePart] = []
    /// Where each one's pixels come from in its own picture.
    var views: [PictureView] = []
    /// Which object of which picture each one is.
    var origins: [ObjectOrigin] = []
  }

  /// Where a square and that of the frames before are written.
  struct Rooms {
    let now: UnsafeMutableBufferPointer<Float>
    let before: UnsafeMutableBufferPointer<Float>?

    /// Shows a picture in the one, and the frame before it in the other.
    func forEach(
      _ picture: AnnotatedPicture, from source: any PictureSource, _ random: inout SplitMix64,
      _ body: (UnsafeMutableBufferPointer<Float>, TrainingPixels, inout SplitMix64) -> Void
    ) throws {
      // Drawn from a copy, so that squares are the same with and without a frame before.
      var copy = random
      body(now, try source.pixels(of: picture), &random)
      guard let before else { return }
      var noise = SplitMix64(seed: SplitMix64.mixed(copy.next()))
      body(before, try source.pixels(of: picture.former), &noise)
    }
  }

  /// Where the pictures of a mosaic meet, as shares of the side: each has a quarter of it at least.
  private static let crossing = 0.25...0.75
  /// How much wider and higher than the object what is pasted is: edges are seen against their own ground.
  static let margin = 1.3
  /// How much of an object something else may hide: a little, as where boxes touch.
  static let coverLimit = 0.1
  /// Objects and places that are tried until one is free; then nothing is pasted.
  private static let trials = 8

  /// Fills a square's red, green and blue, 3 · side² numbers, and tells what is in it.
  ///
  /// - Parameters:
  ///   - before: The square of the frames before, of as many numbers: the same parts of them, changed alike, with noise of their own.
  ///   - place: The picture that is seen, or that is the first of four.
  func fill(
    _ room: UnsafeMutableBufferPointer<Float>, before: UnsafeMutableBufferPointer<Float>? = nil, place: Int,
    _ random: inout SplitMix64
  ) throws -> Labels {
    let rooms = Rooms(now: room, before: before)
    // Nothing is drawn for what is not asked for, so that squares are those of before it could be.
    let isMosaic = augmentation.mosaic > 0 && random.uniform() < augmentation.mosaic
    let isPasted = augmentation.paste > 0 && random.uniform() < augmentation.paste
    var labels = Labels()
    if isMosaic {
      for (number, part) in parts(&random).enumerated() {
        try show(number == 0 ? place : random.next(below: pictures.count), in: part, rooms, &labels, &random)
      }
    } else {
      try show(place, in: SquarePart(width: side, height: side), rooms, &labels, &random)
    }
    if isPasted { try paste(rooms, &labels, &random) }
    return labels
  }

  /// Four parts around a point, the first at a corner at random.
  private func parts(_ random: inout SplitMix64) -> [SquarePart] {
    func cut() -> Int {
      let share = Self.crossing.lowerBound + (Self.crossing.upperBound - Self.crossing.lowerBound) * random.uniform()
      return Int(bounded: (share * Double(side)).rounded(), in: 1...side - 1)
    }
    let (x, y) = (cut(), cut())
    let all = [
      SquarePart(width: x, height: y), SquarePart(x: x, width: side - x, height: y),
      SquarePart(y: y, width: x, height: side - y), SquarePart(x: x, y: y, width: side - x, height: side - y),
    ]
    let first = random.next(below: 4)
    return (0..<4).map { all[($0 + first) % 4] }
  }

  /// Shows a picture, changed at random, in a part of the square. Boxes whose centre is outside the part are no objects there.
  private func show(
    _ place: Int, in part: SquarePart, _ rooms: Rooms, _ labels: inout Labels, _ random: inout SplitMix64
  ) throws {
    let picture = pictures[place]
    let pixels = try source.pixels(of: picture)
    let change = PictureChange(
      augmentation, boxes: picture.boxes, width: pixels.width, height: pixels.height, side: min(part.width, part.height), &random)
    try show(place, change, in: part, rooms, &labels, &random)
  }

  /// Shows a picture, changed as given.
  func show(
    _ place: Int, _ change: PictureChange, in part: SquarePart, _ rooms: Rooms, _ labels: inout Labels, _ random: inout SplitMix64
  ) throws {
    try rooms.forEach(pictures[place], from: source, &random) { room, pixels, random in
      PictureSampler.fill(room, side: side, pixels, change, part, &random)
    }
    for (number, label) in pictures[place].boxes.enumerated() {
      let box = change.box(label.box, middle: part.middle)
      labels.boxes.append(label.moved(to: box))
      labels.parts.append(part)
      labels.views.append(PictureView(change, in: part))
      labels.origins.append(ObjectOrigin(picture: place, label: number, change: change))
    }
  }
}

/// Objects of other pictures.
extension SquareComposer {
  /// An object that stands alone in its picture.
  private struct Found {
    /// The places of its picture, and of it in there.
    let place: Int, number: Int
    let pixels: TrainingPixels
    let label: LabelledBox
  }

  /// Puts an object of a picture at random, with its margin and changed at random, where it hides no other one, and adds its box.
  private func paste(
    _ rooms: Rooms, _ labels: inout Labels, _ random: inout SplitMix64
  ) throws {
    guard let found = try object(&random) else { return }
    var change = PictureChange(
      augmentation, boxes: [], width: found.pixels.width, height: found.pixels.height, side: side, &random)
    change.center = found.label.box.center
    let wide = change.box(found.label.box.enlarged(by: Self.margin), middle: .zero)
    let hull = wide.hull
    // Bounded: hulls wider than the square are refused below.
    let width = Int(bounded: hull.width.rounded(.up), in: 0...side + 1)
    let height = Int(bounded: hull.height.rounded(.up), in: 0...side + 1)
    guard width > 0, height > 0, width <= side, height <= side else { return }
    for _ in 0..<Self.trials {
      let part = SquarePart(
        x: random.next(below: side - width + 1), y: random.next(below: side - height + 1), width: width, height: height)
      var area = wide
      area.center = part.middle
      guard Self.isFree(area, of: labels.boxes.map(\.box)) else { continue }
      let box = change.box(found.label.box, middle: part.middle)
      try rooms.forEach(pictures[found.place], from: source, &random) { room, pixels, random in
        PictureSampler.paste(room, side: side, pixels, change, part, object: box, &random)
      }
      labels.boxes.append(found.label.moved(to: box))
      labels.parts.append(SquarePart(width: side, height: side))
      labels.views.append(PictureView(change, in: part))
      labels.origins.append(ObjectOrigin(picture: found.place, label: found.number, change: change))
      return
    }
  }

  /// An object at random that lies in its picture with its whole margin, in which nothing else is.
  private func object(_ random: inout SplitMix64) throws -> Found? {
    for _ in 0..<Self.trials {
      let place = random.next(below: pictures.count)
      let picture = pictures[place]
      guard !picture.boxes.isEmpty else { continue }
      let chosen = random.next(below: picture.boxes.count)
      let label = picture.boxes[chosen]
      guard !label.isIgnored, label.box.width > 0, label.box.height > 0 else { continue }
      let pixels = try source.pixels(of: picture)
      let area = label.box.enlarged(by: Self.margin)
      let hull = area.hull
      let isInside =
        hull.left >= 0 && hull.top >= 0 && hull.right <= Double(pixels.width) && hull.bottom <= Double(pixels.height)
      let others = picture.boxes.indices.filter { $0 != chosen }.map { picture.boxes[$0].box }
      guard isInside, Self.isFree(area, of: others) else { continue }
      return Found(place: place, number: chosen, pixels: pixels, label: label)
    }
    return nil
  }

  /// Whether an area hides no more than a little of each box, and no more than a little of it lies in one.
  static func isFree(_ area: OrientedBox, of boxes: [OrientedBox]) -> Bool {
    boxes.allSatisfy { box in
      let overlap = area.iou(with: box)
      // Of the union, which is both areas without what they share.
      let shared = overlap * (area.area + box.area) / (1 + overlap)
      return shared <= coverLimit * min(area.area, box.area)
    }
  }
}

extension OrientedBox {
  /// The same box with longer sides.
  func enlarged(by factor: Double) -> OrientedBox {
    OrientedBox(center: center, width: width * factor, height: height * factor, angle: angle)
  }
}
