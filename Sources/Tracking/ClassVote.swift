/// The class of a track by the summed scores of its detections.
///
/// Holds the four classes with the most votes; a fifth one takes the place, and the count, of the weakest (Misra and Gries' idea), which
/// keeps a track free of heap storage and cannot displace a class that holds more than a fifth of the votes.
struct ClassVote: Codable {
  private var classes = SIMD4(-1, -1, -1, -1)
  private var weights = SIMD4(0.0, 0, 0, 0)

  /// The class with the most votes, at a tie the one that came first.
  var winner: Int {
    var best = (classes[0], weights[0])
    if weights[1] > best.1 { best = (classes[1], weights[1]) }
    if weights[2] > best.1 { best = (classes[2], weights[2]) }
    if weights[3] > best.1 { best = (classes[3], weights[3]) }
    return best.0
  }

  init(first: Int, weight: Double) {
    classes[0] = first
    weights[0] = weight
  }

  mutating func add(_ index: Int, weight: Double) {
    if classes[0] == index {
      weights[0] += weight
    } else if classes[1] == index {
      weights[1] += weight
    } else if classes[2] == index {
      weights[2] += weight
    } else if classes[3] == index {
      weights[3] += weight
    } else {
      replaceWeakest(by: index, weight: weight)
    }
  }

  private mutating func replaceWeakest(by index: Int, weight: Double) {
    let least = min(weights[0], weights[1], weights[2], weights[3])
    if weights[3] == least {
      (classes[3], weights[3]) = (index, least + weight)
    } else if weights[2] == least {
      (classes[2], weights[2]) = (index, least + weight)
    } else if weights[1] == least {
      (classes[1], weights[1]) = (index, least + weight)
    } else {
      (classes[0], weights[0]) = (index, least + weight)
    }
  }
}
