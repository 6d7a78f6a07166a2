import Imaging
import Records

/// Whose boxes' contents are hidden in pictures that are written or shown.
public enum BlurredClasses: Sendable, Equatable {
  case none
  case all
  /// By their names.
  case names(Set<String>)

  /// A list such as `person,face`; `all` is one too.
  ///
  /// - Returns: nil where a name is empty.
  public init?(_ list: String) {
    guard list != "all" else {
      self = .all
      return
    }
    let names = list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
    guard !names.contains("") else { return nil }
    self = .names(Set(names))
  }

  /// The list that `init` takes; empty for none.
  public var list: String {
    switch self {
    case .none: ""
    case .all: "all"
    case .names(let names): names.sorted().joined(separator: ",")
    }
  }

  /// Whether a track of a class is hidden. One without a known class might be of any, and is.
  func holds(_ classIndex: Int, among classes: [String]) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .names(let names): !classes.indices.contains(classIndex) || names.contains(classes[classIndex])
    }
  }

  /// Hides what lies in a record's boxes, of tentative tracks too.
  ///
  /// - Parameter classes: The names that the tracks' class indices point into.
  public func hideContents(of record: FrameRecord, classes: [String], on image: inout Image) {
    for track in record.tracks where holds(track.classIndex, among: classes) { image.hide(track.box) }
  }

  /// One sentence for each name that no class has: nothing would be hidden, and nobody would see why.
  func warnings(classes: [String]) -> [String] {
    guard case .names(let names) = self else { return [] }
    return names.subtracting(classes).sorted().map { name in
      let known = classes.isEmpty ? "there are no classes" : "there are \(classes.joined(separator: ", "))"
      return "nothing of the class \(name) is blurred: no track has it; \(known)"
    }
  }
}

extension Substring {
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
