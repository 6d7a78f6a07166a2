import Geometry

/// A camera as the numbers that a calibration determines: focal lengths, principal point, coefficients.
struct CameraParameters {
  /// In the order of `names`.
  var values: [Double]
  private let model: CameraModel

  init(_ model: CameraModel) {
    self.model = model
    values = [model.focalX, model.focalY, model.center.x, model.center.y] + model.distortion.coefficients
  }

  var camera: CameraModel {
    let lens = Array(values[4...])
    let distortion: CameraModel.Distortion
    if case .fisheye = model.distortion { distortion = .fisheye(lens) } else { distortion = .radialTangential(lens) }
    return CameraModel(
      width: model.width, height: model.height, focalX: values[0], focalY: values[1], center: Point(values[2], values[3]),
      distortion: distortion)
  }

  /// The names of a camera's parameters, for tables.
  static func names(of camera: CameraModel) -> [String] {
    let pinhole = ["k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"]
    let fisheye = ["k1", "k2", "k3", "k4"]
    let names: [String]
    if case .fisheye = camera.distortion { names = fisheye } else { names = pinhole }
    return ["fx", "fy", "cx", "cy"] + names.prefix(camera.distortion.coefficients.count)
  }
}
