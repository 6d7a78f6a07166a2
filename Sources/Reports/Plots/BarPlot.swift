/// Groups of horizontal bars: scores by sequence, by class, by result.
public struct BarPlot: Sendable {
  /// Bars that stand together: one sequence, one class.
  public struct Group: Sendable {
    /// What stands below the bars.
    public var name: String
    /// One value a series; nil draws no bar.
    public var values: [Double?]

    /// Bars of one place, one for each series; nil for none.
    public init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  /// What stands above the plot.
  public var title: String
  /// The names of the bars of a group, for the legend.
  public var series: [String]
  /// The groups from the left.
  public var groups: [Group]
  /// The least and the greatest value of the axis.
  public var range: ClosedRange<Double>

  /// A plot of bars.
  public init(title: String, series: [String], groups: [Group], range: ClosedRange<Double> = 0...1) {
    self.title = title
    self.series = series
    self.groups = groups
    self.range = range
  }

  private static let width = 540.0
  private static let valueWidth = 50.0
  private static let barHeight = 11.0
  private static let gap = 8.0

  /// Room for the groups' names.
  private var left: Double { min(230, max(60, groups.reduce(0) { max($0, PlotText.width($1.name)) } + 16)) }

  /// The plot as an SVG element.
  public var svg: String {
    let groupHeight = Double(max(1, series.count)) * Self.barHeight + Self.gap
    let top = 30.0
    let bottom = top + groupHeight * Double(groups.count)
    let axis = PlotAxis(range: range, start: left, end: Self.width - Self.valueWidth)
    let legend = PlotLegend(series.enumerated().map { .init(name: $1, color: $0) }, width: Self.width - 20)
    var canvas = SVGCanvas(width: Self.width, height: bottom + 26 + legend.height)
    canvas.text(PlotText.fitted(title, width: (Self.width - 16) / 1.2), 8, 18, style: "title", tip: title)
    for tick in axis.ticks {
      canvas.line(axis.place(tick), top, axis.place(tick), bottom, style: "grid")
      canvas.text(axis.label(tick), axis.place(tick), bottom + 14, anchor: .middle)
    }
    for (index, group) in groups.enumerated() {
      draw(group, at: top + groupHeight * Double(index) + Self.gap / 2, axis, &canvas)
    }
    canvas.line(axis.place(max(0, range.lowerBound)), top, axis.place(max(0, range.lowerBound)), bottom, style: "axis")
    legend.draw(.square, on: &canvas, left: 8, top: bottom + 22)
    return canvas.rendered(label: title)
  }

  private func draw(_ group: Group, at top: Double, _ axis: PlotAxis, _ canvas: inout SVGCanvas) {
    let middle = top + Double(max(1, group.values.count)) * Self.barHeight / 2
    canvas.text(PlotText.fitted(group.name, width: left - 12), left - 8, middle + 4, anchor: .end, tip: group.name)
    let zero = axis.place(max(range.lowerBound, min(range.upperBound, 0)))
    for (index, value) in group.values.enumerated() {
      guard let value, value.isFinite else { continue }
      let end = axis.place(max(range.lowerBound, min(range.upperBound, value)))
      let row = top + Double(index) * Self.barHeight
      let text = DecimalText.fixed(value, decimals: 3) ?? ""
      canvas.rectangle(
        min(zero, end), row, abs(end - zero), Self.barHeight - 2, fill: PlotColors.fill(index), title: "\(group.name): \(text)")
      canvas.text(text, max(zero, end) + 4, row + 8.5, style: "small")
    }
  }
}
