import Geometry
import Records
import Reports

/// Brings the tables of a truth and a result together: which image is which, which class is which, what is ignored.
public struct BoxSetBuilder: Sendable {
  /// How classes and images of both sides are brought together.
  public struct Options: Sendable, Equatable {
    /// The classes to evaluate, in this order; empty for all of the truth.
    public var classes: [String] = []
    /// Truth of these classes marks regions to ignore; case does not matter.
    public var ignoredClasses: [String] = ["DontCare"]
    /// Compare boxes without regard to their class.
    public var isClassAgnostic = false

    /// Takes the classes as they are and leaves none out.
    public init() {}
  }

  /// Truth and result with common numbers of images and classes.
  public var set: BoxSet
  /// The images' names in the set's order; empty where frames have only numbers.
  public var images: [String]
  /// What a reader of the figures should know, a sentence each.
  public var warnings: [String] = []

  /// - Parameters:
  ///   - regions: A further table whose boxes are regions to ignore.
  public init(
    truth: BoxTable, result: BoxTable, regions: BoxTable? = nil, options: Options = Options()
  ) throws(EvaluationError) {
    let frames = try FrameAlignment(truth: truth, result: result, regions: regions)
    let classes = try ClassAlignment(truth: truth, result: result, options: options)
    set = BoxSet(classes: classes.names, imageCount: frames.count, truth: [], detections: [])
    images = frames.images
    warnings = truth.warnings + result.warnings + classes.warnings
    addTruth(truth, frames, classes)
    addResult(result, frames, classes)
    try refuseCrowds()
    if let regions {
      for row in 0..<regions.count {
        set.ignoreRegions.append(IgnoreRegion(image: frames.region(Int(regions.frames[row])), shape: regions.shape(row)))
      }
    }
  }

  /// Refuses images with more boxes than can be compared with one another.
  private func refuseCrowds() throws(EvaluationError) {
    var counts: [Int: (truth: Int, result: Int)] = [:]
    for box in set.truth { counts[box.image, default: (0, 0)].truth += 1 }
    for box in set.detections { counts[box.image, default: (0, 0)].result += 1 }
    for (image, count) in counts {
      let name = images.isEmpty ? "frame \(image)" : "image \(images[image])"
      if let problem = PairLimit.problem(name, truth: count.truth, result: count.result) { throw problem }
    }
  }

  private mutating func addTruth(_ table: BoxTable, _ frames: FrameAlignment, _ classes: ClassAlignment) {
    for row in 0..<table.count {
      let image = frames.truth(Int(table.frames[row]))
      let shape = table.shape(row)
      switch classes.truth(table.classIndex(row)) {
      case .ignored: set.ignoreRegions.append(IgnoreRegion(image: image, shape: shape))
      case .left: continue
      case .evaluated(let index):
        let isFlagged = !table.difficult.isEmpty && table.difficult[row]
        let isUncounted = !table.considered.isEmpty && !table.considered[row]
        set.truth.append(
          AnnotatedBox(
            image: image, classIndex: index, shape: shape, area: table.areas.isEmpty ? nil : table.areas[row],
            isDifficult: isUncounted || (isFlagged && table.format != .coco),
            isCrowd: isFlagged && table.format == .coco))
      }
    }
  }

  private mutating func addResult(_ table: BoxTable, _ frames: FrameAlignment, _ classes: ClassAlignment) {
    if table.confidences.isEmpty, !table.isEmpty {
      warnings.append("the result has no scores: every box counts as sure, so precision and recall are one point")
    }
    for row in 0..<table.count {
      guard case .evaluated(let index) = classes.result(table.classIndex(row)) else { continue }
      set.detections.append(
        ScoredBox(
          image: frames.result(Int(table.frames[row])), classIndex: index, shape: table.shape(row),
          score: table.confidence(row)))
    }
  }
}

