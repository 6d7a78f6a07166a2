internal import COpenCV

/// The 8-connected components of a mask's pixels that are not 0, in the order of their first pixel.
public struct ConnectedComponents: Sendable {
  /// One component: its label, its upright hull in pixels, and the number of its pixels.
  public struct Component: Hashable, Sendable {
    /// The value of its pixels in `labels`, from 1.
    public var label: Int32
    /// The first column of its hull.
    public var left: Int
    /// The first row of its hull.
    public var top: Int
    /// Columns of its hull.
    public var width: Int
    /// Rows of its hull.
    public var height: Int
    /// The number of its pixels.
    public var area: Int

    /// The hull's range of x.
    @inlinable
    public var columns: Range<Int> { left..<left + width }
    /// The hull's range of y.
    @inlinable
    public var rows: Range<Int> { top..<top + height }
  }

  /// The mask's pixels.
  public let grid: PixelGrid
  /// For each pixel, row by row, 0 or its component's label.
  public private(set) var labels: [Int32]
  /// The components that are large enough.
  public private(set) var components: [Component]

  /// - Parameters:
  ///   - mask: A grey picture.
  ///   - minimumArea: Smaller components are left out of the list (their labels stay).
  /// - Throws: `ImagingError` for a picture in colour, or where the library fails.
  public init(of mask: Image, minimumArea: Int = 1) throws(ImagingError) {
    grid = mask.grid
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

  /// Hands each pixel of a component to the body, row by row from the top.
  @inlinable @inline(__always)
  public func forEachPixel(of part: Component, _ body: (_ x: Int, _ y: Int, _ index: Int) -> Void) {
    labels.withUnsafeBufferPointer { labels in
      // One label for each pixel of the grid, and the walk stays within the grid.
      grid.forEachPixel(columns: part.columns, rows: part.rows) { x, y, index in
        if labels[index] == part.label { body(x, y, index) }
      }
    }
  }

  /// Makes two components one.
  ///
  /// - Parameters:
  ///   - other: The position in `components` of the one that goes.
  ///   - kept: The position of the one that it becomes part of; it keeps its label.
  public mutating func join(_ other: Int, to kept: Int) {
    let (part, whole) = (components[other], components[kept])
    grid.forEachPixel(columns: part.columns, rows: part.rows) { _, _, index in
      if labels[index] == part.label { labels[index] = whole.label }
    }
    let (left, top) = (min(whole.left, part.left), min(whole.top, part.top))
    components[kept] = Component(
      label: whole.label, left: left, top: top,
      width: max(whole.columns.upperBound, part.columns.upperBound) - left,
      height: max(whole.rows.upperBound, part.rows.upperBound) - top, area: whole.area + part.area)
    components.remove(at: other)
  }
}
