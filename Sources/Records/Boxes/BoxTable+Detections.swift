import Geometry

extension BoxTable {
  /// The detections of one frame as rows, without identities.
  ///
  /// - Parameters:
  ///   - frame: From 0.
  ///   - classes: The names that the detections' class indices point into; a single `object` tells no classes.
  public init(_ detections: [DetectedBox], frame: Int, classes: [String], format: BoxFormat) {
    self.init(format: format)
    self.classes = classes
    frames = detections.map { _ in Int32(clamping: frame) }
    ids = detections.map { _ in -1 }
    orientedBoxes = detections.map(\.box.orientedBox)
    confidences = detections.map(\.score)
    if classes != ["object"] { classIndices = detections.map { Int16(clamping: $0.classIndex) } }
    centerCovariances = detections.map(\.centerCovariance)
  }

  /// Rows as a tracker takes them; `index` is the position among the given rows.
  ///
  /// A box without area has no shape as a Gaussian: a side of nothing is taken for one of a pixel. All others stay as they are, so that what a
  /// detector found is the same read from a file.
  ///
  /// - Parameter rows: Row numbers, mostly those of one frame (`rowsByFrame()`).
  public func detections(_ rows: some Sequence<Int>) -> [DetectedBox] {
    var position = 0
    return rows.map { row in
      defer { position += 1 }
      return DetectedBox(
        box: gaussianBox(row), score: confidence(row), classIndex: classIndex(row) ?? 0,
        centerCovariance: centerCovariances.isEmpty ? nil : centerCovariances[row], index: position)
    }
  }

  private func gaussianBox(_ row: Int) -> GaussianBox {
    if orientedBoxes.isEmpty {
      var box = axisBoxes[row]
      let center = box.center
      box.width = BoxTable.side(box.width)
      box.height = BoxTable.side(box.height)
      box.left = center.x - box.width / 2
      box.top = center.y - box.height / 2
      return GaussianBox(box)
    }
    var box = orientedBoxes[row]
    box.width = BoxTable.side(box.width)
    box.height = BoxTable.side(box.height)
    return GaussianBox(box)
  }

  /// Sides below this are none, pixels: they are what rounding leaves of nothing.
  private static let leastSide = 1e-3

  private static func side(_ given: Double) -> Double { given > leastSide ? given : 1 }
}
