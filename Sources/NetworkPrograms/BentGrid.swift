internal import COneDNN
internal import Foundation
internal import NetworkGraph

/// Bytes of a convolution's sums from which a table makes x · sigmoid(x).
///
/// oneDNN's own function costs as much as the products of a convolution of few channels; a table of the 256 bytes costs next to nothing. Sums are
/// rounded for it once more. Below zero the function is flat, so that a quarter of the steps is enough there.
struct BentGrid {
  /// What negative sums are multiplied by before they are rounded.
  static let slope: Float = 0.25
  /// The least sum that is told apart: x · sigmoid(x) is −0.0027 there, below half a step of most bytes, and tends to zero.
  private static let least: Float = -8

  let grid: ByteGrid
  /// The byte for each byte of the sums.
  let results: [UInt8]

  /// - Returns: nil where the target has no numbers above zero.
  init?(target: ByteGrid) {
    let most = target.number(target.bytes.upperBound)
    guard most > 0, let grid = ByteGrid(low: BentGrid.least * BentGrid.slope, high: Float(BentGrid.inverse(most))) else {
      return nil
    }
    self.grid = grid
    results = grid.bytes.map { byte in
      let bent = grid.number(byte)
      let sum = bent < 0 ? bent / Double(BentGrid.slope) : bent
      return UInt8(truncatingIfNeeded: target.byte(sum / (1 + exp(-sum))))
    }
  }

  /// The grid for what is joined to a convolution, where that is x · sigmoid(x) on bytes and nothing else.
  static func of(_ tail: FusedTail, target: ByteGrid?) -> BentGrid? {
    guard tail.activation?.function == ONEDNN_SWISH, tail.activation?.alpha == 1, tail.addend == nil, tail.lastActivation == nil
    else {
      return nil
    }
    return target.flatMap(BentGrid.init)
  }

  /// The positive x whose x · sigmoid(x) is `value`.
  private static func inverse(_ value: Double) -> Double {
    // x = value · (1 + e⁻ˣ) brings the error down to .28 of it at least, each time.
    (0..<40).reduce(value) { x, _ in value * (1 + exp(-x)) }
  }

  /// What is joined to the convolution to make these bytes.
  var posts: [onednn_post] {
    [
      onednn_post(function: ONEDNN_RELU, alpha: BentGrid.slope, beta: 0),
      onednn_post(function: ONEDNN_LINEAR, alpha: 1 / grid.scale, beta: Float(grid.zero)),
    ]
  }
}
