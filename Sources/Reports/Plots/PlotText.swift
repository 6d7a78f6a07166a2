import Geometry

/// How much room text takes in a plot, and text that is cut to fit.
///
/// The page's font is the reader's own, so widths are estimates on the safe side.
enum PlotText {
  /// The width of a label of 11 pixels' height, pixels.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 11 : 6.3) }
  }

  /// The text with its middle left out where it is wider than the room: names of results and sequences differ at both ends.
  static func fitted(_ text: String, width room: Double) -> String {
    guard width(text) > room else { return text }
    // No room holds more letters than these, however long the text is.
    let letters = Array(text.count > 400 ? text.prefix(200) + text.suffix(200) : text[...])
    var kept = letters.count - 1
    while kept > 2 {
      let head = (kept + 1) / 2
      let short = String(letters[..<head]) + "…" + String(letters[(letters.count - (kept - head))...])
      if width(short) <= room { return short }
      kept -= 1
    }
    return String(letters.prefix(2)) + "…"
  }
}

/// The names of a plot's series beside their colours, in as many columns as fit.
struct PlotLegend {
  /// One series: its name, the number of its colour and whether it is dashed.
  struct Entry {
    var name: String
    var color: Int
    var dashes: String?
  }

  enum Mark { case stroke, square }

  private static let rowHeight = 16.0
  private static let markWidth = 30.0
  private static let gap = 14.0

  let entries: [Entry]
  private let columns: Int
  private let columnWidth: Double

  /// - Parameter width: The room for all columns, pixels.
  init(_ entries: [Entry], width: Double) {
    self.entries = entries
    let widest = entries.reduce(0) { max($0, PlotText.width($1.name)) } + Self.markWidth + Self.gap
    columns = Int(bounded: width / widest, in: 1...max(1, entries.count))
    columnWidth = columns > 1 ? widest : width
  }

  private var rows: Int { (entries.count + columns - 1) / columns }

  var height: Double { Self.rowHeight * Double(rows) }

  /// Draws the entries column by column below `top`.
  func draw(_ mark: Mark, on canvas: inout SVGCanvas, left: Double, top: Double) {
    for (index, entry) in entries.enumerated() {
      let x = left + Double(index / rows) * columnWidth
      let y = top + Double(index % rows) * Self.rowHeight + 11
      switch mark {
      case .stroke: canvas.polyline([(x, y - 4), (x + 24, y - 4)], color: PlotColors.color(entry.color), dashes: entry.dashes)
      case .square: canvas.rectangle(x + 12, y - 9, 12, 9, fill: PlotColors.fill(entry.color))
      }
      canvas.text(PlotText.fitted(entry.name, width: columnWidth - Self.markWidth - 2), x + Self.markWidth, y, tip: entry.name)
    }
  }
}
