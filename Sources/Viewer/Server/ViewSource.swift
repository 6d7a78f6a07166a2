import Foundation
import Records

/// The stream behind a served page: read once, and again when its file has grown.
public actor ViewSource {
  /// What a page is given.
  struct State {
    var bytes: Data
    var version: Int
    var isComplete: Bool

    init(_ data: ViewData) {
      bytes = Data(data.bytes)
      version = data.version
      isComplete = data.isComplete
    }
  }

  private let path: String
  private let load: @Sendable (_ version: Int) throws -> ViewData
  private var state: State
  private var review: [ReviewDecision]

  /// - Parameters:
  ///   - path: The stream's file, whose size tells whether it has grown.
  ///   - first: What it held when it was read first.
  ///   - load: Reads it again.
  public init(path: String, first: ViewData, load: @escaping @Sendable (_ version: Int) throws -> ViewData) {
    self.path = path
    self.load = load
    review = first.review
    state = State(first)
  }

  /// Whether the stream has its end.
  var isComplete: Bool { state.isComplete }

  /// The page's columns, of what is there by now. A stream that cannot be read at the moment leaves what was read before.
  func data() throws -> State {
    if !state.isComplete, state.version != ViewSource.size(of: path) { reload() }
    return state
  }

  /// Keeps the decisions for pages that are opened later.
  func take(_ decisions: [ReviewDecision]) {
    review = decisions
    reload()
  }

  private func reload() {
    guard var data = try? load(ViewSource.size(of: path)) else { return }
    data.review = review
    state = State(data)
  }

  /// The length of a file, by which a growing one is told from what it was; 0 where it is not there.
  public static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

extension ViewData {
  /// Whether the stream will not grow; a file without records never does.
  var isComplete: Bool { tracks.end != nil || tracks.header == nil }
}
