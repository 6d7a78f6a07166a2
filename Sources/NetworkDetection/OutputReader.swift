import Foundation
internal import Geometry
public import ModelFiles
internal import NetworkGraph

/// Reads boxes out of a detector's output, in pixels of the network's input.
public struct OutputReader: Sendable {
  /// The form of the output.
  public let layout: OutputLayout
  /// The input's width in pixels.
  public let width: Int
  /// The input's height in pixels.
  public let height: Int

  /// A reader for an input of a size.
  public init(_ layout: OutputLayout, width: Int, height: Int) {
    (self.layout, self.width, self.height) = (layout, width, height)
  }

  /// The boxes of at least a score in the order of the output; those with numbers that are not finite are left out.
  ///
  /// - Parameter looks: The vectors of cells, [1, any, height / 4, width / 4], for boxes with embeddings.
  /// - Throws: `NetworkError.invalid` for an output of another shape than the layout's.
  public func boxes(_ output: Tensor, minimumScore: Double, looks: Tensor? = nil) throws -> [NetworkBox] {
    guard let values = output.values(Float.self), isOfLayout(output.shape) else {
      throw NetworkError(
        .invalid,
        "The network's output has become \(Tensor.text(output.shape)) of \(output.type.rawValue); its layout is \(layout.name).")
    }
    let found: [NetworkBox]
    switch layout {
    case .yolo(let classes, let more): found = channelsFirst(values, classes, isOriented: false, masks: more, minimumScore)
    case .yoloOriented(let classes): found = channelsFirst(values, classes, isOriented: true, minimumScore)
    case .yoloAnchors(let classes, let masks):
      found = rows(values, classes, masks: masks, minimumScore) { _, row in pixels(row) }
    case .yolox(let classes, let isDecoded):
      let cells = isDecoded ? [] : Cell.all(width: width, height: height)
      found = rows(values, classes, minimumScore) { index, row in isDecoded ? pixels(row) : cells[index].box(row) }
    case .endToEnd: found = finished(values, output.shape[2], minimumScore, endToEnd)
    case .endToEndOriented: found = finished(values, output.shape[2], minimumScore, endToEndOriented)
    case .fastestDet(let classes): found = fastestDet(values, classes, output.shape, minimumScore)
    case .gaussian(let classes, let masks):
      let looks = try looks.map(vectors) ?? []
      found = GaussianCells(values, classes, masks: masks, looks: looks, width: width, height: height).boxes(minimumScore)
    }
    return found.filter { candidate in
      let box = candidate.box
      return [box.center.x, box.center.y, box.width, box.height, box.angle, candidate.score].allSatisfy(\.isFinite)
        && box.width > 0 && box.height > 0
    }
  }

  private func vectors(_ looks: Tensor) throws -> [Float] {
    let cells = GaussianCells.size(width: width, height: height)
    guard let values = looks.values(Float.self), looks.shape.count == 4, looks.shape[0] == 1,
      (looks.shape[2], looks.shape[3]) == cells
    else {
      throw NetworkError(.invalid, "The network's embeddings have become \(Tensor.text(looks.shape)) of \(looks.type.rawValue).")
    }
    return values
  }

  private func isOfLayout(_ shape: [Int]) -> Bool {
    let cells = OutputLayout.cells(width: width, height: height)
    switch layout {
    case .yolo(let classes, let more): return shape == [1, 4 + classes + more, cells]
    case .yoloOriented(let classes): return shape == [1, 5 + classes, cells]
    case .yoloAnchors(let classes, let masks): return shape == [1, 3 * cells, 5 + classes + masks]
    case .yolox(let classes, _): return shape == [1, cells, 5 + classes]
    case .endToEnd: return shape.count == 3 && shape[0] == 1 && shape[2] >= 6
    case .endToEndOriented: return shape.count == 3 && shape[0] == 1 && shape[2] == 7
    case .fastestDet(let classes): return shape == [1, 5 + classes, height / 16, width / 16]
    case .gaussian(let classes, let masks):
      let cells = GaussianCells.size(width: width, height: height)
      return shape == [1, classes + GaussianCells.channels + masks, cells.rows, cells.columns]
    }
  }

  /// The best of a list of scores; the first of equal ones.
  private func best(_ count: Int, _ score: (Int) -> Float) -> (index: Int, score: Float) {
    var best = (index: 0, score: count > 0 ? score(0) : 0)
    for index in 1..<max(1, count) {
      let next = score(index)
      if next > best.score { best = (index, next) }
    }
    return best
  }

