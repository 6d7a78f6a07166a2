import Geometry
import Imaging

extension MotionDetector {
  /// The pixels of an object whose box somebody else tells: what differs from the background within the box's Gaussian, in the frame that was
  /// looked at last; the Gaussian's own ellipse where little does. nil where there is no evidence.
  ///
  /// - Parameters:
  ///   - box: In displayed pixels.
  ///   - width: Of the displayed picture; likewise the height.
  /// - Throws: `ImagingError` where the library fails.
  package func mask(of box: GaussianBox, width: Int, height: Int) throws -> RunLengthMask? {
    guard let evidence else { return nil }
    let scale = Point(Double(width) / Double(evidence.width), Double(height) / Double(evidence.height))
    return try EvidenceMask(picture: evidence, gap: settings.smallGap).mask(of: box.scaled(x: 1 / scale.x, y: 1 / scale.y))?
      .displayed(scale, width: width, height: height)
  }
}

/// Cuts an object out of an evidence picture by its Gaussian.
struct EvidenceMask {
  /// As `EvidencePicture` makes it.
  let picture: Image
  /// The element that fills gaps, in pixels.
  let gap: Int

  /// The squared distances, in deviations, of the ellipse that touches a box's sides (a rectangle of the moments has sides of √12 deviations), and of
  /// the one through its corners' middle parts, within which pixels may lie: limbs reach beyond the ellipse, and hardly into a box's corners. Chosen.
  private static let (inner, outer) = (3.0, 4.5)
  /// Where less of the inner ellipse differs, an object has the background's looks, and its pixels cannot be told by them. Chosen.
  private static let leastShare = 0.3

  /// - Parameter box: In the picture's pixels.
  func mask(of box: GaussianBox) throws -> SoftMask? {
    guard let inverse = box.covariance.inverse else { return nil }
    var differs = Image(width: picture.width, height: picture.height, channels: 1)
    let hull = box.orientedBox.hull
    let reach = (Self.outer / Self.inner).squareRoot() / 2
    let (columns, rows) = (
      range(hull.center.x, reach * hull.width, limit: picture.width),
      range(hull.center.y, reach * hull.height, limit: picture.height)
    )
    guard !columns.isEmpty, !rows.isEmpty else { return nil }
    func distance(_ x: Int, _ y: Int) -> Double {
      let d = Point(Double(x) + 0.5, Double(y) + 0.5) - box.mean
      return inverse.xx * d.x * d.x + 2 * inverse.xy * d.x * d.y + inverse.yy * d.y * d.y
    }
    for y in rows {
      for x in columns where distance(x, y) <= Self.outer && picture[x, y, 0] > ForegroundEvidence.half { differs[x, y, 0] = .max }
    }
    differs = try differs.morphed(.closing, .disk(gap))
    var (inside, seen) = (0, 0)
    for y in rows {
      for x in columns {
        let place = distance(x, y)
        if place > Self.outer { differs[x, y, 0] = 0 }
        if place <= Self.inner { (inside, seen) = (inside + 1, seen + (differs[x, y, 0] == 0 ? 0 : 1)) }
      }
    }
    guard inside > 0 else { return nil }
    if Double(seen) < Self.leastShare * Double(inside) {
      for y in rows { for x in columns { differs[x, y, 0] = distance(x, y) <= Self.inner ? .max : 0 } }
    }
    return SoftMask(differs, columns: columns, rows: rows)
  }

  /// The pixels that lie at most so far from a place.
  private func range(_ middle: Double, _ reach: Double, limit: Int) -> Range<Int> {
    let first = Int(bounded: (middle - reach).rounded(.down), in: 0...limit)
    return first..<max(first, Int(bounded: (middle + reach).rounded(.up), in: 0...limit))
  }
}
