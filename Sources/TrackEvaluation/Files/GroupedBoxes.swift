import Geometry
import Records

/// One side of a sequence as its file has it, brought into the order of frames.
///
/// It takes over a table's columns instead of copying them where the file is already in order, and drops what no metric needs.
struct GroupedBoxes: Sendable {
  /// Where each frame's rows begin; one more entry than frames.
  var frameStarts: [Int] = [0]
  var ids: [Int32]
  var axisBoxes: AxisBoxColumn
  var orientedBoxes: [OrientedBox]
  /// Indices into `classes`; empty where the file has none.
  var classIndices: [Int16]
  var classes: [String]
  /// The number of each class in the file; empty where it has names.
  var classNumbers: [Int32]
  /// Whether the numbers mean names that stand beside the file.
  var hasOwnClassNames: Bool
  /// Whether a truth row counts; empty where all do.
  var considered: [Bool]
  var truncations: [Float]
  var occlusions: [Int8]
  var spatialBoxes: [SpatialBox]
  /// Headings in radians, NaN where unknown, and centre covariances in pixels², zero where unknown; empty where the file has none.
  var headings: [Double] = []
  var covariances: [SymmetricMatrix2] = []

  var count: Int { ids.count }
  var frameCount: Int { frameStarts.count - 1 }
  var isOriented: Bool { !orientedBoxes.isEmpty }

  func rows(ofFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  func axisBox(_ row: Int) -> AxisBox { axisBoxes.isEmpty ? orientedBoxes[row].hull : axisBoxes[row] }

  func orientedBox(_ row: Int) -> OrientedBox {
    guard orientedBoxes.isEmpty else { return orientedBoxes[row] }
    let box = axisBoxes[row]
    return OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0)
  }

  func isConsidered(_ row: Int) -> Bool { considered.isEmpty || considered[row] }

  /// The lower-case class name of a row; nil where it has none.
  func className(_ row: Int) -> String? {
    guard !classIndices.isEmpty else { return nil }
    let index = Int(classIndices[row])
    return index >= 0 && index < classes.count ? classes[index] : nil
  }

  /// Takes the columns out of a table; it has frames up to the last one with a box.
  ///
  /// - Parameters: headings and covariances by row, where the file has them.
  init(taking table: inout BoxTable, headings: [Double] = [], covariances: [SymmetricMatrix2] = []) {
    // Each column is moved, for a column that the table still held would be copied when it is brought into order.
    func taken<Column: ExpressibleByArrayLiteral>(_ column: inout Column) -> Column {
      var moved: Column = []
      swap(&column, &moved)
      return moved
    }
    let frames = taken(&table.frames)
    frameStarts = Array(repeating: 0, count: Int(frames.max() ?? -1) + 2)
    for frame in frames { frameStarts[Int(frame) + 1] += 1 }
    for frame in frameStarts.indices.dropFirst() { frameStarts[frame] += frameStarts[frame - 1] }
    ids = taken(&table.ids)
    axisBoxes = taken(&table.axisBoxes)
    orientedBoxes = taken(&table.orientedBoxes)
    classIndices = taken(&table.classIndices)
    classes = table.classes.map { $0.lowercased() }
    classNumbers = table.classNumbers
    hasOwnClassNames = table.hasOwnClassNames
    considered = taken(&table.considered)
    truncations = taken(&table.truncations)
    occlusions = taken(&table.occlusions)
    spatialBoxes = taken(&table.spatialBoxes)
    self.headings = headings
    self.covariances = covariances
    if !frames.indices.dropFirst().allSatisfy({ frames[$0 - 1] <= frames[$0] }) { sort(by: frames) }
  }

  /// Nothing.
  static var empty: GroupedBoxes {
    var table = BoxTable(format: .mot)
    return GroupedBoxes(taking: &table)
  }

  /// The class names that occur, in lower case.
  var names: Set<String> {
    var seen = Array(repeating: false, count: classes.count)
    for index in classIndices where index >= 0 && Int(index) < seen.count { seen[Int(index)] = true }
    return Set(seen.indices.filter { seen[$0] }.map { classes[$0] })
  }

  /// Gives one name to the classes that only mark regions.
  ///
  /// - Parameter regions: The names of such classes, in lower case.
  mutating func rename(_ regions: Set<String>, to name: String) {
    classes = classes.map { regions.contains($0) ? name : $0 }
  }

  /// Drops the frames outside of a range, so that its first one becomes frame 0; frames that are not there are empty.
  mutating func cut(toFrames range: Range<Int>) {
    extend(toFrames: range.upperBound)
    guard range != 0..<frameCount else { return }
    let rows = frameStarts[range.lowerBound]..<frameStarts[range.upperBound]
    if rows != 0..<count { keep((0..<count).map { rows.contains($0) }) }
    frameStarts = Array(frameStarts[range.lowerBound...range.upperBound])
  }

  /// Adds frames without boxes at the end.
  mutating func extend(toFrames count: Int) {
    let end = frameStarts[frameStarts.count - 1]
    frameStarts.append(contentsOf: repeatElement(end, count: max(0, count - frameCount)))
  }

  private mutating func sort(by frames: [Int32]) {
    var next = Array(frameStarts.dropLast())
    var order = Array<Int32>(repeating: 0, count: frames.count)
    for (row, frame) in frames.enumerated() {
      order[next[Int(frame)]] = Int32(row)
      next[Int(frame)] += 1
    }
    reorder(order)
  }

  private mutating func reorder(_ order: [Int32]) {
    ids.reorder(order)
    axisBoxes.reorder(order)
    orientedBoxes.reorder(order)
    classIndices.reorder(order)
    considered.reorder(order)
    truncations.reorder(order)
    occlusions.reorder(order)
    spatialBoxes.reorder(order)
    headings.reorder(order)
    covariances.reorder(order)
  }

  /// Keeps the rows that are marked.
  mutating func keep(_ isKept: [Bool]) {
    precondition(isKept.count == count, "a mark for each row")
    guard isKept.contains(false) else { return }
    var starts = [0]
    starts.reserveCapacity(frameStarts.count)
    var kept = 0
    for frame in 0..<frameCount {
      for row in rows(ofFrame: frame) where isKept[row] { kept += 1 }
      starts.append(kept)
    }
    frameStarts = starts
    ids.keep(isKept)
    axisBoxes.keep(isKept)
    orientedBoxes.keep(isKept)
    classIndices.keep(isKept)
    considered.keep(isKept)
    truncations.keep(isKept)
    occlusions.keep(isKept)
    spatialBoxes.keep(isKept)
    headings.keep(isKept)
    covariances.keep(isKept)
  }

  /// The ids, frame by frame.
  var identities: TrackIdentities {
    TrackIdentities(frameStarts: frameStarts, originalIDs: ids)
  }

  /// Hands the ids over and leaves nothing, so that the two never take memory at once.
  mutating func takeIdentities() -> TrackIdentities {
    let (starts, ids) = (frameStarts, ids)
    self = .empty
    return TrackIdentities(frameStarts: starts, originalIDs: ids)
  }
}
