import Geometry

/// Shares of a matrix as shades of colour: which class was taken for which.
public struct HeatMap: Sendable {
  /// What stands above the map.
  public var title: String
  /// The names of the rows, from the top.
  public var rows: [String]
  /// The names of the columns, from the left.
  public var columns: [String]
  /// Row by row, each in 0...1; nil and 0 leave a cell empty.
  public var shares: [[Double?]]
  /// What the rows are.
  public var rowLabel: String
  /// What the columns are.
  public var columnLabel: String

  /// A map of shares.
  public init(title: String, rows: [String], columns: [String], shares: [[Double?]], rowLabel: String, columnLabel: String) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.shares = shares
    self.rowLabel = rowLabel
    self.columnLabel = columnLabel
  }

  private static let greatestNameWidth = 120.0
  private static let titleHeight = 30.0
  private static let labelHeight = 18.0

  /// Whether the plot needs the whole width of a page.
  var isWide: Bool { columns.count > 14 }

  /// The plot as an SVG element.
  public var svg: String {
    let width = isWide ? 1080.0 : 540.0
    // More columns than these are narrower than their names are high.
    let hasNames = columns.count <= 100
    let left = Self.labelHeight + 8 + (hasNames ? nameWidth(rows) : 0)
    let top = Self.titleHeight + Self.labelHeight + 8 + (hasNames ? nameWidth(columns) : 0)
    let side = min(36, (width - left - 8) / Double(max(1, columns.count)))
    var canvas = SVGCanvas(width: width, height: top + side * Double(rows.count) + 10)
    canvas.text(PlotText.fitted(title, width: (width - 16) / 1.2), 8, 18, style: "title", tip: title)
    canvas.text(columnLabel, left + side * Double(columns.count) / 2, Self.titleHeight + 12, anchor: .middle)
    canvas.text(rowLabel, 14, top + side * Double(rows.count) / 2, anchor: .middle, turned: true)
    for (column, name) in columns.enumerated() where hasNames {
      let x = left + side * (Double(column) + 0.5) + 4
      canvas.text(PlotText.fitted(name, width: Self.greatestNameWidth), x, top - 5, turned: true, tip: name)
    }
    canvas.rectangle(left, top, side * Double(columns.count) - 1, side * Double(rows.count) - 1, fill: Self.shade(0))
    for (row, name) in rows.enumerated() {
      let y = top + side * Double(row)
      if hasNames {
        canvas.text(PlotText.fitted(name, width: Self.greatestNameWidth), left - 5, y + side / 2 + 4, anchor: .end, tip: name)
      }
      for (column, share) in shares[row].enumerated() {
        draw(share, "\(name), \(columns[column])", x: left + side * Double(column), y: y, side: side, on: &canvas)
      }
    }
    return canvas.rendered(label: title)
  }

  private func nameWidth(_ names: [String]) -> Double {
    min(Self.greatestNameWidth, names.reduce(0) { max($0, PlotText.width($1)) })
  }

  private func draw(_ share: Double?, _ name: String, x: Double, y: Double, side: Double, on canvas: inout SVGCanvas) {
    guard let share, share > 0, share.isFinite else { return }
    let percent = DecimalText.fixed(100 * share, decimals: 1) ?? ""
    canvas.rectangle(x, y, side - 1, side - 1, fill: Self.shade(share), title: "\(name): \(percent) %")
    guard side >= 22, share >= 0.0005 else { return }
    let style = share > 0.55 ? "small light" : "small"
    canvas.text(share > 0.9995 ? "100" : percent, x + (side - 1) / 2, y + side / 2 + 3, anchor: .middle, style: style)
  }

  /// From near white to the palette's blue.
  private static func shade(_ share: Double) -> String {
    let amount = min(max(share, 0), 1).squareRoot()
    func mixed(_ light: Double, _ dark: Double) -> Int { Int(bounded: (light + (dark - light) * amount).rounded(), in: 0...255) }
    return "rgb(\(mixed(245, 0)),\(mixed(247, 114)),\(mixed(250, 178)))"
  }
}
