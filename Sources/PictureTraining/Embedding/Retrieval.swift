/// How well embeddings tell objects apart within one recording.
struct Retrieval: Sendable {
  /// An embedding of a crop.
  struct Crop: Sendable {
    let embedding: [Float]
    let object: Int
    /// Seconds.
    let time: Double
  }

  /// Crops that have another one of the same object to be found among others.
  private(set) var sought = 0
  /// Those of them whose nearest other crop is of the same object.
  private(set) var found = 0
  /// The probability that two crops of one object are more alike than two of different ones; nil without both kinds of pairs.
  private(set) var area: Double?
  /// For each crop all others that count, the nearest first; only of the crops that are asked for.
  private(set) var nearest: [Int: [Int]] = [:]

  /// Crops of one object that are less than this apart are not compared: they are nearly the same picture. Seconds.
  static let leastGap = 1.0

  /// Compares all crops with all, by the cosine of what is left without their mean, as the tracker does.
  ///
  /// - Parameter shown: The crops whose neighbours are kept.
  init(_ crops: [Crop], shown: Set<Int> = []) {
    let directions = Self.centred(crops.map(\.embedding))
    var (same, other) = ([Float](), [Float]())
    for query in crops.indices {
      var list: [(place: Int, likeness: Float)] = []
      var (hasFellow, hasStranger) = (false, false)
      for place in crops.indices where place != query {
        let isSame = crops[place].object == crops[query].object
        guard !isSame || abs(crops[place].time - crops[query].time) >= Self.leastGap else { continue }
        if isSame { hasFellow = true } else { hasStranger = true }
        let likeness = zip(directions[query], directions[place]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        list.append((place, likeness))
        // Each pair once.
        if place > query { if isSame { same.append(likeness) } else { other.append(likeness) } }
      }
      if hasFellow, hasStranger {
        sought += 1
        // Of equal ones the first.
        let best = list.max { ($0.likeness, $1.place) < ($1.likeness, $0.place) }
        if let best, crops[best.place].object == crops[query].object { found += 1 }
      }
      if shown.contains(query) {
        nearest[query] = list.sorted { ($1.likeness, $0.place) < ($0.likeness, $1.place) }.map(\.place)
      }
    }
    area = Self.area(same: same, other: other)
  }

  /// Mann and Whitney's U over the number of pairs of pairs, ties counting a half: the area under the ROC.
  static func area(same: [Float], other: [Float]) -> Double? {
    guard !same.isEmpty, !other.isEmpty else { return nil }
    let rest = other.sorted()
    let wins = same.reduce(0.0) { sum, likeness in
      let (below, upTo) = (rest.count(below: likeness), rest.count(upTo: likeness))
      return sum + Double(below) + Double(upTo - below) / 2
    }
    return wins / (Double(same.count) * Double(other.count))
  }

  private static func centred(_ vectors: [[Float]]) -> [[Float]] {
    guard let first = vectors.first else { return [] }
    var mean = [Float](repeating: 0, count: first.count)
    for vector in vectors { for place in mean.indices { mean[place] += vector[place] / Float(vectors.count) } }
    return vectors.map { vector in
      let rest = zip(vector, mean).map { $0 - $1 }
      let length = rest.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
      return length > 0 ? rest.map { $0 / length } : rest
    }
  }
}

extension [Float] {
  /// How many of rising numbers are below one.
  fileprivate func count(below value: Float) -> Int { boundary { $0 < value } }
  /// How many are not above it.
  fileprivate func count(upTo value: Float) -> Int { boundary { $0 <= value } }

  /// The first place for which a condition that holds for all before it fails.
  private func boundary(_ holds: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
