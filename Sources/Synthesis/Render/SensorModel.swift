import Geometry
import Imaging

/// Turns light into 8-bit values, with noise.
struct SensorModel: Sendable {
  private let noise: Float
  private let seed: UInt64
  /// Standard normal values to draw from.
  private let table: [Float]

  private static let tableShift = 16

  init(_ sensor: Scene.Sensor, seed: UInt64) {
    noise = Float(sensor.noise)
    self.seed = seed
    guard sensor.noise > 0 else {
      table = []
      return
    }
    var generator = SplitMix64(seed: seed, purpose: 0x4015E)
    table = (0..<1 << SensorModel.tableShift).map { _ in Float(generator.normal()) }
  }

  func image(_ colors: [Canvas.Pixel], width: Int, height: Int, gain: Double, ordinal: Int) -> Image {
    let scale = Float(255 * gain)
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { bytes, count in
      for row in 0..<height {
        // Each row of each frame reads the table from a place of its own.
        var place = Int(truncatingIfNeeded: SplitMix64.mixed(seed ^ UInt64(ordinal) << 20 ^ UInt64(row)) >> 40)
        for i in row * width..<(row + 1) * width {
          var value = colors[i] * scale + 0.5
          if noise > 0 {
            let mask = (1 << SensorModel.tableShift) - 1
            let n = SIMD4(table[place & mask], table[(place + 1) & mask], table[(place + 2) & mask], 0)
            value += n * noise
            place += 3
          }
          let byte = SIMD4<UInt8>(
            truncatingIfNeeded: SIMD4<Int32>(value.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))))
          // 3 · i + 2 < 3 · width · height, the capacity.
          bytes[3 * i] = byte.x
          bytes[3 * i + 1] = byte.y
          bytes[3 * i + 2] = byte.z
        }
      }
      count = 3 * width * height
    }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }
}
