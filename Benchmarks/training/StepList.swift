import ModelFiles
import NetworkTraining

/// What the time of a pass goes into.
enum StepList {
  /// Prints the seconds of every kind of kernel, and how many of them there are, the slowest kind first.
  static func show(_ trainer: Trainer, _ examples: [String: Tensor]) throws {
    var sums: [String: (seconds: Double, count: Int)] = [:]
    for (name, time) in try trainer.stepTimes(examples) {
      let former = sums[name] ?? (0, 0)
      sums[name] = (former.seconds + time / .seconds(1), former.count + 1)
    }
    for (name, entry) in sums.sorted(by: { $0.value.seconds > $1.value.seconds }) {
      print("\(entry.seconds) s in \(entry.count): \(name)")
    }
  }
}
