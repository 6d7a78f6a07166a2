/// How strongly a centre departs from its predictions, 1 as expected: the recent mean of its normalised innovation squared over 2.
///
/// It is a factor of the centre's noise: steady objects earn small uncertainties, and with them long honest coasting; restless ones wide gates.
@frozen
public struct Agitation: Hashable, Sendable, Codable {
  /// The factor.
  public private(set) var value = 1.0

  /// Of an object of which nothing is known yet.
  public init() {}

  /// Reads the plain number.
  public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Double.self) }

  /// Writes the plain number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  /// Takes in what a detection said against its prediction.
  ///
  /// - Parameter seconds: Since the frame before.
  public mutating func learn(_ innovation: PlanarInnovation, seconds: Double) {
    let square = min(innovation.normalizedSquare, Agitation.largestSquare)
    value += min(1, seconds / Agitation.memory) * (square / 2 - value)
    value = min(max(value, Agitation.least), Agitation.most)
  }

  private static let largestSquare = 20.0
  /// Seconds over which innovations are averaged.
  private static let memory = 1.0
  private static let least = 0.2
  private static let most = 4.0
}
