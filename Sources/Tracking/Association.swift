import Geometry

/// Which track takes which detection in a frame: rounds over the tracks and detections that are still free.
///
/// First the sure detections with the confirmed tracks, lost ones included; then the unsure ones with the confirmed tracks that are
/// left (ByteTrack, Zhang et al., 2022); last what remains with the tracks that are not confirmed yet.
struct Association {
  /// The measurement of each track, −1 for none.
  private(set) var measurementOfTrack: [Int] = []
  private(set) var isTaken: [Bool] = []

  private var predictions: [Prediction] = []
  private var costs = SparseCosts()
  private var solver = AssignmentSolver()
  private var rows: [Int] = []
  private var columns: [Int] = []

  mutating func match(
    _ tracks: [Track], _ measurements: [Measurement], comparison: Comparison, settings: TrackerSettings
  ) {
    measurementOfTrack.removeAll(keepingCapacity: true)
    measurementOfTrack.append(contentsOf: repeatElement(-1, count: tracks.count))
    isTaken.removeAll(keepingCapacity: true)
    isTaken.append(contentsOf: repeatElement(false, count: measurements.count))
    predictions.removeAll(keepingCapacity: true)
    for track in tracks { predictions.append(Prediction(track)) }
    let high = settings.highScore
    let rounds: [(confirmed: Bool, low: Double, high: Double)] = [
      (true, high, .infinity), (true, -.infinity, high), (false, -.infinity, .infinity),
    ]
    for round in rounds {
      rows.removeAll(keepingCapacity: true)
      columns.removeAll(keepingCapacity: true)
      for (i, track) in tracks.enumerated()
      where measurementOfTrack[i] < 0 && track.isConfirmed == round.confirmed && track.ending == nil {
        rows.append(i)
      }
      for (j, measurement) in measurements.enumerated()
      where !isTaken[j] && measurement.score >= round.low && measurement.score < round.high {
        columns.append(j)
      }
      guard !rows.isEmpty, !columns.isEmpty else { continue }
      run(tracks, measurements, comparison: comparison, settings: settings)
    }
  }

  private mutating func run(
    _ tracks: [Track], _ measurements: [Measurement], comparison: Comparison, settings: TrackerSettings
  ) {
    costs.removeAll()
    for row in rows {
      let prediction = predictions[row]
      for (position, column) in columns.enumerated() {
        let measurement = measurements[column]
        guard settings.isClassAgnostic || measurement.classIndex == prediction.classIndex else { continue }
        if let cost = comparison.evaluate(prediction, tracks[row], measurement) {
          costs.append(column: position, cost: cost)
        }
      }
      costs.endRow()
    }
    solver.solve(costs, columnCount: columns.count, missCost: settings.maximumCost)
    for (position, row) in rows.enumerated() {
      let column = solver.columnOfRow[position]
      guard column >= 0 else { continue }
      measurementOfTrack[row] = columns[column]
      isTaken[columns[column]] = true
    }
  }
}
