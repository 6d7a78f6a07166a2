import Geometry

/// Which track takes which detection in a frame: rounds over the tracks and detections that are still free.
///
/// First the sure detections with the confirmed tracks, those out of sight included; then the unsure ones with the confirmed tracks that
/// are left (ByteTrack, Zhang et al., 2022); last what remains with the tracks that are not confirmed yet.
struct Association {
  private enum Round: CaseIterable { case sure, unsure, tentative }

  /// The measurement of each track, −1 for none.
  private(set) var measurementOfTrack: [Int] = []
  private(set) var isTaken: [Bool] = []

  private var predictions: [Prediction] = []
  private var costs = SparseCosts()
  /// What the looks say of each pair of `costs`, and the most that they say of a column's; only where looks are taken.
  private var looks: [Double] = []
  private var bestOfColumn: [Double] = []
  private var solver = AssignmentSolver()
  /// Indices of the tracks and of the measurements of the present round, the latter from left to right.
  private var rows: [Int] = []
  private var columns: [Int] = []
  private var order: [Int] = []
  /// Where the measurements of `columns` lie along x.
  private var positions: [Double] = []

  /// The result is in `measurementOfTrack` and `isTaken`.
  ///
  /// - Parameter appearance: How tracks and measurements look, made ready for this frame; nil where nobody looked.
  mutating func match(
    _ tracks: [Track], _ measurements: [Measurement], comparison: Comparison, settings: TrackerSettings,
    appearance: Appearances? = nil
  ) {
    Association.reset(&measurementOfTrack, to: -1, count: tracks.count)
    Association.reset(&isTaken, to: false, count: measurements.count)
    guard !tracks.isEmpty, !measurements.isEmpty else { return }
    predictions.removeAll(keepingCapacity: true)
    for i in tracks.indices { predictions.append(Prediction(tracks[i])) }
    sortFromLeftToRight(measurements)
    for round in Round.allCases {
      choose(round, tracks, measurements, highScore: settings.highScore)
      guard !rows.isEmpty, !columns.isEmpty else { continue }
      compare(tracks, measurements, comparison, settings, comparison.isLogarithmic ? appearance : nil)
      solver.solve(costs, columnCount: columns.count, missCost: settings.maximumCost)
      keepMatches()
    }
  }

  private static func reset<T>(_ array: inout [T], to value: T, count: Int) {
    array.removeAll(keepingCapacity: true)
    for _ in 0..<count { array.append(value) }
  }

  private mutating func sortFromLeftToRight(_ measurements: [Measurement]) {
    order.removeAll(keepingCapacity: true)
    for j in measurements.indices { order.append(j) }
    // Equal positions keep their order, so that the result does not hang on the sorting algorithm.
    order.sort {
      let (a, b) = (measurements[$0].box.center.x, measurements[$1].box.center.x)
      return a < b || (a == b && $0 < $1)
    }
  }

  private mutating func choose(
    _ round: Round, _ tracks: [Track], _ measurements: [Measurement], highScore: Double
  ) {
    rows.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    for i in tracks.indices where measurementOfTrack[i] < 0 {
      if tracks[i].isConfirmed == (round != .tentative), tracks[i].ending == nil { rows.append(i) }
    }
    for j in order where !isTaken[j] {
      let isSure = measurements[j].score >= highScore
      guard round == .tentative || isSure == (round == .sure) else { continue }
      columns.append(j)
      positions.append(measurements[j].box.center.x)
    }
  }

  /// Fills the costs. Only detections within the gate's reach along x are looked at, found by bisection.
  private mutating func compare(
    _ tracks: [Track], _ measurements: [Measurement], _ comparison: Comparison, _ settings: TrackerSettings,
    _ appearance: Appearances?
  ) {
    costs.removeAll()
    looks.removeAll(keepingCapacity: true)
    let slack = appearance?.greatestEvidence ?? 0
    var widest = 0.0
    for column in columns { widest = max(widest, comparison.width(measurements[column])) }
    for row in rows {
      let center = predictions[row].center.x
      let reach = comparison.reach(predictions[row], widest: widest)
      var position = firstColumn(from: center - reach)
      while position < columns.count, positions[position] <= center + reach {
        let column = columns[position]
        if settings.isClassAgnostic || measurements[column].classIndex == predictions[row].classIndex,
          let cost = comparison.evaluate(predictions[row], tracks[row].motion, measurements[column], slack: slack)
        {
          costs.append(column: position, cost: cost)
          if let appearance { looks.append(appearance.evidence(track: row, measurement: column)) }
        }
        position += 1
      }
      costs.endRow()
    }
    if let appearance { weighLooks(appearance, maximum: settings.maximumCost) }
  }

  /// Adds what the looks say to the costs.
  ///
  /// Of a track that was seen just before, motion knows where it is: looks choose between those who could be it, and between those that a
  /// detection could be of, and forbid nothing to whom nobody rivals. So a change of looks is seen and learned from. Of one that was out of sight they
  /// count as they are.
  private mutating func weighLooks(_ appearance: Appearances, maximum: Double) {
    Association.reset(&bestOfColumn, to: -.infinity, count: columns.count)
    for (edge, look) in zip(costs.edges, looks) { bestOfColumn[edge.column] = max(bestOfColumn[edge.column], look) }
    var weighed = SparseCosts()
    for (place, row) in rows.enumerated() {
      let span = costs.starts[place]..<costs.starts[place + 1]
      let bestOfRow = looks[span].max() ?? 0
      for index in span {
        let (edge, look) = (costs.edges[index], looks[index])
        let evidence = appearance.isFresh(track: row) ? look - max(bestOfRow, bestOfColumn[edge.column]) : look
        if edge.cost - evidence < maximum { weighed.append(column: edge.column, cost: edge.cost - evidence) }
      }
      weighed.endRow()
    }
    costs = weighed
  }

  /// The first column of the round whose detection lies at or right of x.
  private func firstColumn(from x: Double) -> Int {
    var low = 0
    var high = columns.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func keepMatches() {
    for position in rows.indices {
      let column = solver.columnOfRow[position]
      guard column >= 0 else { continue }
      measurementOfTrack[rows[position]] = columns[column]
      isTaken[columns[column]] = true
    }
  }
}
