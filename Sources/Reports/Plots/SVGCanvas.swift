/// An SVG picture that is put together element by element; text is escaped, numbers have two decimals.
struct SVGCanvas {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The picture as an element of an HTML page.
  ///
  /// - Parameter label: What the picture shows, for readers that cannot see it.
  func rendered(label: String) -> String {
    "<svg viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"img\" aria-label=\"\(Self.escaped(label))\">"
      + body + "</svg>\n"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
    body +=
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" class=\"\(style)\"/>"
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, title: String? = nil) {
    let attributes =
      "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(0, width)))\" height=\"\(Self.number(max(0, height)))\" fill=\"\(fill)\""
    body += title.map { "<rect \(attributes)><title>\(Self.escaped($0))</title></rect>" } ?? "<rect \(attributes)/>"
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], color: String, dashes: String? = nil) {
    let text = points.map { Self.number($0.x) + "," + Self.number($0.y) }.joined(separator: " ")
    let dashing = dashes.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    body += "<polyline points=\"\(text)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.6\"\(dashing)/>"
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: String, title: String? = nil) {
    let attributes = "cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" fill=\"\(fill)\""
    body += title.map { "<circle \(attributes)><title>\(Self.escaped($0))</title></circle>" } ?? "<circle \(attributes)/>"
  }

  enum Anchor: String { case start, middle, end }

  /// - Parameter tip: What the pointer shows over the text; left out where it is the text itself.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, style: String = "label", turned: Bool = false,
    tip: String? = nil
  ) {
    let turn = turned ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    let title = tip.map { $0 == text ? "" : "<title>\(Self.escaped($0))</title>" } ?? ""
    body += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\" class=\"\(style)\"\(turn)>"
    body += "\(title)\(Self.escaped(text))</text>"
  }

  /// Makes what `draw` adds a link to a place of the page.
  mutating func link(to target: String, _ draw: (inout SVGCanvas) -> Void) {
    body += "<a href=\"\(Self.escaped(target))\">"
    draw(&self)
    body += "</a>"
  }

  static func number(_ value: Double) -> String { DecimalText.fixed(value, decimals: 2) ?? "0" }

  /// Text with what HTML reserves escaped.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// Colours that stay apart for most eyes (Okabe and Ito's palette).
enum PlotColors {
  private static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000"]
  static let missed = "#d9d9d9"

  static func color(_ index: Int) -> String { palette[index % palette.count] }

  /// Areas of equal colour differ by their strength.
  static func fill(_ index: Int) -> String { color(index) + ["", "99", "55"][index / palette.count % 3] }

  /// Strokes of equal colour differ by their dashes.
  static func dashes(_ index: Int) -> String? { [nil, "7 3", "2 2", "9 3 2 3"][index / palette.count % 4] }
}
