import Foundation

/// Who asks a broker to be let in.
public struct BrokerCredentials: Sendable, Equatable {
  /// nil where the broker needs none, or knows clients by a password alone.
  public var user: String?
  /// nil where there is none.
  public var password: String?

  /// Variables of the environment, which other users of the machine cannot see, as they can see a command line.
  public enum Variable {
    public static let user = "SEXTANT_PUBLISH_USER"
    public static let password = "SEXTANT_PUBLISH_PASSWORD"
    public static let passwordFile = "SEXTANT_PUBLISH_PASSWORD_FILE"
  }

  /// From the part of an address before `@`, `user` or `user:password`, with what has another meaning there written as `%40`.
  init(_ text: Substring?) throws(BrokerAddressError) {
    guard let text else { return }
    let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = words.map { String($0).removingPercentEncoding }
    guard let user = parts[0], !parts.contains(nil) else {
      throw BrokerAddressError(problem: "has a % before @ that stands for nothing")
    }
    self.user = user.isEmpty ? nil : user
    password = parts.count > 1 ? parts[1] : nil
  }

  /// What the address leaves open is taken from the environment; a password also from the first line of a file that is named there.
  ///
  /// - Throws: `BrokerCredentialsError` for a file that cannot be read.
  public func completed(from environment: [String: String]) throws(BrokerCredentialsError) -> BrokerCredentials {
    var whole = self
    whole.user = user ?? environment[Variable.user]
    if password == nil { whole.password = environment[Variable.password] }
    if whole.password == nil, let path = environment[Variable.passwordFile] {
      guard let data = FileManager.default.contents(atPath: path), data.count <= BrokerCredentials.longestFile,
        let line = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first
      else { throw BrokerCredentialsError(path: path) }
      whole.password = String(line)
    }
    return whole
  }

  /// Bytes; a file that is longer is no password.
  private static let longestFile = 1 << 16
}

/// A file of a password that cannot be read.
public struct BrokerCredentialsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String

  /// One sentence.
  public var description: String {
    "cannot read the password in \(path), which \(BrokerCredentials.Variable.passwordFile) names: name a file with it as its first line"
  }
}
