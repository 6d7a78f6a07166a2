internal import Foundation

/// Kernels of known meaning that convolutions can begin with. All are correlation kernels, as a convolution applies them.
public enum ConvolutionStarts {
  /// A smoothing kernel with the first and second derivative at its scale.
  public struct Gaussian: Sendable, Equatable {
    /// Sums to one.
    public let smooth: [Double]
    /// Gives slope one on x.
    public let first: [Double]
    /// Gives curvature two on x², that is one on x²/2.
    public let second: [Double]
  }

  /// Sampled Gaussian derivatives with taps −r … r, r = ⌈3σ⌉, brought to be exact on quadratics (Lindeberg 1993, section 2, for the sampling; the
  /// moments are set so that Σ x d = 1, Σ d = 0, Σ x² dd = 2, Σ dd = 0).
  ///
  /// - Parameter sigma: In taps, positive and at most 100.
  public static func gaussian(sigma: Double) throws -> Gaussian {
    guard sigma > 0, sigma <= 100 else {
      throw TrainingError("A Gaussian kernel cannot have a deviation of \(sigma) taps; choose more than 0 and at most 100.")
    }
    // Bounded: at most 300.
    let radius = Int((3 * sigma).rounded(.up))
    let taps = (-radius...radius).map(Double.init)
    let bell = taps.map { exp(-$0 * $0 / (2 * sigma * sigma)) }
    let total = bell.reduce(0, +)
    let smooth = bell.map { $0 / total }
    let variance = zip(taps, smooth).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let first = zip(taps, smooth).map { $0 * $1 / variance }
    let raw = zip(taps, smooth).map { ($0 * $0 / pow(sigma, 4) - 1 / (sigma * sigma)) * $1 }
    let mean = raw.reduce(0, +)
    let centred = zip(raw, smooth).map { $0 - mean * $1 }
    let moment = zip(taps, centred).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    return Gaussian(smooth: smooth, first: first, second: centred.map { 2 * $0 / moment })
  }

  /// [1, 1]ⁿ/2ⁿ: variance n/4; for n = 4 the two-scale filter of the cubic B-spline, with which pyramids are built (Burt and Adelson 1983).
  ///
  /// - Parameter order: n, from 0 to 62.
  public static func binomial(_ order: Int) -> [Double] {
    precondition(0...62 ~= order)
    return (0..<order).reduce([1.0]) { row, _ in zip([0] + row, row + [0]).map { ($0 + $1) / 2 } }
  }

  /// Linear interpolation by two along an axis, for a transposed convolution of kernel 4, stride 2 and one pad (phases ¼ and ¾).
  public static let linearEnlargement = [0.25, 0.75, 0.75, 0.25]

  /// The 9 products of s = [1, 2, 1]/4, d = [−1, 0, 1]/2 and c = [1, −2, 1] as 3×3 kernels of norm one, rows first factor: a basis of all of them.
  /// Ordered by degree: ss, sd, ds, sc, dd, cs, then those of the third and fourth degree, dc, cd, cc.
  public static let products: [[Double]] = {
    let (s, d, c) = ([0.25, 0.5, 0.25], [-0.5, 0, 0.5], [1.0, -2, 1])
    return [(s, s), (s, d), (d, s), (s, c), (d, d), (c, s), (d, c), (c, d), (c, c)].map { down, across in
      let kernel = down.flatMap { y in across.map { y * $0 } }
      let norm = kernel.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return kernel.map { $0 / norm }
    }
  }()

  /// The variance in pixels of level 0 that `level` steps of a binomial pyramid (five taps, then every second pixel) collect: (4ˡ − 1)/3.
  public static func pyramidVariance(level: Int) -> Double { (pow(4, Double(level)) - 1) / 3 }
}
