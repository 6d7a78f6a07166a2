import Imaging

/// Disparities for the pixels that have none: by a vote of each pixel's support, then from what is seen around it.
///
/// Source: Mei et al. (2011), section 3.4, with its constants.
struct DisparityFilling {
  /// The most votes of a support, and the share of the winner, from which a vote counts.
  private static let leastVotes = 20
  private static let leastShare = 0.4
  private static let rounds = 5
  /// How far a pixel with a disparity is looked for, in pixels.
  private static let reach = 100

  let image: Image
  let support: CrossSupport
  let disparities: Int

  /// Fills `values` where `findings` are not `agrees`.
  ///
  /// - Returns: The disparities of all pixels.
  func filled(_ values: [Int32], _ findings: [DisparityCheck.Finding]) -> [Int32] {
    var values = values
    var isKnown = findings.map { $0 == .agrees }
    for _ in 0..<Self.rounds {
      var wins: [(Int, Int32)] = []
      for index in values.indices where !isKnown[index] {
        if let winner = vote(index, values, isKnown) { wins.append((index, winner)) }
      }
      for (index, winner) in wins {
        values[index] = winner
        isKnown[index] = true
      }
      if wins.isEmpty { break }
    }
    let known = values
    for index in values.indices where !isKnown[index] {
      values[index] = surroundings(of: index, known, isKnown, isHidden: findings[index] == .hidden) ?? known[index]
    }
    return values
  }

  private func vote(_ index: Int, _ values: [Int32], _ isKnown: [Bool]) -> Int32? {
    var counts = [Int](repeating: 0, count: disparities)
    var total = 0
    let width = image.width
    for row in stride(from: index - Int(support.up[index]) * width, through: index + Int(support.down[index]) * width, by: width) {
      for place in row - Int(support.left[row])...row + Int(support.right[row]) where isKnown[place] {
        counts[Int(values[place])] += 1
        total += 1
      }
    }
    guard total > Self.leastVotes, let most = counts.max(), Double(most) > Self.leastShare * Double(total) else { return nil }
    return counts.firstIndex(of: most).map { Int32($0) }
  }

  /// Steps of the sixteen directions.
  private static let directions = [
    (1, 0), (2, 1), (1, 1), (1, 2), (0, 1), (-1, 2), (-1, 1), (-2, 1), (-1, 0), (-2, -1), (-1, -1), (-1, -2), (0, -1), (1, -2),
    (1, -1), (2, -1),
  ]

  /// The nearest disparity of each direction: the smallest of them for a hidden place, which belongs to what lies behind, and that of the
  /// most similar colour for a wrong match.
  private func surroundings(of index: Int, _ values: [Int32], _ isKnown: [Bool], isHidden: Bool) -> Int32? {
    let (width, height) = (image.width, image.height)
    let (x, y) = (index % width, index / width)
    var best: (rank: Int, value: Int32)?
    for (stepX, stepY) in Self.directions {
      for step in 1...Self.reach {
        let (column, row) = (x + step * stepX, y + step * stepY)
        guard column >= 0, row >= 0, column < width, row < height else { break }
        let place = row * width + column
        guard isKnown[place] else { continue }
        let rank = isHidden ? Int(values[place]) : CrossSupport.colorDistance(image, index, place)
        if best.map({ rank < $0.rank }) ?? true { best = (rank, values[place]) }
        break
      }
    }
    return best?.value
  }
}
