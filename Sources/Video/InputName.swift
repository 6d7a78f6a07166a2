import Foundation

/// What an input's name says about it.
enum InputName {
  /// The letters before "://", if that is what the name begins with.
  static func scheme(of input: String) -> String? {
    guard let range = input.range(of: "://") else { return nil }
    let scheme = input[..<range.lowerBound]
    let isScheme =
      scheme.first?.isLetter == true && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    return isScheme ? scheme.lowercased() : nil
  }

  /// The name with the password of an address like rtsp://user:password@host/ replaced by stars.
  static func withoutPassword(_ input: String) -> String {
    guard scheme(of: input) != nil, let start = input.range(of: "://")?.upperBound else { return input }
    let authority = input[start...].prefix { !"/?#".contains($0) }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return input }
    return input[...colon] + "***" + input[at...]
  }

  /// Whether the name has characters that a shell would expand.
  static func isGlob(_ input: String) -> Bool { input.contains { "*?[".contains($0) } }
}
