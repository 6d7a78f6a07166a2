import Geometry
public import Imaging
import Records
import Reports

/// A calibration as a page for people: the parameters, the views, where the corners lie, the corners drawn, the undistorted picture.
public enum CalibrationReport {
  /// A picture of the page.
  public struct Picture: Sendable {
    /// The picture's file, a JPEG.
    public var bytes: [UInt8]
    /// What it shows.
    public var caption: String

    /// - Parameters: As the properties of their names.
    public init(bytes: [UInt8], caption: String) {
      self.bytes = bytes
      self.caption = caption
    }
  }

  /// One camera's part of the page.
  public struct Part: Sendable {
    /// What it is called: "camera", "left camera".
    public var name: String
    /// What was found.
    public var calibration: CameraCalibration
    /// Pictures with the corners drawn, and the undistorted one.
    public var pictures: [Picture]

    /// - Parameters: As the properties of their names.
    public init(name: String, calibration: CameraCalibration, pictures: [Picture]) {
      self.name = name
      self.calibration = calibration
      self.pictures = pictures
    }
  }

  /// The page as HTML.
  public static func page(_ parts: [Part], stereo: StereoCalibration?, statements: [(name: String, text: String)]) -> String {
    var report = HTMLReport(title: "Camera calibration", statements: statements)
    if let stereo {
      report.heading("Both cameras")
      report.paragraph(
        "Distance \(rounded(1000 * stereo.baseline, 2)) mm from \(stereo.pairCount) pairs, reprojection error \(rounded(stereo.error, 4)) pixels."
      )
      report.list(stereo.warnings)
    }
    for part in parts { add(part, to: &report) }
    return report.text
  }

  private static func add(_ part: Part, to report: inout HTMLReport) {
    let calibration = part.calibration
    report.heading("The \(part.name)")
    report.paragraph(
      "\(calibration.views.count) views, reprojection error \(rounded(calibration.error, 4)) pixels; corners in \(CoverageGrid(calibration).filled) of \(CoverageGrid.cells) parts of the picture."
    )
    report.add(parameterTable(calibration))
    report.add(CoverageGrid(calibration).map)
    report.add(viewTable(calibration))
    report.list(calibration.dropped.map { "left out: \($0.name), \($0.reason)" })
    for (index, picture) in part.pictures.enumerated() {
      report.add(
        picture: picture.bytes, type: "image/jpeg", caption: picture.caption,
        anchor: "\(part.name.replacing(" ", with: "-"))-\(index)")
    }
  }

  /// The parameters in OpenCV's pixels, as the file has them.
  public static func parameterTable(_ calibration: CameraCalibration) -> MetricTable {
    var table = MetricTable(
      title: "parameters",
      columns: [MetricColumn("parameter"), MetricColumn("value", decimals: 5), MetricColumn("95 % ±", decimals: 5)])
    let camera = calibration.camera
    let values = [camera.focalX, camera.focalY, camera.center.x - 0.5, camera.center.y - 0.5] + camera.distortion.coefficients
    for (name, (value, deviation)) in zip(CameraParameters.names(of: camera), zip(values, calibration.deviations)) {
      table.append([.text(name), .real(value), .real(normalQuantile * deviation)])
    }
    return table
  }

  /// Half the width of a normal distribution's middle 95 per cent, in standard deviations.
  static let normalQuantile = 1.959964

  private static func viewTable(_ calibration: CameraCalibration) -> MetricTable {
    let columns = [
      MetricColumn("view"), MetricColumn("points"), MetricColumn("error, pixels", decimals: 3),
      MetricColumn("edge, pixels", decimals: 2),
      MetricColumn("distance, metres", decimals: 3),
    ]
    var table = MetricTable(title: "views", columns: columns)
    for (index, view) in calibration.views.enumerated() {
      table.append([
        .text(view.name), .integer(view.sighting.points.count), .real(calibration.viewErrors[index]), .real(view.edgeWidth),
        .real(calibration.poses[index].translation.length),
      ])
    }
    return table
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> String {
    let scale = decimals == 2 ? 100.0 : 10_000.0
    return "\((value * scale).rounded() / scale)"
  }

  /// The longest side of the page's pictures, in pixels.
  private static let pictureSide = 520.0

  /// A view's picture, made small, with its points and the lines along its rows.
  ///
  /// - Throws: `ImagingError` where it cannot be drawn.
  public static func picture(of view: BoardView, in image: Image, columns: Int) throws(ImagingError) -> Picture {
    var drawing = try image.bgr()
    let thickness = max(1, Int(bounded: Double(image.width) / pictureSide, in: 1...64))
    let points = view.sighting.points
    for (a, b) in zip(points.indices, points.indices.dropFirst())
    where view.sighting.numbers[a] / columns == view.sighting.numbers[b] / columns {
      try drawing.drawLine(from: points[a], to: points[b], thickness: thickness, color: Color(red: 0, green: 170, blue: 255))
    }
    let radius = 3 * Double(thickness)
    for point in points {
      for (x, y) in [(radius, radius), (radius, -radius)] {
        try drawing.drawLine(
          from: point - Point(x, y), to: point + Point(x, y), thickness: thickness, color: Color(red: 255, green: 60, blue: 0))
      }
    }
    return Picture(bytes: try ImageFile.jpeg(try small(drawing), quality: 80), caption: view.name)
  }

  /// A picture without the lens's distortion.
  ///
  /// - Throws: `ImagingError` where it cannot be made.
  public static func undistorted(_ image: Image, by camera: CameraModel, name: String) throws(ImagingError) -> Picture {
    let straight = try image.remapped(by: PixelMap(from: camera, to: camera.undistorted))
    return Picture(bytes: try ImageFile.jpeg(try small(straight), quality: 80), caption: "\(name) without distortion")
  }

  private static func small(_ image: Image) throws(ImagingError) -> Image {
    let scale = min(1, pictureSide / Double(max(image.width, image.height)))
    func side(_ length: Int) -> Int { Int(bounded: (Double(length) * scale).rounded(), in: 1...length) }
    return try image.resized(width: side(image.width), height: side(image.height))
  }
}

/// How many corners lie in each part of the picture.
private struct CoverageGrid {
  static let columns = 8
  static let rows = 6
  static var cells: Int { columns * rows }
  private var counts = [Int](repeating: 0, count: cells)

  init(_ calibration: CameraCalibration) {
    let (width, height) = (Double(calibration.camera.width), Double(calibration.camera.height))
    for point in calibration.views.flatMap(\.sighting.points) {
      let column = Int(bounded: point.x / width * Double(Self.columns), in: 0...Self.columns - 1)
      let row = Int(bounded: point.y / height * Double(Self.rows), in: 0...Self.rows - 1)
      counts[row * Self.columns + column] += 1
    }
  }

  var filled: Int { counts.count { $0 > 0 } }

  var map: HeatMap {
    let most = Double(max(1, counts.max() ?? 1))
    let shares = (0..<Self.rows).map { row in
      counts[row * Self.columns..<(row + 1) * Self.columns].map { Optional(Double($0) / most) }
    }
    return HeatMap(
      title: "corners in each part of the picture, as a share of the most", rows: (1...Self.rows).map(String.init),
      columns: (1...Self.columns).map(String.init), shares: shares, rowLabel: "down", columnLabel: "across")
  }
}
