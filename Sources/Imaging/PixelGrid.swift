/// The pixels of a picture as positions in its buffer, and the one way to walk over them: all, those of a rectangle, those around one.
///
/// Positions count row by row from the top left, as in `Image.pixels` of a picture with one channel. A walk hands out positions of the
/// grid only, so a buffer of `count` values can be read at each of them without a further check. The walks are inlined where they
/// are used: they cost what the loops cost that they stand for.
public struct PixelGrid: Hashable, Sendable, Codable {
  /// Pixels in a row, at least 0.
  public let width: Int
  /// Rows, at least 0.
  public let height: Int

  /// - Parameters:
  ///   - width: Pixels in a row, at least 0.
  ///   - height: Rows, at least 0.
  @inlinable
  public init(width: Int, height: Int) {
    precondition(width >= 0 && height >= 0, "a grid has no negative side")
    self.width = width
    self.height = height
  }

  /// The number of pixels.
  @inlinable
  public var count: Int { width * height }

  /// The position of the pixel in a column (x) and row (y) of the grid.
  @inlinable @inline(__always)
  public func index(x: Int, y: Int) -> Int { y * width + x }

  /// Hands every pixel to the body, row by row from the top.
  /// - Parameter margin: The number of pixels along each border that are left out; a grid without others has no pixels to hand out.
  @inlinable @inline(__always)
  public func forEachPixel(margin: Int = 0, _ body: (_ x: Int, _ y: Int, _ index: Int) -> Void) {
    guard margin >= 0, width > 2 * margin, height > 2 * margin else { return }
    forEachPixel(columns: margin..<width - margin, rows: margin..<height - margin, body)
  }

  /// Hands the pixels of a rectangle, which must lie within the grid, to the body, row by row from the top.
  /// - Parameters:
  ///   - columns: Its range of x.
  ///   - rows: Its range of y.
  @inlinable @inline(__always)
  public func forEachPixel(columns: Range<Int>, rows: Range<Int>, _ body: (_ x: Int, _ y: Int, _ index: Int) -> Void) {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= width && rows.lowerBound >= 0 && rows.upperBound <= height,
      "a walk stays within its grid")
    for y in rows {
      let row = y * width
      for x in columns { body(x, y, row + x) }
    }
  }

  /// Hands the positions of a square window to the body, row by row, its middle among them.
  /// - Parameters:
  ///   - index: The middle: a pixel at least `reach` pixels from every border, which the caller answers for.
  ///   - reach: How far the window goes to each side: 1 for 3×3 pixels, 2 for 5×5.
  @inlinable @inline(__always)
  public func forEachNeighbour(of index: Int, reach: Int, _ body: (_ index: Int) -> Void) {
    var row = index - reach * width
    while row <= index + reach * width {
      for neighbour in row - reach...row + reach { body(neighbour) }
      row += width
    }
  }
}

extension Image {
  /// The positions of its pixels; of its values where it is grey.
  @inlinable
  public var grid: PixelGrid { PixelGrid(width: width, height: height) }
}
