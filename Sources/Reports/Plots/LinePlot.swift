/// Curves over a common pair of axes: HOTA over α, precision over recall, a trajectory, an error over time.
public struct LinePlot: Sendable {
  /// One curve.
  public struct Series: Sendable {
    /// What the legend calls it.
    public var name: String
    /// The points in the order in which they are joined; one that is not finite breaks the curve.
    public var points: [(x: Double, y: Double)]
    /// Whether the curve is drawn with dashes.
    public var isDashed: Bool
    /// The number of its colour; nil for its place among the series.
    public var color: Int?

    /// Points that are not finite break the curve.
    public init(_ name: String, _ points: [(x: Double, y: Double)], isDashed: Bool = false, color: Int? = nil) {
      self.name = name
      self.points = points
      self.isDashed = isDashed
      self.color = color
    }
  }

  /// What stands above the plot.
  public var title: String
  /// What the horizontal axis measures, with its unit.
  public var xLabel: String
  /// What the vertical axis measures, with its unit.
  public var yLabel: String
  /// The curves; the first is drawn first.
  public var series: [Series]
  /// nil: as far as the points reach.
  public var xRange: ClosedRange<Double>?
  /// The least and greatest value of the vertical axis; nil: of the points.
  public var yRange: ClosedRange<Double>?
  /// Whether a unit is as long on both axes, as a map needs.
  public var hasEqualUnits = false
  /// Whether y grows downwards, as in pictures.
  public var isDownward = false

  /// A plot of curves.
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
    let legend = PlotLegend(entries, width: Self.left + Self.plotWidth)
    let bottom = Self.top + Self.plotHeight
    var canvas = SVGCanvas(width: Self.left + Self.plotWidth + 14, height: bottom + 44 + legend.height)
    let (x, y) = axes()
    drawFrame(&canvas, x, y)
    for (curve, entry) in zip(series, entries) {
      let color = PlotColors.color(entry.color)
      for piece in curve.points.split(whereSeparator: { !$0.x.isFinite || !$0.y.isFinite }) {
        if piece.count == 1, let point = piece.first { canvas.circle(x.place(point.x), y.place(point.y), radius: 2.2, fill: color) }
        if piece.count > 1 { canvas.polyline(piece.map { (x.place($0.x), y.place($0.y)) }, color: color, dashes: entry.dashes) }
      }
    }
    legend.draw(.stroke, on: &canvas, left: 8, top: bottom + 40)
    return canvas.rendered(label: title)
  }

  private var entries: [PlotLegend.Entry] {
    series.enumerated().map { index, curve in
      let color = curve.color ?? index
      return PlotLegend.Entry(name: curve.name, color: color, dashes: curve.isDashed ? "5 3" : PlotColors.dashes(color))
    }
  }

  private func axes() -> (x: PlotAxis, y: PlotAxis) {
    var xs = xRange ?? PlotAxis.range(of: series.lazy.flatMap { $0.points.lazy.map(\.x) })
    var ys = yRange ?? PlotAxis.range(of: series.lazy.flatMap { $0.points.lazy.map(\.y) })
    if hasEqualUnits {
      // A little more than the points need, so that no path runs along the frame.
      let unit = 1.06 * max(Self.width(xs) / Self.plotWidth, Self.width(ys) / Self.plotHeight)
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
    canvas.text(PlotText.fitted(title, width: Self.plotWidth / 1.2), Self.left, 18, style: "title", tip: title)
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
