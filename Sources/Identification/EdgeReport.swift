import Splines

/// What the data say about one edge of a model.
public struct EdgeReport: Sendable {
  /// Where in the model the edge is.
  public let place: StateSpaceModel.EdgePlace
  /// Such as `x1' <- y`.
  public let name: String
  /// The edge as the model has it.
  public let edge: Edge
  /// The least and the greatest position that the training rows asked the edge for, scaled.
  public let dataRange: ClosedRange<Double>
  /// How many training rows lie where a coefficient has a part in the curve; one number a coefficient of a spline.
  public let coefficientCounts: [Int]
  /// Training rows in 24 equal parts of the drawn range.
  public let histogram: [Int]
  /// The root mean square of the curve over the training rows: its group norm.
  public let norm: Double
  /// A proved range of the curve over the range of the data.
  public let bounds: ClosedRange<Double>
  /// What the picture shows: the grid of a spline, the data of any other curve.
  public let drawnRange: ClosedRange<Double>

  /// - Parameter run: The model's free run over the training rows.
  public init(_ model: StateSpaceModel, _ place: StateSpaceModel.EdgePlace, run: FreeRun) {
    self.place = place
    name = model.name(of: place)
    let link = model.link(place)
    edge = link.edge
    let positions = model.positions(of: link, in: run)
    dataRange = (positions.min() ?? 0)...(positions.max() ?? 0)
    norm =
      positions.isEmpty
      ? 0
      : (positions.reduce(0) { $0 + link.edge.evaluate($1).value * link.edge.evaluate($1).value } / Double(positions.count))
        .squareRoot()
    bounds = link.edge.bounds(on: dataRange)
    var counts: [Int] = []
    var drawn = dataRange
    if case .spline(let spline) = link.edge.curve {
      counts = [Int](repeating: 0, count: spline.coefficients.count)
      for position in positions {
        let first = spline.grid.locate(position).interval
        for index in first..<first + 4 { counts[index] += 1 }
      }
      drawn = spline.grid.lower...spline.grid.upper
    }
    coefficientCounts = counts
    drawnRange = drawn
    histogram = EdgeReport.histogram(positions, over: drawn)
  }

  private static func histogram(_ positions: [Double], over range: ClosedRange<Double>) -> [Int] {
    var counts = [Int](repeating: 0, count: 24)
    let width = range.upperBound - range.lowerBound
    guard width > 0 else { return counts }
    for position in positions {
      let place = min(max((position - range.lowerBound) / width * 24, 0), 23)
      // Bounded above; positions are numbers, for the rows that they come from are checked.
      counts[Int(place)] += 1
    }
    return counts
  }

  /// The edge's curve with the range and the histogram of the data.
  public var picture: CurvePicture {
    CurvePicture(title: name, curve: edge.curve, range: drawnRange, dataRange: dataRange, counts: histogram)
  }
}

extension StateSpaceModel {
  /// The positions that a run asked an edge for. Sources are states, inputs and outputs, in this order, in both maps.
  func positions(of link: LearnedMap.Link, in run: FreeRun) -> [Double] {
    let width = stateCount + inputCount + outputCount
    return stride(from: link.source, to: run.sources.count, by: width).map { run.sources[$0] }
  }

  /// The least and the greatest value of every source over a run.
  func sourceRanges(in run: FreeRun) -> [ClosedRange<Double>] {
    let width = stateCount + inputCount + outputCount
    return (0..<width).map { source in
      let values = stride(from: source, to: run.sources.count, by: width).lazy.map { run.sources[$0] }
      return (values.min() ?? 0)...(values.max() ?? 0)
    }
  }
}
