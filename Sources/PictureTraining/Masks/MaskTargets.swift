internal import Foundation
internal import Geometry
internal import Models

/// Where the pixels of a part of a square come from in a picture: a similarity.
struct PictureView: Sendable, Equatable {
  /// The point of the picture at the square's upper left corner, and the steps for one pixel to the right and down.
  let origin: Point, right: Point, down: Point

  init(_ change: PictureChange, in part: SquarePart) {
    let source = change.source(width: part.width, height: part.height)
    (right, down) = (source.right, source.down)
    origin = source.origin - right * Double(part.x) - down * Double(part.y)
  }

  /// The point of the picture that is seen at a point of the square.
  func point(_ x: Double, _ y: Double) -> Point { origin + right * x + down * y }
}

/// The masks of the objects in a square: the inputs of `MaskLoss.inputNames`.
struct MaskTargets {
  /// [cells, objects]
  private(set) var claims: [Float]
  /// [objects, cells]
  private(set) var masks: [Float]
  /// [objects, cells]
  private(set) var regions: [Float]
  private let cells: Int
  private let side: Int

  private static let stride = PyramidSize.decoderStride
  /// How many times as long as a box's sides those of the region are in which its mask is learned: what lies around an object is learned not to be
  /// it, and a box that is found too small does not cut it. `OutputLayout` cuts masks likewise.
  static let reach = 1.5

  /// - Parameters:
  ///   - labels: Of the square.
  ///   - targets: What its cells tell of boxes.
  ///   - random: Chooses objects where there are more than are learned.
  init(_ labels: SquareComposer.Labels, _ targets: DetectorTargets, side: Int, _ random: inout SplitMix64) {
    (cells, self.side) = (targets.cells, side)
    let (count, room) = (cells * cells, MaskLoss.objects)
    claims = [Float](repeating: 0, count: count * room)
    masks = [Float](repeating: 0, count: room * count)
    regions = [Float](repeating: 0, count: room * count)
    for (slot, object) in Self.chosen(targets.told, &random).enumerated() {
      let total = object.claims.reduce(0) { $0 + $1.strength }
      for claim in object.claims { claims[claim.place * room + slot] = claim.strength / total }
      let label = labels.boxes[object.index]
      let region = region(of: label.box, holding: object.claims[0].place)
      let shares = shares(label, labels.parts[object.index], labels.views[object.index], region)
      for (place, share) in zip(region, shares) {
        masks[slot * count + place] = share
        regions[slot * count + place] = Float(label.weight) / Float(region.count)
      }
    }
  }

  /// As many objects as are learned, at random, in their order.
  private static func chosen(_ told: [DetectorTargets.Told], _ random: inout SplitMix64) -> [DetectorTargets.Told] {
    guard told.count > MaskLoss.objects else { return told }
    var places = Array(told.indices)
    for place in 0..<MaskLoss.objects { places.swapAt(place, place + random.next(below: places.count - place)) }
    return places.prefix(MaskLoss.objects).sorted().map { told[$0] }
  }

  /// The cells whose middles lie in a box that is enlarged; one at least.
  private func region(of box: OrientedBox, holding place: Int) -> [Int] {
    let wide = box.enlarged(by: Self.reach)
    let (hull, axis, step) = (wide.hull, Point(angle: wide.angle), Double(Self.stride))
    func range(_ from: Double, _ to: Double) -> Range<Int> {
      let first = Int(bounded: (from / step).rounded(.down), in: 0...cells)
      return first..<max(first, Int(bounded: (to / step).rounded(.up), in: 0...cells))
    }
    let columns = range(hull.left, hull.right)
    let inside = range(hull.top, hull.bottom).flatMap { row in
      columns.compactMap { column -> Int? in
        let d = Point(Double(column) + 0.5, Double(row) + 0.5) * step - wide.center
        let isIn = abs(axis.dot(d)) <= wide.width / 2 && abs(axis.cross(d)) <= wide.height / 2
        return isIn ? row * cells + column : nil
      }
    }
    return inside.isEmpty ? [place] : inside
  }

  /// How much of each cell is the object's; nothing outside the part in which it is seen.
  private func shares(_ label: LabelledBox, _ part: SquarePart, _ view: PictureView, _ places: [Int]) -> [Float] {
    let (stride, raster) = (Self.stride, label.mask.map(MaskRaster.init))
    return places.map { place in
      let (left, top) = (place % cells * stride, place / cells * stride)
      guard let raster else {
        let middle = Point(Double(left) + Double(stride) / 2, Double(top) + Double(stride) / 2)
        return part.contains(middle) ? Float(Self.likelihood(middle, label.box)) : 0
      }
      var hits = 0
      for y in top..<top + stride {
        for x in left..<left + stride {
          let point = Point(Double(x) + 0.5, Double(y) + 0.5)
          if part.contains(point), raster.holds(view.point(point.x, point.y)) { hits += 1 }
        }
      }
      return Float(hits) / Float(stride * stride)
    }
  }

  /// What stands for a mask where only a box is known: a Gaussian along the box's axes that is one half on the inscribed ellipse, exp(−½ d²) with
  /// variances sides² ∕ (8 ln 2). That an object of which one knows the box alone reaches to the ellipse is as likely as not.
  static func likelihood(_ point: Point, _ box: OrientedBox) -> Double {
    let (d, axis) = (point - box.center, Point(angle: box.angle))
    let (u, v) = (2 * axis.dot(d) / box.width, 2 * axis.cross(d) / box.height)
    return exp2(-(u * u + v * v))
  }
}

/// The pixels of a mask within its hull, to be asked one by one.
private struct MaskRaster {
  private let columns: Range<Int>, rows: Range<Int>
  private let values: [Bool]

  init(_ mask: RunLengthMask) {
    let (columns, rows) = mask.hull ?? (0..<0, 0..<0)
    var values = [Bool](repeating: false, count: columns.count * rows.count)
    mask.forEachRun { place, count in
      for pixel in place..<place + count {
        values[(pixel % mask.height - rows.lowerBound) * columns.count + pixel / mask.height - columns.lowerBound] = true
      }
    }
    (self.columns, self.rows, self.values) = (columns, rows, values)
  }

  /// Whether the pixel that a point lies in is one of the mask's.
  func holds(_ point: Point) -> Bool {
    guard point.x >= Double(columns.lowerBound), point.y >= Double(rows.lowerBound), point.x < Double(columns.upperBound),
      point.y < Double(rows.upperBound)
    else { return false }
    // Bounded: within the hull, as just asked.
    return values[(Int(point.y) - rows.lowerBound) * columns.count + Int(point.x) - columns.lowerBound]
  }
}
