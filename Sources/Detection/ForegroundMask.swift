import Geometry
import Imaging

/// Joins the two kinds of evidence to a mask of objects.
///
/// Where the scene has texture, the flow tells reliably what moves, and differences from the background only say how far it reaches: there
/// everything that differs and moves is object. Where the scene is plain, the flow is vague but the background can be trusted: there the
/// differences alone decide, if the picture changed at that place lately.
struct ForegroundMask {
  let evidence: ForegroundEvidence
  /// 0 to 255: how surely each pixel moves against the ground.
  let motion: Image
  let field: MotionField
  let settings: MotionDetectorSettings
  /// Areas in pixels.
  let leastArea: Int
  let largeArea: Int
  /// The camera stands still: motion is not asked for.
  let isStatic: Bool
  /// The element that fills the gaps in what moves.
  let gap: Int

  // The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".

  /// The element, in working pixels, that removes crumbs and thin bridges.
  private static let crumbElement = 3
  /// The element of the second closing is smaller than the first one by so many pixels: it mends what the opening tore.
  private static let mendingReduction = 2
  /// The blur, in working pixels, that takes the closing's corners off.
  private static let smoothing = 0.8
  /// A small part is drawn finer only if more than this share of it stays.
  private static let leastFineShare = 0.3

  /// The mask of objects, 255 inside.
  ///
  /// - Parameters:
  ///   - frame: The grey working picture.
  ///   - reference: An earlier frame to compare with; without one nothing is found by differences alone.
  ///   - cutter: Cuts shadows; nil to keep them.
  func mask(frame: Image, reference: PictureHistory.Reference?, cutter: ShadowCutter?) throws -> Image {
    var moving = try movingMask()
    var standing = try standingMask(frame: frame, reference: reference, moving: moving)
    if let cutter {
      moving = try cutter.cut(moving, leastArea: leastArea, gap: gap - Self.mendingReduction)
      standing = try cutter.cut(standing, leastArea: leastArea, gap: settings.smallGap)
    }
    for i in moving.pixels.indices { moving.pixels[i] |= standing.pixels[i] }
    return moving
  }

  // MARK: What moves

  private func movingMask() throws -> Image {
    let gated = try filled(gap: gap)
    let opened = try gated.morphed(.opening, .disk(Self.crumbElement))
    let coherent = isStatic ? opened : try keepingCommonMotion(opened)
    let coarse = try coherent.morphed(.closing, .disk(max(1, gap - Self.mendingReduction)))
    return try refiningSmallParts(of: coarse)
  }

  /// Loose evidence with gaps filled, where the picture moves.
  private func filled(gap: Int) throws -> Image {
    let closed = try evidence.loose.morphed(.closing, .disk(gap)).gaussianBlurred(sigma: Self.smoothing)
    var result = closed
    for i in result.pixels.indices {
      result.pixels[i] = Int(closed.pixels[i]) * Int(motion.pixels[i]) > Int(ForegroundEvidence.half) * 255 ? 255 : 0
    }
    return result
  }

  /// Drops from each part what does not move as the part does: the ground around a fast object that the flow smears, and waves beside it.
  private func keepingCommonMotion(_ mask: Image) throws -> Image {
    var result = mask
    let parts = try ConnectedComponents(of: mask, minimumArea: leastArea)
    for part in parts.components {
      let common = field.commonVelocity(of: part, in: parts)
      let speed = (common * common).sum().squareRoot()
      let tolerance = Float(settings.velocitySpread) * speed + Float(settings.leastSpeed)
      parts.forEachPixel(of: part) { x, y, i in
        let deviation = field.velocity(x: x, y: y) - common
        if (deviation * deviation).sum() > tolerance * tolerance { result.pixels[i] = 0 }
      }
    }
    return result
  }

  /// Within small parts only small gaps are filled, so that neighbours stay apart.
  private func refiningSmallParts(of mask: Image) throws -> Image {
    let parts = try ConnectedComponents(of: mask)
    guard parts.components.contains(where: { $0.area < largeArea }) else { return mask }
    let fine = try filled(gap: settings.smallGap).morphed(.opening, .square(Self.crumbElement))
    var result = mask
    for part in parts.components where part.area < largeArea {
      var kept = 0
      parts.forEachPixel(of: part) { _, _, i in if fine.pixels[i] != 0 { kept += 1 } }
      guard Double(kept) > Self.leastFineShare * Double(part.area) else { continue }
      parts.forEachPixel(of: part) { _, _, i in result.pixels[i] = fine.pixels[i] }
    }
    return result
  }

  // MARK: What differs

  private func standingMask(frame: Image, reference: PictureHistory.Reference?, moving: Image) throws -> Image {
    var mask = try evidence.strict.morphed(.closing, .disk(settings.smallGap))
    for i in mask.pixels.indices { mask.pixels[i] = mask.pixels[i] > ForegroundEvidence.half ? 255 : 0 }
    mask = try mask.morphed(.opening, .disk(Self.crumbElement))
    let parts = try ConnectedComponents(of: mask)
    for part in parts.components {
      let isKept =
        part.area >= leastArea
        && isChanged(part, in: parts, frame, reference) && !isExplained(part, in: parts, moving)
      guard !isKept else { continue }
      parts.forEachPixel(of: part) { _, _, i in mask.pixels[i] = 0 }
    }
    return mask
  }

  /// Whether enough of a part looks different from what the reference shows in its place.
  private func isChanged(
    _ part: ConnectedComponents.Component, in parts: ConnectedComponents, _ frame: Image, _ reference: PictureHistory.Reference?
  ) -> Bool {
    guard let reference else { return false }
    var changed = 0
    let least = Float(evidence.leastDifference)
    parts.forEachPixel(of: part) { x, y, i in
      if let difference = reference.difference(of: Float(frame.pixels[i]), x: x, y: y), difference > least { changed += 1 }
    }
    // A large plain object changes only at its front and its rear: by its width times the way that it went.
    let area = Double(part.area)
    return Double(changed) >= min(settings.changedShare * area, settings.changedDistance * area.squareRoot())
  }

  /// Whether the part overlaps what moves so much that it is left to the flow.
  private func isExplained(_ part: ConnectedComponents.Component, in parts: ConnectedComponents, _ moving: Image) -> Bool {
    var shared = 0
    parts.forEachPixel(of: part) { _, _, i in if moving.pixels[i] != 0 { shared += 1 } }
    return Double(shared) > settings.explainedShare * Double(part.area)
  }
}
