/// Why a broker cannot be told anything.
public struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// The library of the protocol is not installed.
    case missingLibrary(package: String)
    /// Nobody answers.
    case unreachable
    /// The broker does not let this run in, or does not take what it sends.
    case refused
    /// What answers is no such broker.
    case garbage
    /// The connection is lost.
    case lost
  }

  /// What is wrong.
  public let reason: Reason
  /// The broker, without secrets.
  public let address: String
  /// What was said about it.
  public let detail: String

  /// One sentence.
  public var description: String {
    let start = "cannot publish to \(address): "
    return switch reason {
    case .missingLibrary(let package): start + "its library cannot be loaded (\(detail)); install Debian's \(package)"
    case .unreachable: start + "nobody answers there (\(detail)); check the host and the port, and that the broker runs"
    case .refused:
      start + "the broker refuses (\(detail)); check the user and the password (\(BrokerCredentials.Variable.user), "
        + "\(BrokerCredentials.Variable.password)), the certificates and what the broker lets this user publish"
    case .garbage:
      start + "what answers there is no such broker (\(detail)); check the kind of address, the port, and whether it wants TLS"
    case .lost: start + "the connection is lost (\(detail))"
    }
  }
}
