/// The kinds of files that a video can be written as, each by the extension of its name.
public enum VideoContainer: String, Sendable, CaseIterable {
  case mp4, m4v, mov, mkv

  /// The extensions that are written.
  public static var extensions: [String] { allCases.map(\.rawValue) }

  /// - Returns: nil for an extension of no such file, or none.
  public init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: point)...].lowercased())
  }

  /// FFmpeg's name of the format.
  var format: String {
    switch self {
    case .mp4, .m4v: "mp4"
    case .mov: "mov"
    case .mkv: "matroska"
    }
  }
}
