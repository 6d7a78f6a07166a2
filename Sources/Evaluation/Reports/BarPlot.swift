/// Groups of horizontal bars: scores by sequence, by class, by result.
public struct BarPlot: Sendable {
  public struct Group: Sendable {
    public var name: String
    /// One value a series; nil draws no bar.
    public var values: [Double?]

    public init(_ name: String, _ values: [Double?]) {
      self.name = name
      self.values = values
    }
  }

  public var title: String
  public var series: [String]
  public var groups: [Group]
  public var range: ClosedRange<Double>

  public init(title: String, series: [String], groups: [Group], range: ClosedRange<Double> = 0...1) {
    self.title = title
    self.series = series
    self.groups = groups
    self.range = range
  }

  private static let left = 130.0
  private static let plotWidth = 360.0
  private static let barHeight = 11.0
  private static let gap = 8.0

  /// The plot as an SVG element.
  public var svg: String {
    let groupHeight = Double(max(1, series.count)) * Self.barHeight + Self.gap
    let top = 30.0
    let bottom = top + groupHeight * Double(groups.count)
    var canvas = SVGCanvas(width: Self.left + Self.plotWidth + 50, height: bottom + 30 + 16 * Double(series.count))
    let axis = PlotAxis(range: range, start: Self.left, end: Self.left + Self.plotWidth)
    canvas.text(title, 8, 18, style: "title")
    for tick in axis.ticks {
      canvas.line(axis.place(tick), top, axis.place(tick), bottom, style: "grid")
      canvas.text(axis.label(tick), axis.place(tick), bottom + 14, anchor: .middle)
    }
    for (index, group) in groups.enumerated() {
      draw(group, at: top + groupHeight * Double(index) + Self.gap / 2, axis, &canvas)
    }
    canvas.line(axis.place(max(0, range.lowerBound)), top, axis.place(max(0, range.lowerBound)), bottom, style: "axis")
    for (index, name) in series.enumerated() {
      let row = bottom + 32 + 16 * Double(index)
      canvas.rectangle(Self.left, row - 9, 12, 9, fill: PlotColors.color(index))
      canvas.text(name, Self.left + 18, row)
    }
    return canvas.rendered(label: title)
  }

  private func draw(_ group: Group, at top: Double, _ axis: PlotAxis, _ canvas: inout SVGCanvas) {
    let middle = top + Double(max(1, group.values.count)) * Self.barHeight / 2
    canvas.text(group.name, Self.left - 8, middle + 4, anchor: .end)
    let zero = axis.place(max(range.lowerBound, min(range.upperBound, 0)))
    for (index, value) in group.values.enumerated() {
      guard let value, value.isFinite else { continue }
      let end = axis.place(max(range.lowerBound, min(range.upperBound, value)))
      let row = top + Double(index) * Self.barHeight
      let text = DecimalText.fixed(value, decimals: 3) ?? ""
      canvas.rectangle(min(zero, end), row, abs(end - zero), Self.barHeight - 2, fill: PlotColors.color(index), title: "\(group.name): \(text)")
      canvas.text(text, max(zero, end) + 4, row + 8.5, style: "small")
    }
  }
}
