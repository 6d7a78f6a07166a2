import Depth
import Foundation
import Geometry
import Imaging
import ModelFiles
import Records

/// The files that a pair of pictures gives, in one folder.
struct DepthFiles {
  let folder: String
  let overwrite: Bool
  /// Whether places without a measurement keep what was filled in.
  let fills: Bool

  /// Writes the files of one pair.
  ///
  /// - Parameters:
  ///   - prefix: Begins each name; empty for a single pair.
  ///   - rectification: nil for pictures that came rectified without a camera: then there are no metres.
  ///   - image: The rectified left picture.
  func write(_ map: DisparityMap, _ rectification: StereoRectification?, image: Image, prefix: String) throws {
    let shown = fills ? map : map.measured
    try write(shown.values, "\(prefix)disparity", map)
    try write(try ImageFile.png(DepthPictures.preview(shown)), to: "\(prefix)preview.png")
    try writeMask(map, prefix)
    guard let rectification else { return }
    let depths = shown.values.map { $0 > 0 ? rectification.depth($0) : .nan }
    try write(depths, "\(prefix)depth", map)
    try write(DepthPictures.pointCloud(map, rectification, colors: image).ply, to: "\(prefix)points.ply")
  }

  /// Writes the files of one picture of a moving camera.
  ///
  /// - Parameters:
  ///   - map: Inverse depths.
  ///   - image: Without the lens's distortion, as is the camera.
  ///   - worldFromCamera: Where it was taken.
  func write(_ map: DisparityMap, camera: CameraModel, worldFromCamera: RigidTransform, image: Image, prefix: String) throws {
    let shown = fills ? map : map.measured
    let depths = shown.values.map { $0 > 0 ? 1 / $0 : .nan }
    try write(depths, "\(prefix)depth", map)
    try write(try ImageFile.png(DepthPictures.preview(shown)), to: "\(prefix)preview.png")
    try writeMask(map, prefix)
    let cloud = DepthPictures.pointCloud(map, camera: camera, worldFromCamera: worldFromCamera, colors: image)
    try write(cloud.ply, to: "\(prefix)points.ply")
  }

  private func write(_ values: [Float], _ name: String, _ map: DisparityMap) throws {
    try write(try NumPyFile.bytes(Tensor(shape: [map.height, map.width], values)), to: "\(name).npy")
    let bits = DepthPictures.sixteenBits(values)
    try write(try ImageFile.png(grey: bits, width: map.width, height: map.height), to: "\(name).png")
  }

  private func writeMask(_ map: DisparityMap, _ prefix: String) throws {
    let mask = Image(width: map.width, height: map.height, channels: 1, pixels: map.isMeasured.map { $0 ? 255 : 0 })
    try write(try ImageFile.png(mask), to: "\(prefix)measured.png")
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try OutputFolder.write(bytes, to: name, in: folder, overwrite: overwrite)
  }
}
