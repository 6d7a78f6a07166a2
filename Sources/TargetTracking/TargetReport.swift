public import Geometry
import Synchronization

/// What became known of a target when it was begun, told from the thread that follows it to the one that speaks to people.
public final class TargetReport: Sendable {
  /// What a target's extent was found by.
  public enum Means: String, Sendable {
    /// It was given.
    case given = "as given"
    /// What moves around the point.
    case motion = "by what moves there"
    /// What stands out around the point by its colours.
    case colors = "by its colours"
  }

  /// The box that was taken, and by what.
  public struct Beginning: Sendable, Equatable {
    /// In pixels of the displayed picture.
    public var box: AxisBox
    /// What it was found by.
    public var means: Means
  }

  private let beginning = Mutex<Beginning?>(nil)

  /// Nothing is known.
  public init() {}

  /// What is known; nil before the target's time.
  public var value: Beginning? { beginning.withLock { $0 } }

  func tell(_ box: AxisBox, _ means: Means) { beginning.withLock { $0 = Beginning(box: box, means: means) } }
}
