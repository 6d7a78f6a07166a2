import Foundation
import Geometry

/// Fills the picture with the ground (and the sky above the horizon): colour, shadow, depth.
struct GroundSampler: Sendable {
  let texture: GroundTexture
  /// The share of the light that a shadow takes.
  let shadow: Float

  private static let sky = Canvas.Pixel(0.86, 0.78, 0.68, 0)

  /// Fills every pixel of the canvas; the shades must be there.
  func paint(on canvas: inout Canvas, camera: CameraProjection) {
    guard let map = camera.imageToGround else { return }
    let (width, height) = (canvas.width, canvas.height)
    // The ground area that a pixel shows is |det| / w³; w over (height · focal length) is 1 / depth.
    let area = abs(map.determinant)
    let inverseDepthScale = 1 / (camera.state.height * camera.focalLength)
    let base = 1 / texture.resolution
    for row in 0..<height {
      let v = Double(row) + 0.5
      for block in stride(from: 0, to: width, by: GroundSampler.block) {
        let end = min(width, block + GroundSampler.block)
        let middle = map.denominator(at: Point(Double(block + end) / 2, v))
        let footprint = middle > 0 ? (area / (middle * middle * middle)).squareRoot() : 1
        let view = View(metresPerPixel: footprint, texture: texture)
        var (x, y, w) = GroundSampler.numerators(map, Double(block) + 0.5, v)
        for column in block..<end {
          let i = row * width + column
          if w > 1e-9 {
            let inverse = 1 / w
            canvas.colors[i] = color(at: x * inverse, y * inverse, base: base, view) * (1 - shadow * canvas.shades[i])
            canvas.inverseDepths[i] = Float(w * inverseDepthScale)
          } else {
            canvas.colors[i] = GroundSampler.sky
            canvas.inverseDepths[i] = 0
          }
          canvas.ids[i] = 0
          x += map.h11
          y += map.h21
          w += map.h31
        }
      }
    }
  }

  /// Pixels that share one choice of level.
  private static let block = 8

  private static func numerators(_ m: Homography, _ u: Double, _ v: Double) -> (Double, Double, Double) {
    (m.h11 * u + m.h12 * v + m.h13, m.h21 * u + m.h22 * v + m.h23, m.h31 * u + m.h32 * v + m.h33)
  }

  /// Which levels of the texture are mixed, and how strong its grain is, for a size of pixel on the ground.
  private struct View {
    let level: Int
    let mix: Float
    let grain: Float

    init(metresPerPixel: Double, texture: GroundTexture) {
      let last = Double(texture.levels.count - 1)
      let exact = min(last, max(0, log2(max(1e-9, metresPerPixel / texture.resolution))))
      // Bounded: between 0 and the last level.
      level = min(Int(exact), texture.levels.count - 2)
      mix = Float(exact) - Float(level)
      // The grain fades out where a pixel holds more than a few of its texels.
      grain = Float(max(0, min(1, 1.6 - log2(max(1e-9, metresPerPixel / GroundTexture.grainResolution)) / 2)))
    }
  }

  @inline(__always)
  private func color(at x: Double, _ y: Double, base: Double, _ view: View) -> Canvas.Pixel {
    let half = Double(texture.levels[0].side) / 2
    let (u, v) = (x * base + half, y * base + half)
    var sample = GroundSampler.bilinear(texture.levels[view.level], u, v, scale: view.level)
    if view.mix > 0 {
      let coarse = GroundSampler.bilinear(texture.levels[view.level + 1], u, v, scale: view.level + 1)
      sample += (coarse - sample) * view.mix
    }
    var factor = Float(1.0 / 255)
    if view.grain > 0 {
      // Bounded: places of the ground, by `grain`.
      factor *= 1 + view.grain * sample.w * (1.0 / 255) * grain(x, y)
    }
    return sample * factor
  }

  @inline(__always)
  private func grain(_ x: Double, _ y: Double) -> Float {
    let scale = 1 / GroundTexture.grainResolution
    let mask = (1 << GroundTexture.grainShift) - 1
    let (fx, fy) = ((x * scale).rounded(.down), (y * scale).rounded(.down))
    let (u, v) = (Float(x * scale - fx), Float(y * scale - fy))
    // The ground is at most some 10⁸ texels wide (`Scene.validate`), which fits an integer; beyond the horizon's rim it is bounded.
    let (i, j) = (Int(max(-1e15, min(1e15, fx))), Int(max(-1e15, min(1e15, fy))))
    let (x0, x1) = (i & mask, (i + 1) & mask)
    let (y0, y1) = ((j & mask) << GroundTexture.grainShift, ((j + 1) & mask) << GroundTexture.grainShift)
    let top = texture.grain[y0 + x0] + u * (texture.grain[y0 + x1] - texture.grain[y0 + x0])
    let bottom = texture.grain[y1 + x0] + u * (texture.grain[y1 + x1] - texture.grain[y1 + x0])
    return top + v * (bottom - top)
  }

  /// The texture at texel coordinates of the finest level, from a level 2^scale times as coarse.
  @inline(__always)
  private static func bilinear(_ level: GroundTexture.Level, _ u: Double, _ v: Double, scale: Int) -> Canvas.Pixel {
    let factor = 1 / Double(1 << scale)
    let (x, y) = (u * factor - 0.5, v * factor - 0.5)
    let (fx, fy) = (x.rounded(.down), y.rounded(.down))
    let mask = level.side - 1
    // Bounded where the ground meets the horizon.
    let (i, j) = (Int(max(-1e15, min(1e15, fx))), Int(max(-1e15, min(1e15, fy))))
    let (x0, x1) = (i & mask, (i + 1) & mask)
    let (y0, y1) = ((j & mask) << level.shift, ((j + 1) & mask) << level.shift)
    let t = level.texels
    let (p, q) = (Float(x - fx), Float(y - fy))
    let a = SIMD4<Float>(t[y0 + x0])
    let b = SIMD4<Float>(t[y0 + x1])
    let c = SIMD4<Float>(t[y1 + x0])
    let d = SIMD4<Float>(t[y1 + x1])
    let top = a + (b - a) * p
    let bottom = c + (d - c) * p
    return top + (bottom - top) * q
  }
}
