/// What was left out while data were read, and how much of it: nothing is left out in silence.
public struct DataNotes: Sendable, Equatable {
  /// Why something was left out.
  public enum Reason: String, Sendable, CaseIterable {
    case damaged = "pictures cannot be decoded and were left out"
    case unlabelled = "pictures have no labels and count as empty"
    case labelless = "pictures have no label image of their name and were left out"
    case nameless = "labels of pixels have no name and are neither learned nor measured"
    case unlike = "label images cannot be read, or are of another size than their picture, and were left out"
    case pictureless = "pictures with labels are not there"
    case outside = "boxes have their centre outside the picture and were left out"
    case empty = "boxes have no area and were left out"
    case unknownClass = "boxes are of classes that are not learned and were left out"
    case unlikeMask = "masks are of another size than their picture and were left out, their boxes not"
    case emptyMask = "masks have no pixel and were left out, their boxes not"
    case beforeless = "pictures have no frame before them and count as their own"
    case filmless = "films of a list are not there"
  }

  /// How many of a reason are named.
  private static let namedCount = 3
  private var counts: [Reason: Int] = [:]
  private var examples: [Reason: [String]] = [:]

  /// How many were left out for a reason.
  public func count(_ reason: Reason) -> Int { counts[reason] ?? 0 }

  mutating func add(_ reason: Reason, _ name: String) {
    counts[reason, default: 0] += 1
    let named = examples[reason] ?? []
    if named.count < DataNotes.namedCount, !named.contains(name) { examples[reason, default: []].append(name) }
  }

  /// A sentence for each reason that there was.
  public var sentences: [String] {
    Reason.allCases.compactMap { reason in
      guard let count = counts[reason] else { return nil }
      let named = examples[reason] ?? []
      return "\(count) \(reason.rawValue): \(named.joined(separator: ", "))\(count > named.count ? " …" : "")"
    }
  }
}
