/// Rows of coloured runs over frames: which result id followed a truth id when.
public struct TimelinePlot: Sendable {
  /// Frames in a row with the same result id.
  public struct Run: Sendable {
    /// The first and the last frame, as the truth's file counts them.
    public var frames: ClosedRange<Int>
    /// nil: missed.
    public var id: Int?

    /// A run of frames.
    public init(frames: ClosedRange<Int>, id: Int?) {
      self.frames = frames
      self.id = id
    }
  }

  /// One truth id.
  public struct Row: Sendable {
    /// What stands left of the row.
    public var name: String
    /// The runs in the order of their frames.
    public var runs: [Run]

    /// A row of runs.
    public init(_ name: String, _ runs: [Run]) {
      self.name = name
      self.runs = runs
    }
  }

  /// A mark on a row that links to a place of the page.
  public struct Mark: Sendable {
    /// The place of the row that the mark is on, from 0.
    public var row: Int
    /// The frame that it marks, as the truth's file counts.
    public var frame: Int
    /// What the pointer shows over it.
    public var text: String
    /// The place of the page that it links to, with its `#`; nil for none.
    public var target: String?

    /// A mark on a frame of a row.
    public init(row: Int, frame: Int, text: String, target: String?) {
      self.row = row
      self.frame = frame
      self.text = text
      self.target = target
    }
  }

  /// What stands above the plot.
  public var title: String
  /// The rows from the top.
  public var rows: [Row]
  /// The marks, on rows that there are.
  public var marks: [Mark]
  /// The first and the last frame of the axis.
  public var frames: ClosedRange<Int>

  /// A plot of rows of runs.
  public init(title: String, rows: [Row], marks: [Mark] = [], frames: ClosedRange<Int>) {
    self.title = title
    self.rows = rows
    self.marks = marks
    self.frames = frames
  }

  /// The room of the rows' names, which grows with them up to a bound.
  private var left: Double { min(max(70, rows.reduce(0) { max($0, PlotText.width($1.name)) } + 14), 220) }
  private static let plotWidth = 900.0
  /// Room for half of the last tick's label.
  private static let right = 40.0
  private static let rowHeight = 13.0

  /// The plot as an SVG element.
  public var svg: String {
    let top = 30.0
    let bottom = top + Self.rowHeight * Double(rows.count)
    let left = self.left
    var canvas = SVGCanvas(width: left + Self.plotWidth + Self.right, height: bottom + 38)
    let axis = PlotAxis(
      range: Double(frames.lowerBound)...Double(frames.upperBound + 1), start: left, end: left + Self.plotWidth)
    canvas.text(title, 8, 18, style: "title")
    for tick in axis.ticks {
      canvas.line(axis.place(tick), top, axis.place(tick), bottom, style: "grid")
      canvas.text(axis.label(tick), axis.place(tick), bottom + 14, anchor: .middle)
    }
    canvas.text("frame", left + Self.plotWidth / 2, bottom + 30, anchor: .middle)
    for (index, row) in rows.enumerated() {
      let y = top + Self.rowHeight * Double(index)
      canvas.text(PlotText.fitted(row.name, width: left - 10), left - 6, y + 10, anchor: .end, tip: row.name)
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
