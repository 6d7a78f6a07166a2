internal import NetworkGraph
internal import NetworkTraining

/// What a detector's training makes small of a box that is found and the true one, both taken for Gaussians.
public enum BoxLoss: String, Sendable, CaseIterable, Codable {
  /// ln(1 + B) + √(1 − e⁻ᴮ), B Bhattacharyya's distance; the second is Hellinger's distance, one minus ProbIoU (Llerena et al. 2021).
  case hellinger
  /// 1 − 1 ∕ (1 + ln(1 + d²)), d Wasserstein's distance in pixels of Gaussians with variances sides² ∕ 4 (Yang et al. 2021, "Rethinking rotated
  /// object detection with Gaussian Wasserstein distance loss", equations 4 and 7 with τ = 1). It alone changes with the scale of the picture.
  case gwd
  /// 1 − 1 ∕ (1 + ln(1 + D)), D the divergence of Kullback and Leibler of what is found from the truth, variances as above (Yang et al. 2021,
  /// "Learning high-precision bounding box for rotated object detection via Kullback-Leibler divergence", equations 4 and 10 with τ = 1).
  case kld
  /// That of `hellinger` and, of the cells of the objects' centres, 1 − PIoU (Chen et al. 2020): `ObjectOverlap`. PIoU alone has no slope where boxes
  /// do not touch.
  case piou
}

/// Distances of the boxes of each cell, [batch, 1, rows, columns], of maps [batch, 5, rows, columns]: see `DetectorModel.boxChannels`.
///
/// Each pair is measured in units of the target's size √eᵖ, where numbers are near one.
extension GraphBuilder {
  mutating func boxLoss(_ kind: BoxLoss, _ found: Int, _ targets: Int) -> Int {
    switch kind {
    case .hellinger, .piou:
      let distance = mapDistance(found, targets)
      // The logarithm has a slope far away, the root, Hellinger's distance, near the end, where it is what ProbIoU measures. ε bounds its slope.
      let far = one("Log", [add(distance, number: 1)])
      let likeness = one("Exp", [negative(distance)])
      let near = one("Sqrt", [subtract(number: 1 + 1e-3, likeness)])
      return add(far, near)
    case .gwd: return bounded(mapWasserstein(found, targets))
    case .kld: return bounded(mapDivergence(found, targets))
    }
  }

  /// Bhattacharyya's distance (docs/gaussian-boxes.md, "Distances"). It does not change when both boxes are scaled.
  mutating func mapDistance(_ found: Int, _ targets: Int) -> Int {
    let (a, b) = (boxChannels(found), boxChannels(targets))
    let area = subtract(a[2], b[2])
    let (first, second) = (covariance(q: a[3], r: a[4], scale: one("Exp", [area])), covariance(q: b[3], r: b[4], scale: nil))
    let (xx, xy, yy) = (add(first.xx, second.xx), add(first.xy, second.xy), add(first.yy, second.yy))
    let determinant = subtract(multiply(xx, yy), multiply(xy, xy))
    let (dx, dy) = offsets(a, b)
    let offset = multiply(divide(form(dx, dy, xx: xx, xy: xy, yy: yy), determinant), number: 0.25)
    // ½ ln(det S ∕ 4) − ½ (p₁ + p₂), with p₂ = 0.
    let shape = multiply(subtract(one("Log", [multiply(determinant, number: 0.25)]), area), number: 0.5)
    return add(offset, shape)
  }

  /// Σ = a (c + [[v, w], [w, −v]]) with a = eᵖ, c = cosh ρ and (v, w) = sinh ρ ∕ ρ · (q, r) has the determinant a²; so for variances sides² ∕ 12
  /// T = tr Σ₁ + tr Σ₂ and s² = tr(Σ₁ Σ₂) + 2 a₁ a₂ give
  /// d² = |δ|² + T − 2 s = |δ|² + 4 ((a₁ − a₂)² + |a₁ (v, w)₁ − a₂ (v, w)₂|²) ∕ (T + 2 s),
  /// the last without the difference of like numbers that 32-bit floats cannot tell from zero. Variances sides² ∕ 4 are three times as large.
  mutating func mapWasserstein(_ found: Int, _ targets: Int) -> Int {
    let (a, b) = (boxChannels(found), boxChannels(targets))
    let size = one("Exp", [subtract(a[2], b[2])])
    let (first, second) = (shape(q: a[3], r: a[4]), shape(q: b[3], r: b[4]))
    let trace = multiply(add(multiply(size, first.even), second.even), number: 2)
    let alike = add(
      multiply(first.even, second.even), add(multiply(first.along, second.along), multiply(first.across, second.across)))
    let mean = one("Sqrt", [multiply(multiply(size, add(alike, number: 1)), number: 2)])
    let along = subtract(multiply(size, first.along), second.along)
    let across = subtract(multiply(size, first.across), second.across)
    let larger = add(size, number: -1)
    let squares = add(multiply(larger, larger), add(multiply(along, along), multiply(across, across)))
    let shapes = multiply(divide(squares, add(trace, multiply(mean, number: 2))), number: 3 * 4)
    let (dx, dy) = offsets(a, b)
    let apart = add(multiply(dx, dx), multiply(dy, dy))
    return multiply(add(apart, shapes), one("Exp", [b[2]]))
  }

