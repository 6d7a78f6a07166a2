/// Rows of coloured runs over frames: which result id followed a truth id when.
public struct TimelinePlot: Sendable {
  public struct Run: Sendable {
    public var frames: ClosedRange<Int>
    /// nil: missed.
    public var id: Int?

    public init(frames: ClosedRange<Int>, id: Int?) {
      self.frames = frames
      self.id = id
    }
  }

  public struct Row: Sendable {
    public var name: String
    public var runs: [Run]

    public init(_ name: String, _ runs: [Run]) {
      self.name = name
      self.runs = runs
    }
  }

  /// A mark on a row that links to a place of the page.
  public struct Mark: Sendable {
    public var row: Int
    public var frame: Int
    public var text: String
    public var target: String?

    public init(row: Int, frame: Int, text: String, target: String?) {
      self.row = row
      self.frame = frame
      self.text = text
      self.target = target
    }
  }

  public var title: String
  public var rows: [Row]
  public var marks: [Mark]
  public var frames: ClosedRange<Int>

  public init(title: String, rows: [Row], marks: [Mark] = [], frames: ClosedRange<Int>) {
    self.title = title
    self.rows = rows
    self.marks = marks
    self.frames = frames
  }

  private static let left = 70.0
  private static let plotWidth = 900.0
  private static let rowHeight = 13.0

  /// The plot as an SVG element.
  public var svg: String {
    let top = 30.0
    let bottom = top + Self.rowHeight * Double(rows.count)
    var canvas = SVGCanvas(width: Self.left + Self.plotWidth + 20, height: bottom + 38)
    let axis = PlotAxis(
      range: Double(frames.lowerBound)...Double(frames.upperBound + 1), start: Self.left, end: Self.left + Self.plotWidth)
    canvas.text(title, 8, 18, style: "title")
    for tick in axis.ticks {
      canvas.line(axis.place(tick), top, axis.place(tick), bottom, style: "grid")
      canvas.text(axis.label(tick), axis.place(tick), bottom + 14, anchor: .middle)
    }
    canvas.text("frame", Self.left + Self.plotWidth / 2, bottom + 30, anchor: .middle)
    for (index, row) in rows.enumerated() {
      let y = top + Self.rowHeight * Double(index)
      canvas.text(row.name, Self.left - 6, y + 10, anchor: .end)
      for run in row.runs { draw(run, of: row.name, at: y, axis, &canvas) }
    }
    for mark in marks where rows.indices.contains(mark.row) { draw(mark, top: top, axis, &canvas) }
    return canvas.rendered(label: title)
  }

  private func draw(_ run: Run, of name: String, at y: Double, _ axis: PlotAxis, _ canvas: inout SVGCanvas) {
    let start = axis.place(Double(run.frames.lowerBound))
    let end = axis.place(Double(run.frames.upperBound + 1))
    let what = run.id.map { "result \($0)" } ?? "missed"
    canvas.rectangle(
      start, y + 2, max(0.6, end - start), Self.rowHeight - 4, fill: run.id.map { PlotColors.color(abs($0)) } ?? PlotColors.missed,
      title: "\(name), frames \(run.frames.lowerBound) to \(run.frames.upperBound): \(what)")
  }

  private func draw(_ mark: Mark, top: Double, _ axis: PlotAxis, _ canvas: inout SVGCanvas) {
    let x = axis.place(Double(mark.frame))
    let y = top + Self.rowHeight * (Double(mark.row) + 0.5)
    guard let target = mark.target else {
      canvas.circle(x, y, radius: 3.2, fill: "#c00000", title: mark.text)
      return
    }
    canvas.link(to: target) { $0.circle(x, y, radius: 3.2, fill: "#c00000", title: mark.text) }
  }
}
