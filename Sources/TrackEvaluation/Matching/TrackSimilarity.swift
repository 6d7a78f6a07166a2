import Geometry
import Records

/// The measures of how alike a truth box and a result box are.
public enum TrackSimilarity: String, Sendable, CaseIterable {
  /// Intersection over union of upright boxes; of the upright hulls of oriented ones.
  case iou
  /// Intersection over union of oriented boxes, by exact clipping.
  case rotatedIoU = "rotated-iou"
  /// Intersection over union of the rotated ground rectangles (x, z, length, width, rotation_y) of KITTI's boxes in space.
  case birdsEye = "birds-eye"
  /// One minus the Hellinger distance of the boxes as Gaussians.
  case probIoU = "probiou"
  /// Intersection over union of masks.
  case mask
}

/// Computes the similarities of a frame from its boxes; keeps scratch memory between frames.
struct SimilarityMeasurer: Sendable {
  private let boxes: ComparedBoxes
  private var columns: [Column] = []

  /// An upright box by its edges.
  private struct Column {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    var area: Double

    init(_ box: AxisBox) {
      left = box.left
      top = box.top
      right = box.left + box.width
      bottom = box.top + box.height
      // From the edges, as the reference does: width × height can differ in the last digit.
      area = (right - left) * (bottom - top)
    }
  }

  init(_ boxes: ComparedBoxes) {
    self.boxes = boxes
  }

  /// The truth box at a position, where the boxes compared are those in the picture.
  func truthBox(_ position: Int) -> OrientedBox? {
    switch boxes {
    case .upright(let truth, _): OrientedBox(truth[position])
    case .oriented(let truth, _): truth[position]
    case .gaussian(let truth, _): truth[position].orientedBox
    case .masks(let truth, _): truth[position].hull.map { OrientedBox($0) }
    }
  }

  /// The result box at a position, likewise.
  func resultBox(_ position: Int) -> OrientedBox? {
    switch boxes {
    case .upright(_, let result): OrientedBox(result[position])
    case .oriented(_, let result): result[position]
    case .gaussian(_, let result): result[position].orientedBox
    case .masks(_, let result): result[position].hull.map { OrientedBox($0) }
    }
  }

  /// Fills in the similarities of the boxes at the given positions.
  mutating func measure(truth rows: Range<Int>, result columns: Range<Int>, into matrix: inout SparseSimilarity) {
    switch boxes {
    case .upright(let truth, let result): measure(truth, rows, result, columns, &matrix)
    case .oriented(let truth, let result):
      fill(rows, columns, &matrix) { truth[$0].iou(with: result[$1]) }
    case .gaussian(let truth, let result):
      fill(rows, columns, &matrix) { SimilarityMeasurer.probIoU(truth[$0], result[$1]) }
    case .masks(let truth, let result):
      fill(rows, columns, &matrix) { truth[$0].iou(with: result[$1]) }
    }
  }

  private func fill(
    _ rows: Range<Int>, _ columns: Range<Int>, _ matrix: inout SparseSimilarity, _ similarity: (Int, Int) -> Double
  ) {
    matrix.begin(columns: columns.count)
    for row in rows {
      for column in columns { matrix.append(column: column - columns.lowerBound, similarity(row, column)) }
      matrix.endRow()
    }
  }

  /// Beyond this Bhattacharyya distance 1 − √(1 − exp(−B)) is 0 in double precision.
  private static let farthest = 38.0

  private static func probIoU(_ a: GaussianBox, _ b: GaussianBox) -> Double {
    let sum = a.covariance + b.covariance
    // The distance is at least |Δ|² / (4 λ) for the greatest eigenvalue λ of the sum, and λ is at most its trace.
    if (a.mean - b.mean).squaredLength > 4 * farthest * (sum.xx + sum.yy) { return 0 }
    return a.probIoU(with: b)
  }

  // MARK: - Upright boxes

  private mutating func measure(
    _ truth: AxisBoxColumn, _ rows: Range<Int>, _ result: AxisBoxColumn, _ range: Range<Int>, _ matrix: inout SparseSimilarity
  ) {
    columns.removeAll(keepingCapacity: true)
    for position in range { columns.append(Column(result[position])) }
    matrix.begin(columns: columns.count)
    for position in rows {
      let row = Column(truth[position])
      for index in columns.indices {
        let column = columns[index]
        let width = min(row.right, column.right) - max(row.left, column.left)
        guard width > 0 else { continue }
        let height = min(row.bottom, column.bottom) - max(row.top, column.top)
        guard height > 0 else { continue }
        let intersection = width * height
        let union = row.area + column.area - intersection
        guard row.area > .ulpOfOne, column.area > .ulpOfOne, union > .ulpOfOne else { continue }
        matrix.append(column: index, intersection / union)
      }
      matrix.endRow()
    }
  }
}
