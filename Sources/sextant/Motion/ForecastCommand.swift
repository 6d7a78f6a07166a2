import ArgumentParser
import ForecastEvaluation
import Foundation
import Geometry
import Motion
import Pipeline
import Records

/// `sextant forecast`: where points on the ground are expected to go.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast points on the ground by a learned motion.",
    discussion: """
      TRACKS is text of frame, id, x, y. Each agent that is there for all steps of a window is forecast from the observed ones alone, and \
      rows of 'observed_frame frame id x y hypothesis xx xy yy' are written: the expected places with their covariances, then, with \
      --samples, ways drawn from the filter's own distribution. In boxes of a stream 'sextant track --motion --forecast' forecasts.

      examples:
        sextant forecast biwi_eth.txt --motion walkers.json -o forecasts.txt
        sextant evaluate forecasts --truth biwi_eth.txt --result forecasts.txt
      """)

  @Argument(help: ArgumentHelp("Points on the ground: frame, id, x, y.", valueName: "tracks"), completion: .file())
  var tracks: String

  @Option(
    help: ArgumentHelp("A motion of points, of 'sextant train motion'.", valueName: "file"), completion: .file(extensions: ["json"])
  )
  var motion: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the forecasts go; - for standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  @Option(help: ArgumentHelp("Seconds of the usual step between frames; others count by their length.", valueName: "seconds"))
  var stepSeconds = 0.4

  @Option(help: ArgumentHelp("Observed steps.", valueName: "n"))
  var observed = 8

  @Option(help: ArgumentHelp("Forecast steps.", valueName: "n"))
  var predicted = 12

  @Option(help: ArgumentHelp("A window counts with at least this many agents.", valueName: "n"))
  var minimumAgents = 2

  @Option(help: ArgumentHelp("Ways drawn beside the expected one.", valueName: "n"))
  var samples = 0

  @Option(help: ArgumentHelp("Seed of the draws.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Replace an output file that exists.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      let windows = PedestrianWindows(
        observedSteps: try OptionCheck.value(observed, of: "--observed", in: 2...10_000, unit: "steps"),
        predictedSteps: try OptionCheck.value(predicted, of: "--predicted", in: 1...10_000, unit: "steps"),
        minimumAgents: try OptionCheck.value(minimumAgents, of: "--minimum-agents", in: 1...1_000_000, unit: ""))
      let drawn = try OptionCheck.value(samples, of: "--samples", in: 0...1000, unit: "")
      let seconds = try OptionCheck.value(stepSeconds, of: "--step-seconds", in: 1e-6...1e6, unit: "s")
      var plan = OutputPlan(overwrites: overwrite)
      plan.reads(tracks, as: "the tracks")
      plan.reads(motion, as: "the motion")
      plan.writes(output, as: "the forecasts")
      try plan.check()
      let law = try MotionChoice.read(path: motion)
      guard law.unit == .length else {
        throw CommandError.malformed("cannot use the motion \(motion): it is of boxes; give one that was trained on points")
      }
      let points = try PointTable.read(path: tracks)
      for sentence in [points.repetition(in: tracks), points.unevenness(in: tracks)].compactMap(\.self) {
        StandardError.warn(sentence)
      }
      let found = windows.samples(of: points.positions)
      if found.isEmpty {
        StandardError.warn(
          "no window of \(tracks) has \(observed + predicted) steps with \(minimumAgents) agents there at each, so nothing is forecast; "
            + "fewer are asked for by --observed, --predicted and --minimum-agents")
      }
      let sink = try OutputSink(path: output, policy: output == "-" ? .live : .whole, overwrite: overwrite)
      let forecast = PointForecast(law: law, frameSeconds: seconds / Double(points.usualStep), samples: drawn, seed: seed)
      for sample in found { try sink.write(forecast.text(of: sample)) }
      try sink.close()
    }
  }
}

/// The forecast of one agent in one window, as text.
struct PointForecast {
  let law: LearnedMotion
  /// Seconds from a frame number to the next one.
  let frameSeconds: Double
  let samples: Int
  let seed: UInt64

  func text(of sample: PedestrianWindows.Sample) -> String {
    var point = PointMotion(sample.observed[0], law: law)
    let frames = sample.observedFrames + sample.futureFrames
    let steps = zip(frames, frames.dropFirst()).map { Double($1 - $0) * frameSeconds }
    for (place, seconds) in zip(sample.observed.dropFirst(), steps) {
      point.predict(by: law, seconds: seconds)
      point.update(place, law: law)
    }
    let error = law.measurementNoise(unit: 1)
    let future = Array(steps.suffix(sample.futureFrames.count))
    let ahead = point.forecast(by: law, steps: future)
    var text = ""
    for (state, frame) in zip(ahead, sample.futureFrames) {
      append(sample, frame, state.position, 0, state.positionCovariance + error, to: &text)
    }
    // Draws hang on the sample alone, not on the order of the windows.
    var random = SplitMix64(
      seed: SplitMix64.mixed(seed) ^ SplitMix64.mixed(UInt64(bitPattern: Int64(sample.agent) << 32 ^ Int64(sample.frame))))
    for number in 0..<samples {
      let way = point.sample(by: law, steps: future) { random.normal() }
      for ((place, state), frame) in zip(zip(way, ahead), sample.futureFrames) {
        append(sample, frame, place, number + 1, state.positionCovariance + error, to: &text)
      }
    }
    return text
  }

  /// Tenths of a millimetre, as the usual files have them; covariances to nine digits.
  private func append(
    _ sample: PedestrianWindows.Sample, _ frame: Int, _ place: Point, _ hypothesis: Int, _ covariance: SymmetricMatrix2,
    to text: inout String
  ) {
    text += String(
      format: "%d\t%d\t%d\t%.4f\t%.4f\t%d\t%.9g\t%.9g\t%.9g\n", sample.frame, frame, sample.agent, place.x, place.y, hypothesis,
      covariance.xx, covariance.xy, covariance.yy)
  }
}

extension SplitMix64 {
  /// A standard normal number (G. Box and M. Muller, "A note on the generation of random normal deviates", 1958).
  fileprivate mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
