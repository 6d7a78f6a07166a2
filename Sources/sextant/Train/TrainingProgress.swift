import Foundation
import Geometry
import PictureTraining

/// What a person sees of a training on standard error: a line that is drawn anew where it is a terminal, and a line an epoch.
final class TrainingProgress {
  private let start = ContinuousClock.now
  private let isQuiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastDrawn: ContinuousClock.Instant?
  /// The first step of this run: one that goes on has begun later.
  private var first: Int?
  private var timeLeft = ""
  /// Of the latest steps, each of a hundredth weight.
  private var loss: Double?

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ event: TrainingRun.Event) {
    switch event {
    case .note(let sentence): StandardError.say(sentence)
    case .step(let report, let total): step(report.step, total, report.loss)
    case .epoch(let epoch, let total, let loss, let result): self.epoch(epoch, total, loss, result)
    }
  }

  /// Removes the line.
  func finish() { if lastDrawn != nil { write("\r\u{1B}[K") } }

  /// Shows how many pictures a teacher has looked at.
  func show(_ done: Int, of total: Int) {
    draw(done, total, "\(done) of \(total) pictures looked at by the teacher")
  }

  private func step(_ step: Int, _ total: Int, _ loss: Double) {
    self.loss = self.loss.map { 0.99 * $0 + 0.01 * loss } ?? loss
    draw(step, total, "step \(step) of \(total)  loss \(String(format: "%.3f", self.loss ?? loss))")
  }

  private func draw(_ step: Int, _ total: Int, _ text: String) {
    let begun = first ?? step
    first = begun
    let now = ContinuousClock.now
    let each = (now - start) / .seconds(1) / Double(step - begun + 1)
    timeLeft = TrainingProgress.clock(each * Double(total - step))
    guard isTerminal, !isQuiet else { return }
    if let lastDrawn, now - lastDrawn < .milliseconds(200) { return }
    lastDrawn = now
    let filled = 20 * step / max(1, total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    write("\r\u{1B}[K\(bar) \(text)  \(timeLeft) left")
  }

  private func epoch(_ epoch: Int, _ total: Int, _ loss: Double?, _ result: TrainingScores) {
    guard !isQuiet else { return }
    finish()
    let classes = result.rows.map { "\($0.name) \(TrainingProgress.text($0.value))" }
    let masks = result.masks.map { ", masks IoU \(TrainingProgress.text($0.iou))" } ?? ""
    StandardError.say(
      "epoch \(epoch) of \(total): loss \(TrainingProgress.text(loss)), \(result.metric) "
        + "\(TrainingProgress.text(result.mean)) (\(classes.joined(separator: ", ")))\(masks), \(timeLeft) left")
  }

  private static func text(_ ratio: Double?) -> String { ratio.map { String(format: "%.3f", $0) } ?? "–" }

  private static func clock(_ seconds: Double) -> String {
    let minutes = Int(bounded: (seconds / 60).rounded(.up), in: 0...10_000_000)
    return minutes >= 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes) min"
  }

  private func write(_ text: String) { StandardError.show(text) }
}
