/// One self-contained page: no scripts, no resources from elsewhere.
public struct HTMLReport: Sendable {
  /// What stands at the head and on the browser's tab.
  public var title: String
  /// How the scores came about, stated at the head of the page.
  public var statements: [(name: String, text: String)]
  private var body = ""
  /// The tables so far, for the definitions at the end.
  private var tables: [MetricTable] = []

  /// A page without a body yet.
  public init(title: String, statements: [(name: String, text: String)]) {
    self.title = title
    self.statements = statements
  }

  /// Begins a section.
  public mutating func heading(_ text: String) { body += "<h2>\(SVGCanvas.escaped(text))</h2>\n" }
  /// Adds a sentence or more.
  public mutating func paragraph(_ text: String) { body += "<p>\(SVGCanvas.escaped(text))</p>\n" }

  /// Adds a list; nothing for no items.
  public mutating func list(_ items: [String]) {
    guard !items.isEmpty else { return }
    body += "<ul>" + items.map { "<li>\(SVGCanvas.escaped($0))</li>" }.joined() + "</ul>\n"
  }

  /// Adds a plot half a page wide.
  public mutating func add(_ plot: LinePlot) { figure(plot.svg) }
  /// Adds bars half a page wide.
  public mutating func add(_ plot: BarPlot) { figure(plot.svg) }
  /// Adds a map, as wide as its columns ask for.
  public mutating func add(_ plot: HeatMap) { figure(plot.svg, isWide: plot.isWide) }
  /// Adds time lines as wide as the page.
  public mutating func add(_ plot: TimelinePlot) { figure(plot.svg, isWide: true) }

  /// A drawing made elsewhere: one `svg` element.
  public mutating func add(svg: String) { figure(svg) }

  private mutating func figure(_ svg: String, isWide: Bool = false) {
    body += "<figure class=\"\(isWide ? "wide" : "plot")\">\(svg)</figure>\n"
  }

  /// Adds a table, whose figures the page then explains at its end.
  public mutating func add(_ table: MetricTable) {
    tables.append(table)
    let classes = table.columns.indices.map { table.holdsText($0) ? " class=\"text\"" : "" }
    body += "<div class=\"scroll\"><table>"
    if !table.shownTitle.isEmpty { body += "<caption>\(SVGCanvas.escaped(table.shownTitle))</caption>" }
    body += "<thead><tr>" + zip(table.columns, classes).map(Self.heading).joined() + "</tr></thead><tbody>"
    for (index, row) in table.rows.enumerated() {
      let cells = zip(zip(row, table.columns), classes).map { "<td\($1)>\(SVGCanvas.escaped(table.shown($0.0, in: $0.1)))</td>" }
      body += "<tr\(table.summaryRows.contains(index) ? " class=\"summary\"" : "")>" + cells.joined() + "</tr>"
    }
    body += "</tbody></table></div>\n"
  }

  /// A column's heading; what it means is shown where the pointer rests on it, and a long one may break where names have their joints.
  private static func heading(_ column: MetricColumn, _ alignment: String) -> String {
    let hint = MetricGlossary.definition(of: column.name).map { " title=\"\(SVGCanvas.escaped($0))\"" } ?? ""
    let name = SVGCanvas.escaped(column.name)
    let text = column.name.count > 16 ? name.map { "-_/.".contains($0) ? "\($0)<wbr>" : String($0) }.joined() : name
    return "<th\(alignment)\(hint)>\(text)</th>"
  }

  /// What the figures of the page mean.
  private var definitions: String {
    let entries = MetricGlossary.entries(of: tables)
    guard !entries.isEmpty else { return "" }
    let rows = entries.map { "<dt>\(SVGCanvas.escaped($0.name))</dt><dd>\(SVGCanvas.escaped($0.text))</dd>" }
    return "<h2>What the figures mean</h2>\n<dl>\(rows.joined())</dl>\n"
  }

  /// A picture with a caption and a name that links can go to.
  ///
  /// - Parameters:
  ///   - bytes: The picture as a file has it.
  ///   - type: Its media type, such as `image/jpeg`.
  public mutating func add(picture bytes: [UInt8], type: String, caption: String, anchor: String) {
    body += "<figure class=\"picture\" id=\"\(SVGCanvas.escaped(anchor))\">"
    body += "<img alt=\"\(SVGCanvas.escaped(caption))\" src=\"data:\(type);base64,\(Base64.encoded(bytes))\">"
    body += "<figcaption>\(SVGCanvas.escaped(caption))</figcaption></figure>\n"
  }

  /// The whole page.
  public var text: String {
    let protocolRows = statements.map {
      "<dt>\(SVGCanvas.escaped($0.name))</dt><dd>\(SVGCanvas.escaped($0.text))</dd>"
    }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>\(SVGCanvas.escaped(title))</title><style>\(Self.style)</style></head><body>
      <header><h1>\(SVGCanvas.escaped(title))</h1><dl>\(protocolRows)</dl></header>
      <main>
      \(body)\(definitions)</main></body></html>

      """
  }

  private static let style = """
    body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:1120px;padding:1rem 1.5rem;color:#1a1a1a;background:#fff}
    h1{font-size:1.5rem;margin:.3rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #ddd}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;background:#f5f6f8;padding:.6rem .9rem;border-radius:6px}
    dt{color:#555}dd{margin:0}.scroll{overflow-x:auto}
    table{border-collapse:collapse;margin:.5rem 0;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:.3rem 0}
    table{font-size:13px}th,td{padding:.15rem .4rem;text-align:right;white-space:nowrap}th.text,td.text{text-align:left}th[title]{cursor:help}
    thead th{border-bottom:1px solid #888;white-space:normal;vertical-align:bottom}tr.summary td{border-top:1px solid #bbb;font-weight:600}
    figure{margin:.6rem .6rem .6rem 0}figure.plot{display:inline-block;width:500px;max-width:100%;vertical-align:top}
    figure.wide{width:100%}figure.picture{display:inline-block;width:520px;max-width:100%}figure.picture:target{outline:3px solid #d55e00}
    img{max-width:100%}figcaption{font-size:.85rem;color:#444}svg{width:100%;height:auto}
    svg text{font:11px system-ui,sans-serif;fill:#222}svg text.title{font-weight:600;font-size:13px}svg text.small{font-size:9px}svg text.light{fill:#fff}
    svg .grid{stroke:#e4e4e4}svg .axis{stroke:#666}
    """
}

/// Bytes as text of 64 letters (RFC 4648).
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encoded(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - group.count))
      for letter in 0..<4 {
        let isPadding = letter > group.count
        text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * letter)) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