extension BoxTable {
  /// The outline of a row; corners that the reader kept count where they are no rectangle's.
  fileprivate func shape(_ row: Int) -> BoxShape {
    guard axisBoxes.isEmpty else { return .upright(axisBoxes[row]) }
    let box = orientedBoxes[row]
    // HIT-UAV gives centre, sides and angle beside the corners, and those are the annotation.
    guard !corners.isEmpty, format != .hitUAV else { return .oriented(box) }
    let c = corners[row]
    let isRectangle = zip([c.first, c.second, c.third, c.fourth], box.corners).allSatisfy { ($0 - $1).length < 1e-6 }
    return isRectangle
      ? .oriented(box) : ConvexQuadrilateral(c.first, c.second, c.third, c.fourth).map { .quadrilateral($0) } ?? .oriented(box)
  }
}

/// The images of both sides under one numbering: by name where they have names, else by frame number.
private struct FrameAlignment {
  let count: Int
  let images: [String]
  private let resultMap: [Int]?
  private let regionMap: [Int]?

  init(truth: BoxTable, result: BoxTable, regions: BoxTable?) throws(EvaluationError) {
    var names = truth.images
    var index = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    func map(_ table: BoxTable, _ side: String) throws(EvaluationError) -> [Int]? {
      guard truth.images.isEmpty == table.images.isEmpty else {
        guard !table.isEmpty, !truth.isEmpty else { return nil }
        let does = truth.images.isEmpty ? "numbers its frames" : "names its images"
        throw .inconsistent(
          reason: "the truth (\(truth.format.rawValue)) \(does) and the \(side) (\(table.format.rawValue)) does not; "
            + "convert one of them to the other's kind")
      }
      // Two files of one image each are of the same one, whatever they are called.
      guard !table.images.isEmpty, !(truth.isSingleImage && table.isSingleImage) else { return nil }
      return table.images.map { name in
        if let known = index[name] { return known }
        index[name] = names.count
        names.append(name)
        return names.count - 1
      }
    }
    resultMap = try map(result, "result")
    regionMap = try regions.map { (table) throws(EvaluationError) in try map(table, "ignore regions") } ?? nil
    images = names
    count = max(names.count, truth.frameCount, result.frameCount)
    if let resultMap, !result.isEmpty, !truth.isEmpty, !resultMap.contains(where: { $0 < truth.images.count }) {
      throw .inconsistent(
        reason: "no image of the result (\"\(result.images[0])\", …) is one of the truth (\"\(truth.images.first ?? "")\", …); "
          + "do both name the same images?")
    }
  }

  func truth(_ frame: Int) -> Int { frame }
  func result(_ frame: Int) -> Int { resultMap.map { $0[frame] } ?? frame }
  func region(_ frame: Int) -> Int { regionMap.map { $0[frame] } ?? frame }
}

/// The classes of both sides under one numbering.
private struct ClassAlignment {
  enum Use: Equatable {
    case evaluated(Int)
    /// Marks a region to ignore.
    case ignored
    /// Not asked for.
    case left
  }

  private(set) var names: [String] = []
  private(set) var warnings: [String] = []
  private var truthUses: [Use] = []
  private var resultUses: [Use] = []
  private let isAgnostic: Bool

  init(truth: BoxTable, result: BoxTable, options: BoxSetBuilder.Options) throws(EvaluationError) {
    isAgnostic = options.isClassAgnostic
    let ignored = Set(options.ignoredClasses.map { $0.lowercased() })
    // A truth without any box has no classes of its own: those of the result are the ones that nothing was found of.
    let known = truth.isEmpty && truth.classes.isEmpty ? result.occurringClasses : truth.classes
    let evaluated = known.filter { !ignored.contains($0.lowercased()) }
    if isAgnostic || (evaluated.isEmpty && options.classes.isEmpty) {
      names = ["object"]
    } else {
      names = options.classes.isEmpty ? evaluated : options.classes
    }
    let unknown = options.classes.filter { name in !truth.classes.contains { $0.lowercased() == name.lowercased() } }
    guard unknown.isEmpty || truth.isEmpty else {
      throw .inconsistent(
        reason: "the truth has no class \(ClassAlignment.listed(unknown)); it has \(ClassAlignment.listed(truth.classes))")
    }
    let position = Dictionary(names.enumerated().map { ($1.lowercased(), $0) }) { first, _ in first }
    truthUses = truth.classes.map { name in
      if ignored.contains(name.lowercased()) { return .ignored }
      return isAgnostic ? .evaluated(0) : position[name.lowercased()].map { .evaluated($0) } ?? .left
    }
    resultUses = resultUses(result, truth, position, ignored)
    guard isAgnostic || names.count < 2 || result.isEmpty || !result.classIndices.isEmpty else {
      throw .inconsistent(
        reason: "the result has no classes and the truth has \(names.count); "
          + "choose \(EvaluationSetting.withoutClasses) or name one as \(EvaluationSetting.classes)")
    }
    noteStrangers(result, options, ignored)
  }

