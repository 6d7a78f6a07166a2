internal import CViewerPage
import Foundation

/// The page's files, which lie in the program.
enum PageFiles {
  /// The scripts in the order in which they need each other.
  private static let scripts = [
    "data.js", "colors.js", "masks.js", "trails.js", "marks.js", "picture.js", "video.js", "player.js", "timeline.js", "plots.js",
    "table.js", "filters.js", "map.js", "mapPanel.js", "address.js", "comparison.js", "review.js", "keys.js", "main.js", "parts.js",
    "live.js",
    "start.js",
  ]

  static var template: String { text("page.html") }
  static var style: String { text("style.css") }

  /// All scripts as one: what they take from each other stands in the same scope then, so the lines that import and the words that export go.
  static var script: String {
    scripts.map(text).joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("import ") }
      .map { $0.hasPrefix("export ") ? String($0.dropFirst("export ".count)) : String($0) }
      .joined(separator: "\n")
  }

  /// The list of names and that of the C face are held together by a test.
  private static func text(_ name: String) -> String {
    var count = 0
    guard let bytes = sx_viewer_page_file(name, &count) else { return "" }
    // The face gives `count` bytes that live as long as the program.
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
