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
  /// - Parameters:
  ///   - rows: Row numbers, mostly those of one frame (`rowsByFrame()`).
  ///   - minimumSide: Shorter sides are lengthened to this, for a box without area has no shape as a Gaussian. Pixels.
  public func detections(_ rows: some Sequence<Int>, minimumSide: Double = 1) -> [DetectedBox] {
    var position = 0
    return rows.map { row in
      defer { position += 1 }
      return DetectedBox(
        box: gaussianBox(row, minimumSide: minimumSide), score: confidence(row), classIndex: classIndex(row) ?? 0,
        centerCovariance: centerCovariances.isEmpty ? nil : centerCovariances[row], index: position)
    }
  }

  private func gaussianBox(_ row: Int, minimumSide: Double) -> GaussianBox {
    if orientedBoxes.isEmpty {
      var box = axisBoxes[row]
      let center = box.center
      box.width = max(box.width, minimumSide)
      box.height = max(box.height, minimumSide)
      box.left = center.x - box.width / 2
      box.top = center.y - box.height / 2
      return GaussianBox(box)
    }
    var box = orientedBoxes[row]
    box.width = max(box.width, minimumSide)
    box.height = max(box.height, minimumSide)
    return GaussianBox(box)
  }
}