  private func channelsFirst(
    _ values: [Float], _ classes: Int, isOriented: Bool, masks: Int = 0, _ minimum: Double
  ) -> [NetworkBox] {
    let cells = OutputLayout.cells(width: width, height: height)
    // Channel by channel, as the numbers lie.
    var top = [Float](repeating: -.infinity, count: cells)
    var index = [Int](repeating: 0, count: cells)
    for channel in 0..<classes {
      let start = (4 + channel) * cells
      for cell in 0..<cells where values[start + cell] > top[cell] { (top[cell], index[cell]) = (values[start + cell], channel) }
    }
    return (0..<cells).compactMap { cell in
      guard Double(top[cell]) >= minimum else { return nil }
      func value(_ channel: Int) -> Double { Double(values[channel * cells + cell]) }
      let box = OrientedBox(
        center: Point(value(0), value(1)), width: value(2), height: value(3), angle: isOriented ? value(4 + classes) : 0)
      var found = NetworkBox(box: box, score: Double(top[cell]), classIndex: index[cell])
      found.coefficients = (0..<masks).map { values[(4 + classes + $0) * cells + cell] }
      return found
    }
  }

  /// Rows of four numbers of the box, objectness, a score a class and the coefficients of its mask.
  private func rows(
    _ values: [Float], _ classes: Int, masks: Int = 0, _ minimum: Double, box: (Int, ArraySlice<Float>) -> OrientedBox
  ) -> [NetworkBox] {
    let length = 5 + classes + masks
    return (0..<values.count / length).compactMap { row in
      let start = row * length
      let objectness = values[start + 4]
      guard Double(objectness) >= minimum else { return nil }
      let best = best(classes) { values[start + 5 + $0] }
      let score = Double(objectness) * Double(best.score)
      guard score >= minimum else { return nil }
      var found = NetworkBox(box: box(row, values[start..<start + 4]), score: score, classIndex: best.index)
      found.coefficients = Array(values[start + 5 + classes..<start + length])
      return found
    }
  }

  private func pixels(_ row: ArraySlice<Float>) -> OrientedBox {
    let v = row.map(Double.init)
    return OrientedBox(center: Point(v[0], v[1]), width: v[2], height: v[3], angle: 0)
  }

  private func finished(
    _ values: [Float], _ length: Int, _ minimum: Double, _ read: (ArraySlice<Float>) -> OrientedBox
  ) -> [NetworkBox] {
    (0..<values.count / length).compactMap { row in
      let numbers = values[row * length..<(row + 1) * length]
      let (score, kind) = (Double(numbers[numbers.startIndex + 4]), Double(numbers[numbers.startIndex + 5]))
      guard score >= minimum, kind >= 0 else { return nil }
      var found = NetworkBox(box: read(numbers), score: score, classIndex: Int(bounded: kind.rounded(), in: 0...Int(Int32.max)))
      // Rows of seven end in an angle.
      if length > 7 { found.coefficients = Array(numbers.dropFirst(6)) }
      return found
    }
  }

  private func endToEnd(_ row: ArraySlice<Float>) -> OrientedBox {
    let v = row.map(Double.init)
    return OrientedBox(center: Point((v[0] + v[2]) / 2, (v[1] + v[3]) / 2), width: v[2] - v[0], height: v[3] - v[1], angle: 0)
  }

  private func endToEndOriented(_ row: ArraySlice<Float>) -> OrientedBox {
    let v = row.map(Double.init)
    return OrientedBox(center: Point(v[0], v[1]), width: v[2], height: v[3], angle: v[6])
  }

  /// FastestDet's authors weigh a score as objectness^0.6 · class^0.4; offsets count from the cell's corner.
  private func fastestDet(_ values: [Float], _ classes: Int, _ shape: [Int], _ minimum: Double) -> [NetworkBox] {
    let (rows, columns) = (shape[2], shape[3])
    let cells = rows * columns
    return (0..<cells).compactMap { cell in
      func value(_ channel: Int) -> Double { Double(values[channel * cells + cell]) }
      let best = best(classes) { values[(5 + $0) * cells + cell] }
      let score = pow(value(0), 0.6) * pow(Double(best.score), 0.4)
      guard score >= minimum else { return nil }
      let x = (Double(cell % columns) + tanh(value(1))) / Double(columns)
      let y = (Double(cell / columns) + tanh(value(2))) / Double(rows)
      let (w, h) = (1 / (1 + exp(-value(3))), 1 / (1 + exp(-value(4))))
      let box = OrientedBox(
        center: Point(x * Double(width), y * Double(height)), width: w * Double(width), height: h * Double(height), angle: 0)
      return NetworkBox(box: box, score: score, classIndex: best.index)
    }
  }
}

/// A cell of one of YOLOX' grids.
private struct Cell {
  let column: Double
  let row: Double
  let stride: Double

  /// All cells in the order of the output's rows.
  static func all(width: Int, height: Int) -> [Cell] {
    OutputLayout.strides.flatMap { stride in
      (0..<height / stride).flatMap { row in
        (0..<width / stride).map { Cell(column: Double($0), row: Double(row), stride: Double(stride)) }
      }
    }
  }

  func box(_ row: ArraySlice<Float>) -> OrientedBox {
    let v = row.map(Double.init)
    return OrientedBox(
      center: Point((v[0] + column) * stride, (v[1] + self.row) * stride), width: exp(v[2]) * stride, height: exp(v[3]) * stride,
      angle: 0)
  }
}
