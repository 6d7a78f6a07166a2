import Geometry
import Imaging

/// How well views determine a camera: the covariance of its parameters.
///
/// With independent errors of one variance in all coordinates the covariance is σ² (JᵀJ)⁻¹, J the Jacobian of the reprojected points and σ² the
/// residuals' sum of squares over the number of coordinates less that of parameters (R. Hartley and A. Zisserman, "Multiple View Geometry",
/// 2003, section 5.2.3). The poses of the views are eliminated block by block, so the cost grows with the number of views only.
enum CalibrationUncertainty {
  /// Standard deviations of the camera's parameters in their order.
  ///
  /// - Returns: nil where the views do not determine all parameters.
  static func deviations(_ camera: CameraModel, _ poses: [RigidTransform], _ views: [CameraSolver.View]) -> [Double]? {
    let parameters = CameraParameters(camera)
    let count = parameters.values.count
    var normal = [Double](repeating: 0, count: count * count)
    var squares = 0.0
    var coordinates = 0
    for (view, pose) in zip(views, poses) {
      guard let block = ViewBlock(view, pose, parameters), let reduced = block.reduced() else { return nil }
      for i in normal.indices { normal[i] += reduced[i] }
      squares += block.squares
      coordinates += 2 * view.image.count
    }
    let freedom = coordinates - count - 6 * views.count
    guard freedom > 0, let inverse = scaledInverseDiagonal(normal, count) else { return nil }
    return inverse.map { ($0 * squares / Double(freedom)).squareRoot() }
  }

  /// A pivot that lost so much of its diagonal element has no digits left.
  private static let leastPivotShare = 1e-12

  /// The diagonal of the inverse, by way of the matrix with a unit diagonal: parameters have units far apart.
  private static func scaledInverseDiagonal(_ matrix: [Double], _ size: Int) -> [Double]? {
    let scales = (0..<size).map { matrix[$0 * size + $0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var scaled = matrix
    for row in 0..<size { for column in 0..<size { scaled[row * size + column] /= scales[row] * scales[column] } }
    guard let factor = CholeskyFactor(scaled, size: size, leastPivot: { leastPivotShare * $0 }) else { return nil }
    return (0..<size).map { index in
      var unit = [Double](repeating: 0, count: size)
      unit[index] = 1
      return factor.solve(unit)[index] / (scales[index] * scales[index])
    }
  }
}

/// One view's part of the normal equations: the camera's parameters, the view's pose, and what joins them.
private struct ViewBlock {
  private let size: Int
  private var camera: [Double]
  private var pose = [Double](repeating: 0, count: 36)
  private var joint: [Double]
  /// The sum of the squared residuals.
  private(set) var squares = 0.0

  /// - Returns: nil where a point cannot be seen.
  init?(_ view: CameraSolver.View, _ transform: RigidTransform, _ parameters: CameraParameters) {
    size = parameters.values.count
    camera = [Double](repeating: 0, count: size * size)
    joint = [Double](repeating: 0, count: size * 6)
    let model = parameters.camera
    for (board, seen) in zip(view.board, view.image) {
      let point = transform * Vector3(board.x, board.y, 0)
      guard let expected = model.project(point), let rows = Self.rows(parameters, transform, Vector3(board.x, board.y, 0)) else {
        return nil
      }
      squares += (expected - seen).squaredLength
      add(rows.map(\.x))
      add(rows.map(\.y))
    }
  }

  /// Adds the products of one row of the Jacobian: the camera's parameters, then the pose's.
  private mutating func add(_ row: [Double]) {
    for i in 0..<size {
      for j in 0..<size { camera[i * size + j] += row[i] * row[j] }
      for j in 0..<6 { joint[i * 6 + j] += row[i] * row[size + j] }
    }
    for i in 0..<6 { for j in 0..<6 { pose[i * 6 + j] += row[size + i] * row[size + j] } }
  }

  /// The derivatives of a point's place by every parameter, as central differences.
  private static func rows(_ parameters: CameraParameters, _ transform: RigidTransform, _ board: Vector3) -> [Point]? {
    var rows: [Point] = []
    let point = transform * board
    for index in parameters.values.indices {
      // A thousandth of a pixel, or a millionth of a coefficient.
      let step = index < 4 ? 1e-3 : 1e-6
      var (more, less) = (parameters, parameters)
      more.values[index] += step
      less.values[index] -= step
      guard let a = more.camera.project(point), let b = less.camera.project(point) else { return nil }
      rows.append((a - b) / (2 * step))
    }
    let model = parameters.camera
    let step = 1e-6
    for axis in 0..<6 {
      let unit = Vector3(axis % 3 == 0 ? step : 0, axis % 3 == 1 ? step : 0, axis % 3 == 2 ? step : 0)
      let (more, less) =
        axis < 3
        ? (moved(transform, by: unit) * board, moved(transform, by: -unit) * board) : (point + unit, point - unit)
      guard let a = model.project(more), let b = model.project(less) else { return nil }
      rows.append((a - b) / (2 * step))
    }
    return rows
  }

  private static func moved(_ transform: RigidTransform, by turn: Vector3) -> RigidTransform {
    RigidTransform(rotation: Quaternion(rotationVector: turn).rotation * transform.rotation, translation: transform.translation)
  }

  /// The camera's part once the pose is eliminated (Schur complement).
  func reduced() -> [Double]? {
    guard let factor = CholeskyFactor(pose, size: 6, leastPivot: { 1e-14 * $0 }) else { return nil }
    let solved = (0..<size).map { factor.solve(Array(joint[$0 * 6..<$0 * 6 + 6])) }
    var result = camera
    for i in 0..<size {
      for j in 0..<size {
        for k in 0..<6 { result[i * size + j] -= joint[i * 6 + k] * solved[j][k] }
      }
    }
    return result
  }
}
