import Foundation
import ModelFiles

/// Operations that read a picture between its pixels.
extension Kernels {
  static let sampling: [String: Kernel] = [
    "Resize": .one { try resized($0) },
    "Upsample": .one { try resized($0) },
    "GridSample": .one { call in
      let (input, grid) = (try call.input(0), try call.input(1))
      guard input.rank == 4, grid.rank == 4, grid.shape[3] == 2, grid.shape[0] == input.shape[0] else {
        throw call.unsupported("samples \(Tensor.text(input.shape)) at \(Tensor.text(grid.shape))")
      }
      let sampler = try GridSampler(call, height: input.shape[2], width: input.shape[3])
      let shape = [input.shape[0], input.shape[1], grid.shape[1], grid.shape[2]]
      var result = [Double](repeating: 0, count: try call.count(shape))
      let (values, points) = (input.elements.doubles, grid.elements.doubles)
      let (plane, target) = (input.shape[2] * input.shape[3], shape[2] * shape[3])
      for batch in 0..<shape[0] {
        for point in 0..<target {
          let place = (batch * target + point) * 2
          let taps = sampler.taps(x: points[place], y: points[place + 1])
          for channel in 0..<shape[1] {
            let start = (batch * shape[1] + channel) * plane
            result[(batch * shape[1] + channel) * target + point] = taps.reduce(0) { $0 + values[start + $1.place] * $1.weight }
          }
        }
      }
      return try call.result(shape, result, type: input.type)
    },
  ]
}

/// Where GridSample reads for a point in −1…1.
private struct GridSampler {
  private let height: Int
  private let width: Int
  private let mode: String
  private let padding: String
  private let isAligned: Bool

  init(_ call: KernelCall, height: Int, width: Int) throws {
    self.height = height
    self.width = width
    let name = try call.string("mode", default: "bilinear")
    mode = name == "linear" ? "bilinear" : name == "cubic" ? "bicubic" : name
    padding = try call.string("padding_mode", default: "zeros")
    isAligned = try call.flag("align_corners")
    guard ["bilinear", "nearest", "bicubic"].contains(mode), ["zeros", "border", "reflection"].contains(padding) else {
      throw call.unsupported("has the mode '\(mode)' with '\(padding)'")
    }
    guard height > 0, width > 0 else { throw call.fault("samples an empty picture") }
  }

  func taps(x: Double, y: Double) -> [(place: Int, weight: Double)] {
    var result: [(place: Int, weight: Double)] = []
    for (row, rowWeight) in line(y, size: height) {
      for (column, weight) in line(x, size: width) { result.append((row * width + column, rowWeight * weight)) }
    }
    return result
  }

  /// The pixels and weights along one axis; those outside are left out, or stand for what the padding has there.
  private func line(_ coordinate: Double, size: Int) -> [(Int, Double)] {
    var x = isAligned ? (coordinate + 1) / 2 * Double(size - 1) : ((coordinate + 1) * Double(size) - 1) / 2
    guard x.isFinite else { return [] }
    if mode != "bicubic" { x = padded(x, size: size) }
    // Far outside nothing but zeros is read.
    x = min(max(x, -1e9), 1e9)
    let taps: [(Int, Double)]
    switch mode {
    // Bounded: x above.
    case "nearest": taps = [(Int(x.rounded(.toNearestOrEven)), 1)]
    case "bicubic":
      let floor = x.rounded(.down)
      // Bounded: x above.
      taps = (-1...2).map { step in (Int(floor) + step, cubic(abs(x - floor - Double(step)))) }
    default:
      let floor = x.rounded(.down)
      // Bounded: x above.
      taps = [(Int(floor), 1 - (x - floor)), (Int(floor) + 1, x - floor)]
    }
    return taps.compactMap { place, weight in
      // Bounded: x above, and padding only brings it inside.
      let place = mode == "bicubic" ? Int(padded(Double(place), size: size)) : place
      return 0..<size ~= place ? (place, weight) : nil
    }
  }

  private func padded(_ x: Double, size: Int) -> Double {
    switch padding {
    case "border": return min(max(x, 0), Double(size - 1))
    case "reflection":
      let (low, high) = isAligned ? (0, Double(size - 1)) : (-0.5, Double(size) - 0.5)
      guard high > low else { return 0 }
      let span = high - low
      let rest = (x - low).magnitude.truncatingRemainder(dividingBy: 2 * span)
      let reflected = low + (rest > span ? 2 * span - rest : rest)
      return min(max(reflected, 0), Double(size - 1))
    default: return x
    }
  }

  private func cubic(_ d: Double) -> Double {
    let a = -0.75
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }
}
