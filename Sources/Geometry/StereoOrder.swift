/// Where points lie that two cameras see: what tells a pair whose pictures were exchanged, or given twice.
///
/// Before two cameras that stand beside each other a point is seen further to the left by the right one. Exchanged, every point seems to lie
/// behind them; two prints of one picture show every point at infinity.
public struct StereoOrder: Sendable, Equatable {
  /// Matches of points before the cameras.
  public private(set) var before = 0
  /// Matches that would lie behind them.
  public private(set) var behind = 0
  /// Matches that moved by less than a pixel: as far as anyone can tell at infinity.
  public private(set) var still = 0

  /// Matches of points that lie nearer than a search for them looks.
  public private(set) var nearer = 0

  /// Fewer matches tell nothing.
  private static let leastMatches = 20
  /// A view in which not one point of so many has a disparity is no stereo pair.
  private static let stillShare = 50
  /// More wrong matches than one in so many are not expected.
  private static let nearerShare = 20
  /// A disparity in pixels that is told from none.
  private static let leastDisparity = 1.0

  /// Nothing seen yet.
  public init() {}

  /// Counts a match by its disparity in pixels: above 0 where the point lies before the cameras.
  ///
  /// - Parameter largest: The largest disparity that is looked for.
  public mutating func count(disparity: Double, largest: Double = .infinity) {
    if disparity >= largest + Self.leastDisparity { nearer += 1 }
    if disparity >= Self.leastDisparity {
      before += 1
    } else if disparity <= -Self.leastDisparity {
      behind += 1
    } else {
      still += 1
    }
  }

  /// What is probably wrong with the pair, a sentence without its end; nil where nothing shows.
  public var problem: String? {
    guard before + behind + still >= Self.leastMatches else { return nil }
    if behind > before, behind * Self.stillShare > still {
      return
        "\(behind) of \(before + behind) points that both cameras see would lie behind them; are left and right swapped?"
    }
    if (before + behind) * Self.stillShare < still {
      return "both pictures show the same view, every point at infinity; is one input given twice?"
    }
    if nearer * Self.nearerShare > before + behind {
      return
        "\(nearer) of \(before + behind) points that both cameras see lie nearer than disparities are looked for, and their surroundings get wrong ones; give a larger --max-disparity"
    }
    return nil
  }
}
