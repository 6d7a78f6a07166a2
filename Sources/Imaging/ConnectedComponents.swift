internal import COpenCV

/// The 8-connected components of a mask's pixels that are not 0, in the order of their first pixel.
public struct ConnectedComponents: Sendable {
  /// One component: its label, its upright hull in pixels, and the number of its pixels.
  public struct Component: Hashable, Sendable {
    public var label: Int32
    public var left: Int
    public var top: Int
    public var width: Int
    public var height: Int
    public var area: Int
  }

  /// For each pixel, row by row, 0 or its component's label.
  public let labels: [Int32]
  public let components: [Component]

  /// - Parameters:
  ///   - mask: A grey picture.
  ///   - minimumArea: Smaller components are left out of the list (their labels stay).
  public init(of mask: Image, minimumArea: Int = 1) throws(ImagingError) {
    var labels = [Int32](repeating: 0, count: mask.width * mask.height)
    // Components touch neither side by side nor at corners, so there is at most one for each 2×2 block.
    let capacity = ((mask.width + 1) / 2) * ((mask.height + 1) / 2)
    var found = [sxcv_component](repeating: sxcv_component(), count: capacity)
    var count = 0
    try OpenCVCall.check("find the components of a mask") { message in
      mask.withView { sxcv_components($0, &labels, labels.count, &found, found.count, &count, message) }
    }
    self.labels = labels
    components = found[..<min(count, capacity)].enumerated().compactMap { index, part in
      guard Int(part.area) >= minimumArea else { return nil }
      return Component(
        label: Int32(index + 1), left: Int(part.left), top: Int(part.top), width: Int(part.width),
        height: Int(part.height), area: Int(part.area))
    }
  }
}
