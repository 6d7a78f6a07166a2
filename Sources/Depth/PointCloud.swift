public import Geometry
import Imaging

/// Points in space with their colours, as a PLY file.
public struct PointCloud: Sendable {
  private var body: [UInt8] = []
  /// The number of points.
  public private(set) var count = 0

  /// No points yet.
  public init() {}

  /// Adds a point; one that is not finite, or that 32 bits cannot hold, is left out.
  public mutating func add(_ point: Vector3, red: UInt8, green: UInt8, blue: UInt8) {
    let values = [Float(point.x), Float(point.y), Float(point.z)]
    guard values.allSatisfy(\.isFinite) else { return }
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) } }
    body += [red, green, blue]
    count += 1
  }

  /// Adds a point with the colour of a picture's pixel, grey or blue, green, red.
  mutating func add(_ point: Vector3, colored image: Image, at index: Int) {
    let pixel = index * image.channels
    func level(_ channel: Int) -> UInt8 { image.pixels[pixel + min(channel, image.channels - 1)] }
    add(point, red: level(2), green: level(1), blue: level(0))
  }

  /// The file (binary, little endian): x, y, z, red, green, blue.
  public var ply: [UInt8] {
    let properties = ["float x", "float y", "float z", "uchar red", "uchar green", "uchar blue"].map { "property \($0)\n" }.joined()
    return Array("ply\nformat binary_little_endian 1.0\nelement vertex \(count)\n\(properties)end_header\n".utf8) + body
  }
}
