import Foundation
import ModelFiles

/// Operations on boxes.
extension Kernels {
  static let regions: [String: Kernel] = [
    "NonMaxSuppression": .one { try nonMaximumSuppression($0) },
    "RoiAlign": .one { try regionAlign($0) },
  ]

  /// Greedy, per batch and class; boxes of equal score keep their order.
  private static func nonMaximumSuppression(_ call: KernelCall) throws -> Tensor {
    let (boxes, scores) = (try call.input(0), try call.input(1))
    guard boxes.rank == 3, scores.rank == 3, boxes.shape[2] == 4, boxes.shape[0] == scores.shape[0],
      boxes.shape[1] == scores.shape[2]
    else { throw call.fault("has boxes \(Tensor.text(boxes.shape)) and scores \(Tensor.text(scores.shape))") }
    let limit = call.optional(2) == nil ? 0 : try call.integer(2)
    let overlap = call.optional(3) == nil ? 0 : try call.number(3)
    let threshold = call.optional(4) == nil ? -Double.infinity : try call.number(4)
    let isCentred = try call.flag("center_point_box")
    let (corners, values) = (boxes.elements.doubles, scores.elements.doubles)
    let (classes, count) = (scores.shape[1], scores.shape[2])
    let areas = (0..<boxes.shape[0] * count).map { SuppressedBox(corners[$0 * 4..<$0 * 4 + 4], isCentred: isCentred) }
    var result: [Int64] = []
    for batch in 0..<scores.shape[0] {
      for kind in 0..<classes {
        let start = (batch * classes + kind) * count
        let order = (0..<count).filter { values[start + $0] > threshold }
          .sorted { (values[start + $1], $0) < (values[start + $0], $1) }
        var kept: [Int] = []
        for box in order where kept.count < limit {
          let isCovered = kept.contains { areas[batch * count + $0].overlap(areas[batch * count + box]) > overlap }
          if !isCovered { kept.append(box) }
        }
        for box in kept { result += [Int64(batch), Int64(kind), Int64(box)] }
      }
    }
    return try Tensor(shape: [result.count / 3, 3], result)
  }

  private static func regionAlign(_ call: KernelCall) throws -> Tensor {
    let (input, regions) = (try call.input(0), try call.input(1))
    let batches = try call.integers(2)
    guard input.rank == 4, regions.rank == 2, regions.shape[1] == 4, batches.count == regions.shape[0],
      batches.allSatisfy({ 0..<input.shape[0] ~= $0 })
    else { throw call.fault("has regions that do not fit its input") }
    let (rows, columns) = (try call.int("output_height", default: 1), try call.int("output_width", default: 1))
    let (ratio, scale) = (try call.int("sampling_ratio", default: 0), try call.float("spatial_scale", default: 1))
    let isMaximum = try call.string("mode", default: "avg") == "max"
    // Before version 16 pixels were not shifted by half of one.
    let transform = try call.string(
      "coordinate_transformation_mode", default: call.version >= 16 ? "half_pixel" : "output_half_pixel")
    let isShifted = transform == "half_pixel"
    guard rows > 0, columns > 0, ratio >= 0, ratio <= 64 else { throw call.fault("has a size or sampling ratio out of range") }
    let shape = [regions.shape[0], input.shape[1], rows, columns]
    var result = [Double](repeating: 0, count: try call.count(shape))
    let (values, corners) = (input.elements.doubles, regions.elements.doubles)
    let sampler = RegionSampler(height: input.shape[2], width: input.shape[3])
    let offset = isShifted ? 0.5 : 0
    for region in 0..<shape[0] {
      let corner = corners[region * 4..<region * 4 + 4].map { $0 * scale - offset }
      var (width, height) = (corner[2] - corner[0], corner[3] - corner[1])
      if !isShifted { (width, height) = (max(width, 1), max(height, 1)) }
      let (cellWidth, cellHeight) = (width / Double(columns), height / Double(rows))
      // Bounded, so that a huge region cannot ask for unbounded work.
      let samples = { (cell: Double) in ratio > 0 ? ratio : Int(min(max(cell.rounded(.up), 1), 4096)) }
      let (down, across) = (samples(cellHeight), samples(cellWidth))
      Windows.forEachPosition([rows, columns]) { cell, position in
        var taps: [[(place: Int, weight: Double)]] = []
        for row in 0..<down {
          let y = corner[1] + (Double(position[0]) + (Double(row) + 0.5) / Double(down)) * cellHeight
          for column in 0..<across {
            // Bounded: the samples below 4,096.
            let x = corner[0] + (Double(position[1]) + (Double(column) + 0.5) / Double(across)) * cellWidth
            taps.append(sampler.taps(x: x, y: y))
          }
        }
        for channel in 0..<shape[1] {
          let plane = (batches[region] * shape[1] + channel) * sampler.count
          let target = (region * shape[1] + channel) * rows * columns + cell
          if isMaximum {
            // The largest of all weighted corners, not of the interpolated samples: so ONNX Runtime has it.
            result[target] = taps.joined().map { values[plane + $0.place] * $0.weight }.max() ?? 0
          } else {
            result[target] = taps.joined().reduce(0) { $0 + values[plane + $1.place] * $1.weight } / Double(taps.count)
          }
        }
      }
    }
    return try call.result(shape, result, type: input.type)
  }
}

private struct SuppressedBox {
  let (top, left, bottom, right): (Double, Double, Double, Double)

  /// - Parameter values: Two opposite corners y1 x1 y2 x2, or centre and size cx cy w h.
  init(_ values: ArraySlice<Double>, isCentred: Bool) {
    let v = Array(values)
    if isCentred {
      (left, top, right, bottom) = (v[0] - v[2] / 2, v[1] - v[3] / 2, v[0] + v[2] / 2, v[1] + v[3] / 2)
    } else {
      (top, left, bottom, right) = (min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
    }
  }

  /// Intersection over union.
  func overlap(_ other: SuppressedBox) -> Double {
    let height = min(bottom, other.bottom) - max(top, other.top)
    let width = min(right, other.right) - max(left, other.left)
    guard height > 0, width > 0 else { return 0 }
    let inside = height * width
    let union = (bottom - top) * (right - left) + (other.bottom - other.top) * (other.right - other.left) - inside
    return union > 0 ? inside / union : 0
  }
}

/// Bilinear samples of a picture; nothing more than a pixel outside.
private struct RegionSampler {
  let height: Int
  let width: Int
  var count: Int { height * width }

  func taps(x: Double, y: Double) -> [(place: Int, weight: Double)] {
    guard y >= -1, y <= Double(height), x >= -1, x <= Double(width), count > 0 else { return [] }
    let (row, rowRest) = split(y, size: height)
    let (column, columnRest) = split(x, size: width)
    let (below, right) = (min(row + 1, height - 1), min(column + 1, width - 1))
    return [
      (row * width + column, (1 - rowRest) * (1 - columnRest)), (row * width + right, (1 - rowRest) * columnRest),
      (below * width + column, rowRest * (1 - columnRest)), (below * width + right, rowRest * columnRest),
    ]
  }

  private func split(_ value: Double, size: Int) -> (Int, Double) {
    let value = max(value, 0)
    // Bounded: a tap lies at most a cell beyond the picture, others have none (`taps`).
    let floor = Int(value.rounded(.down))
    return floor >= size - 1 ? (size - 1, 0) : (floor, value - Double(floor))
  }
}
