/// Curves over a common pair of axes: HOTA over α, precision over recall, a trajectory, an error over time.
public struct LinePlot: Sendable {
  public struct Series: Sendable {
    public var name: String
    public var points: [(x: Double, y: Double)]
    public var isDashed: Bool

    /// Points that are not finite break the curve.
    public init(_ name: String, _ points: [(x: Double, y: Double)], isDashed: Bool = false) {
      self.name = name
      self.points = points
      self.isDashed = isDashed
    }
  }

  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  /// nil: as far as the points reach.
  public var xRange: ClosedRange<Double>?
  public var yRange: ClosedRange<Double>?
  /// Whether a unit is as long on both axes, as a map needs.
  public var hasEqualUnits = false
  /// Whether y grows downwards, as in pictures.
  public var isDownward = false

  public init(
    title: String, xLabel: String, yLabel: String, series: [Series], xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.xRange = xRange
    self.yRange = yRange
  }

  private static let left = 58.0
  private static let top = 30.0
  private static let plotWidth = 430.0
  private static let plotHeight = 300.0

  /// The plot as an SVG element.
  public var svg: String {
    let legendRows = Double(series.count)
    var canvas = SVGCanvas(
      width: Self.left + Self.plotWidth + 14, height: Self.top + Self.plotHeight + 48 + 16 * legendRows)
    let (x, y) = axes()
    drawFrame(&canvas, x, y)
    for (index, curve) in series.enumerated() {
      let color = PlotColors.color(index)
      let dashes = curve.isDashed ? "5 3" : nil
      for piece in curve.points.split(whereSeparator: { !$0.x.isFinite || !$0.y.isFinite }) {
        canvas.polyline(piece.map { (x.place($0.x), y.place($0.y)) }, color: color, dashes: dashes)
      }
      let row = Self.top + Self.plotHeight + 52 + 16 * Double(index)
      canvas.polyline([(Self.left, row - 4), (Self.left + 24, row - 4)], color: color, dashes: dashes)
      canvas.text(curve.name, Self.left + 30, row)
    }
    return canvas.rendered(label: title)
  }

  private func axes() -> (x: PlotAxis, y: PlotAxis) {
    var xs = xRange ?? PlotAxis.range(of: series.lazy.flatMap { $0.points.lazy.map(\.x) })
    var ys = yRange ?? PlotAxis.range(of: series.lazy.flatMap { $0.points.lazy.map(\.y) })
    if hasEqualUnits {
      let unit = max(Self.width(xs) / Self.plotWidth, Self.width(ys) / Self.plotHeight)
      xs = Self.widened(xs, to: unit * Self.plotWidth)
      ys = Self.widened(ys, to: unit * Self.plotHeight)
    }
    let bottom = Self.top + Self.plotHeight
    return (
      PlotAxis(range: xs, start: Self.left, end: Self.left + Self.plotWidth),
      isDownward
        ? PlotAxis(range: ys, start: Self.top, end: bottom) : PlotAxis(range: ys, start: bottom, end: Self.top)
    )
  }

  private static func width(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }

  private static func widened(_ range: ClosedRange<Double>, to width: Double) -> ClosedRange<Double> {
    let middle = (range.lowerBound + range.upperBound) / 2
    let half = max(width, Self.width(range)) / 2
    return (middle - half)...(middle + half)
  }

  private func drawFrame(_ canvas: inout SVGCanvas, _ x: PlotAxis, _ y: PlotAxis) {
    let bottom = Self.top + Self.plotHeight
    let right = Self.left + Self.plotWidth
    canvas.text(title, Self.left, 18, style: "title")
    for tick in x.ticks {
      canvas.line(x.place(tick), Self.top, x.place(tick), bottom, style: "grid")
      canvas.text(x.label(tick), x.place(tick), bottom + 15, anchor: .middle)
    }
    for tick in y.ticks {
      canvas.line(Self.left, y.place(tick), right, y.place(tick), style: "grid")
      canvas.text(y.label(tick), Self.left - 6, y.place(tick) + 4, anchor: .end)
    }
    canvas.line(Self.left, bottom, right, bottom, style: "axis")
    canvas.line(Self.left, Self.top, Self.left, bottom, style: "axis")
    canvas.text(xLabel, (Self.left + right) / 2, bottom + 32, anchor: .middle)
    canvas.text(yLabel, 14, (Self.top + bottom) / 2, anchor: .middle, turned: true)
  }
}
