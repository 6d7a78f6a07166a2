/// Which classes are taken for which: rows are truth, columns results, the last of each is the background.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The names of the classes, the background left out.
  public var classes: [String]
  /// The cells that are not 0: thousands of classes have few.
  private var counts: [Cell: Int] = [:]

  /// A place in the matrix; an index of `classes`, or their number for the background.
  public struct Cell: Sendable, Hashable {
    /// The row: the class of the truth.
    public var truth: Int
    /// The column: the class of the result.
    public var result: Int
  }

  /// How many boxes of one class of the truth were taken for one of the result; the number of classes stands for the background.
  public subscript(truth: Int, result: Int) -> Int { counts[Cell(truth: truth, result: result)] ?? 0 }

  /// The cells that are not 0, row by row.
  public var entries: [(cell: Cell, count: Int)] {
    counts.sorted { ($0.key.truth, $0.key.result) < ($1.key.truth, $1.key.result) }.map { ($0.key, $0.value) }
  }

  /// What a row or column is of.
  public func name(_ index: Int) -> String { index < classes.count ? classes[index] : "background" }

  /// Matches boxes regardless of class, pairs of the highest overlap first, one to one.
  ///
  /// Only detections of at least the score count. Difficult and crowd truth is no part of it: detections that match it or lie in it, or
  /// in an ignore region, are dropped.
  init(_ set: BoxSet, similarity: BoxSimilarity, minimumScore: Double, threshold: Double, isCovered: [Bool]) {
    classes = set.classes
    let truth = Dictionary(grouping: set.truth.indices, by: { set.truth[$0].image })
    let detections = Dictionary(
      grouping: set.detections.indices.filter { set.detections[$0].score >= minimumScore },
      by: { set.detections[$0].image })
    for image in Set(truth.keys).union(detections.keys) {
      add(set, truth[image] ?? [], detections[image] ?? [], similarity, threshold, isCovered)
    }
  }

  private mutating func add(
    _ set: BoxSet, _ truth: [Int], _ detections: [Int], _ similarity: BoxSimilarity, _ threshold: Double,
    _ isCovered: [Bool]
  ) {
    let background = classes.count
    var pairs: [(overlap: Double, truth: Int, detection: Int)] = []
    var dropped: Set<Int> = []
    for t in truth {
      let shape = similarity.shape(set.truth[t].shape)
      for d in detections {
        let other = similarity.shape(set.detections[d].shape)
        if set.truth[t].isCrowd {
          if other.coveredShare(by: shape) > threshold { dropped.insert(d) }
        } else {
          let overlap = other.iou(with: shape)
          if overlap > threshold { pairs.append((overlap, t, d)) }
        }
      }
    }
    pairs.sort { ($0.overlap, $1.truth, $1.detection) > ($1.overlap, $0.truth, $0.detection) }
    var partner: [Int: Int] = [:]
    var matched: Set<Int> = []
    for pair in pairs where partner[pair.truth] == nil && matched.insert(pair.detection).inserted {
      partner[pair.truth] = pair.detection
    }
    for t in truth where !set.truth[t].isCrowd && !set.truth[t].isDifficult {
      increment(set.truth[t].classIndex, partner[t].map { set.detections[$0].classIndex } ?? background)
    }
    for d in detections where !matched.contains(d) && !dropped.contains(d) && !isCovered[d] {
      increment(background, set.detections[d].classIndex)
    }
  }

  private mutating func increment(_ truth: Int, _ result: Int) {
    counts[Cell(truth: truth, result: result), default: 0] += 1
  }
}
