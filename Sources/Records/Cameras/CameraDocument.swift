/// What YAML and XML files of cameras have in common: texts, lists and maps, bounded in depth and number.
indirect enum CameraDocument: Equatable {
  case text(String)
  case list([CameraDocument])
  case map([String: CameraDocument])

  /// How deep lists and maps may lie in each other; a camera needs four.
  static let maximumDepth = 8

  /// Why a file is not of this kind.
  struct Problem: Error, Equatable {
    var line: Int
    var reason: String
  }

  /// The entry of a map under the first of the names that it has.
  subscript(names: String...) -> CameraDocument? {
    guard case .map(let entries) = self else { return nil }
    return names.lazy.compactMap { entries[$0] }.first
  }

  /// Its text; nil for lists and maps.
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The finite number that it is.
  var number: Double? { text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

  /// The numbers of a list, of lists in lists row by row, or of a text with blanks between them; nil where one is no finite number.
  var numbers: [Double]? {
    switch self {
    case .text(let text):
      let words = text.split(whereSeparator: \.isWhitespace)
      let numbers = words.compactMap { Double($0) }.filter(\.isFinite)
      return numbers.count == words.count && !words.isEmpty ? numbers : nil
    case .list(let values):
      let parts = values.compactMap(\.numbers)
      return parts.count == values.count ? parts.flatMap { $0 } : nil
    case .map: return nil
    }
  }
}
