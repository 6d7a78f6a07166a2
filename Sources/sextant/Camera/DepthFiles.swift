import Depth
import Foundation
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
    let mask = Image(width: map.width, height: map.height, channels: 1, pixels: map.isMeasured.map { $0 ? 255 : 0 })
    try write(try ImageFile.png(mask), to: "\(prefix)measured.png")
    guard let rectification else { return }
    let depths = shown.values.map { $0 > 0 ? rectification.depth($0) : .nan }
    try write(depths, "\(prefix)depth", map)
    try write(DepthPictures.pointCloud(map, rectification, colors: image), to: "\(prefix)points.ply")
  }

  private func write(_ values: [Float], _ name: String, _ map: DisparityMap) throws {
    try write(try NumPyFile.bytes(Tensor(shape: [map.height, map.width], values)), to: "\(name).npy")
    let bits = DepthPictures.sixteenBits(values)
    try write(try ImageFile.png(grey: bits, width: map.width, height: map.height), to: "\(name).png")
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try bytes.withUnsafeBytes { try sink.write($0) }
    try sink.close()
  }
}