  private mutating func resultUses(
    _ result: BoxTable, _ truth: BoxTable, _ position: [String: Int], _ ignored: Set<String>
  ) -> [Use] {
    if isAgnostic { return result.classes.map { ignored.contains($0.lowercased()) ? .left : .evaluated(0) } }
    if truth.classes.isEmpty, !truth.isEmpty { return result.classes.map { _ in .evaluated(0) } }
    if truth.hasOwnClassNames, result.format == .mot, !result.hasOwnClassNames {
      return result.classNumbers.map { number in truth.classNumbers.firstIndex(of: number).map { truthUses[$0] } ?? .left }
    }
    let byName = result.classes.map { position[$0.lowercased()] }
    let isNumbered = !result.classNumbers.isEmpty && zip(result.classes, result.classNumbers).allSatisfy { $0 == String($1) }
    guard isNumbered, byName.allSatisfy({ $0 == nil }) else { return byName.map { $0.map { .evaluated($0) } ?? .left } }
    let meaning = truth.classNumbers.isEmpty ? "places, from 0, in the truth's list of classes" : "the truth's class numbers"
    warnings.append("the result has only class numbers; they are taken as \(meaning)")
    return result.classNumbers.map { number in
      let index = truth.classNumbers.isEmpty ? Int(number) : truth.classNumbers.firstIndex(of: number) ?? -1
      guard truthUses.indices.contains(index) else { return .left }
      return truthUses[index]
    }
  }

  /// Tells of classes of the result that nothing is asked of, as far as it has boxes of them.
  private mutating func noteStrangers(_ result: BoxTable, _ options: BoxSetBuilder.Options, _ ignored: Set<String>) {
    guard options.classes.isEmpty, !isAgnostic else { return }
    let left = Set(zip(result.classes, resultUses).filter { $1 == .left || $1 == .ignored }.map(\.0))
    let occurring = result.occurringClasses.filter(left.contains)
    let strangers = occurring.filter { !ignored.contains($0.lowercased()) }
    if strangers.count == 1 {
      warnings.append("the result's class \(ClassAlignment.listed(strangers)) is none of the truth's; its boxes are left out")
    } else if !strangers.isEmpty {
      warnings.append("the result's classes \(ClassAlignment.listed(strangers)) are none of the truth's; their boxes are left out")
    }
    let regions = occurring.filter { ignored.contains($0.lowercased()) }
    if !regions.isEmpty {
      warnings.append("the result's boxes of \(ClassAlignment.listed(regions)) are left out, which only marks regions in a truth")
    }
  }

  func truth(_ index: Int?) -> Use { index.map { truthUses[$0] } ?? (names.count == 1 ? .evaluated(0) : .left) }
  func result(_ index: Int?) -> Use { index.map { resultUses[$0] } ?? (names.count == 1 ? .evaluated(0) : .left) }

  private static func listed(_ names: [String]) -> String { WordList.text(names.map { "\"\($0)\"" }) }
}

extension BoxTable {
  /// The classes that rows have, in the table's order.
  fileprivate var occurringClasses: [String] {
    let used = Set(classIndices)
    return classes.indices.filter { Int16(exactly: $0).map(used.contains) ?? false }.map { classes[$0] }
  }
}
