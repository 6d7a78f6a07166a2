internal import Foundation
internal import Reports

/// The course of a training: what its log tells, by epochs.
struct TrainingHistory {
  /// The mean loss of an epoch's steps.
  struct Loss {
    var epoch: Int
    var sum = 0.0
    var steps = 0

    var mean: Double { sum / Double(max(1, steps)) }
  }

  /// The measurement after an epoch.
  struct Measurement {
    let epoch: Int
    let mean: Double?
    let classes: [String: Double]
  }

  private(set) var losses: [Loss] = []
  private(set) var measurements: [Measurement] = []

  /// Adds a line of the log, in their order.
  mutating func add(_ line: TrainingLog.Line) {
    if let loss = line.loss {
      if losses.last?.epoch != line.epoch { losses.append(Loss(epoch: line.epoch)) }
      losses[losses.count - 1].sum += loss
      losses[losses.count - 1].steps += 1
    }
    if line.metric != nil {
      measurements.append(Measurement(epoch: line.epoch, mean: line.mean, classes: line.classes ?? [:]))
    }
  }
}

/// A training as a page for people: curves, the last measurement, pictures with what was found. It tells no times, as the log.
struct TrainingReport {
  let name: String
  let facts: ModelCard.Facts
  let history: TrainingHistory
  let pictures: [TrainingPicture]

  /// The page as HTML.
  var page: String {
    let recipe = facts.recipe
    var report = HTMLReport(
      title: "Training of \(name)",
      statements: [
        ("what", "\(facts.task.purpose), \(facts.network)"),
        ("epochs", "\(facts.epoch) of \(recipe.epochs)"),
        ("learned from", "\(facts.task.examples.count) pictures"),
        ("measured on", "\(facts.task.measuredCount) others\(facts.task.referenceText)"),
        (facts.task.words.squares, "\(recipe.side) pixels, \(recipe.batch) a step"), ("learning rate", "\(recipe.rate)"),
        ("seed", "\(recipe.seed)"),
      ])
    report.heading("Curves")
    report.add(
      LinePlot(
        title: "loss", xLabel: "epoch", yLabel: "mean of the epoch's steps",
        series: [LinePlot.Series("loss", history.losses.map { (Double($0.epoch), $0.mean) })], xRange: epochs))
    report.add(scorePlot)
    report.heading("The last measurement")
    report.add(scoreTable)
    if let masks = facts.scores.masks { report.paragraph(masks.sentence + ".") }
    if let looks = facts.scores.looks { report.paragraph(looks.sentence + ".") }
    if !pictures.isEmpty { report.heading("Pictures that it did not learn from") }
    for (number, picture) in pictures.enumerated() {
      report.add(picture: picture.bytes, type: "image/jpeg", caption: picture.caption, anchor: "picture-\(number)")
    }
    return report.text
  }

  private var scorePlot: LinePlot {
    let measured = history.measurements
    let mean = LinePlot.Series("mean", measured.compactMap { entry in entry.mean.map { (Double(entry.epoch), $0) } })
    let classes = facts.task.classes.map { name in
      LinePlot.Series(name, measured.compactMap { entry in entry.classes[name].map { (Double(entry.epoch), $0) } })
    }
    return LinePlot(
      title: facts.scores.metric, xLabel: "epoch", yLabel: "\(facts.scores.metric), as a ratio", series: [mean] + classes,
      xRange: epochs, yRange: 0...1)
  }

  /// Of both plots, so that a single measurement stands where it was made.
  private var epochs: ClosedRange<Double> { 1...Double(max(2, facts.epoch)) }

  private var scoreTable: MetricTable {
    var table = MetricTable(
      title: facts.scores.metric,
      columns: [MetricColumn("class", isLabel: true), MetricColumn("measured on"), MetricColumn(facts.scores.metric)])
    for row in facts.scores.rows {
      table.append([.text(row.name), .integer(row.count), row.value.map { .ratio($0) } ?? .missing])
    }
    table.append([.text("mean of all"), .missing, facts.scores.mean.map { .ratio($0) } ?? .missing], isSummary: true)
    return table
  }
}