  /// ½ (δᵀ Σ₂⁻¹ δ + tr(Σ₂⁻¹ Σ₁) + ln(det Σ₂ ∕ det Σ₁)) − 1, which does not change when both boxes are scaled. In units of the target
  /// det Σ₂ = 1, so that its inverse has the same entries.
  mutating func mapDivergence(_ found: Int, _ targets: Int) -> Int {
    let (a, b) = (boxChannels(found), boxChannels(targets))
    let area = subtract(a[2], b[2])
    let (first, second) = (shape(q: a[3], r: a[4]), shape(q: b[3], r: b[4]))
    let crossed = add(multiply(first.along, second.along), multiply(first.across, second.across))
    let trace = multiply(one("Exp", [area]), subtract(multiply(first.even, second.even), crossed))
    let (dx, dy) = offsets(a, b)
    let square = form(
      dx, dy, xx: add(second.even, second.along), xy: second.across, yy: subtract(second.even, second.along))
    // Variances sides² ∕ 4 are three times those of the maps; half of the trace and of the logarithm are these.
    let offset = multiply(square, number: 0.5 / 3)
    return add(add(offset, subtract(trace, area)), number: -1)
  }

  /// The five numbers of each cell, a map each.
  mutating func boxChannels(_ map: Int) -> [Int] {
    add("Split", [map], ["axis": .integer(1), "num_outputs": .integer(5)], count: 5)
  }

  /// The found centre from the target's in units of the target's size.
  private mutating func offsets(_ a: [Int], _ b: [Int]) -> (x: Int, y: Int) {
    let unit = one("Exp", [multiply(b[2], number: -0.5)])
    let offsets = (0..<2).map { multiply(multiply(subtract(a[$0], b[$0]), unit), number: Double(PyramidSize.decoderStride)) }
    return (offsets[0], offsets[1])
  }

  /// dᵀ A⁻¹ d · det A for A = [[xx, xy], [xy, yy]].
  private mutating func form(_ dx: Int, _ dy: Int, xx: Int, xy: Int, yy: Int) -> Int {
    let squares = add(multiply(yy, multiply(dx, dx)), multiply(xx, multiply(dy, dy)))
    return subtract(squares, multiply(multiply(xy, multiply(dx, dy)), number: 2))
  }

  /// exp [[q, r], [r, −q]] = [[even + along, across], [across, even − along]] (docs/gaussian-boxes.md, "Log-covariance").
  private mutating func shape(q: Int, r: Int) -> (even: Int, along: Int, across: Int) {
    // Keeps the root's slope finite at squares, where it changes the sides by less than a thousandth.
    let rho = one("Sqrt", [add(add(multiply(q, q), multiply(r, r)), number: 1e-6)])
    let (up, down) = (one("Exp", [rho]), one("Exp", [negative(rho)]))
    let even = multiply(add(up, down), number: 0.5)
    let odd = divide(multiply(subtract(up, down), number: 0.5), rho)
    let (along, across) = (multiply(odd, q), multiply(odd, r))
    return (even, along, across)
  }

  /// exp [[p + q, r], [r, p − q]] with eᵖ given.
  private mutating func covariance(q: Int, r: Int, scale: Int?) -> (xx: Int, xy: Int, yy: Int) {
    let (even, along, across) = shape(q: q, r: r)
    let entries = [add(even, along), across, subtract(even, along)].map { entry in scale.map { multiply(entry, $0) } ?? entry }
    return (entries[0], entries[1], entries[2])
  }
}
