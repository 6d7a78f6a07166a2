public import Geometry

/// A file that tells one camera, or two that are fixed to each other.
public struct CameraFile: Sendable, Equatable {
  /// How it is written.
  public enum Format: String, Sendable, CaseIterable {
    /// OpenCV's storage as YAML; also that of ROS.
    case openCV = "opencv"
    /// OpenCV's storage as XML.
    case openCVXML = "opencv-xml"
    /// Kalibr's chain of cameras.
    case kalibr
    /// COLMAP's `cameras.txt`.
    case colmap
    /// KITTI's projection matrices of rectified cameras.
    case kitti
  }

  /// The cameras, in this package's pixels and in metres.
  public var rig: CameraRig
  /// How the file is written.
  public var format: Format
  /// What a person should know of it.
  public var warnings: [String] = []
  /// How well the cameras are known, where a calibration has told.
  public var quality: [CameraQuality] = []
  /// The root mean square of the reprojection errors of both cameras together, in pixels.
  public var stereoError: Double?

  /// - Parameters: As the properties of their names.
  public init(rig: CameraRig, format: Format = .openCV, warnings: [String] = []) {
    self.rig = rig
    self.format = format
    self.warnings = warnings
  }
}

/// How well a camera is known.
public struct CameraQuality: Sendable, Equatable {
  /// The root mean square of the distances between corners seen and expected, in pixels.
  public var error: Double
  /// The same of each view.
  public var viewErrors: [Double]
  /// Standard deviations of focal lengths, principal point and coefficients, in their order.
  public var deviations: [Double]

  /// - Parameters: As the properties of their names.
  public init(error: Double, viewErrors: [Double], deviations: [Double]) {
    self.error = error
    self.viewErrors = viewErrors
    self.deviations = deviations
  }
}
