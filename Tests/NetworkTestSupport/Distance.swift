import ModelFiles

/// How far two tensors are apart.
package enum Distance {
  /// ‖a − b‖ ∕ ‖b‖; without a stored norm the plain ‖a − b‖.
  package static func relative(_ result: Tensor, _ stored: Tensor) -> Double {
    let (a, b) = (result.elements.doubles, stored.elements.doubles)
    guard a.count == b.count else { return .infinity }
    // Equal infinities have no distance.
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 || ($1.0.isNaN && $1.1.isNaN) ? 0 : ($1.0 - $1.1) * ($1.0 - $1.1)) }
    let norm = b.reduce(0) { $0 + ($1.isFinite ? $1 * $1 : 0) }
    return (norm > 0 ? difference / norm : difference).squareRoot()
  }

  /// The relative distance of the channels `range` of [batch, channel, …].
  package static func relative(_ result: Tensor, _ stored: Tensor, channels range: Range<Int>) throws -> Double {
    try relative(channels(result, range), channels(stored, range))
  }

  private static func channels(_ tensor: Tensor, _ range: Range<Int>) throws -> Tensor {
    let values = tensor.elements.doubles
    let inner = tensor.shape[2...].reduce(1, *)
    let chosen = (0..<tensor.shape[0]).flatMap { batch in
      let start = batch * tensor.shape[1] * inner
      return values[start + range.lowerBound * inner..<start + range.upperBound * inner]
    }
    return Tensor(list: chosen)
  }
}
