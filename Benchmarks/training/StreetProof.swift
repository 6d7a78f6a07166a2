import Foundation
import Geometry
import ModelFiles
import NetworkPrograms
import NetworkTraining

/// Trains a U-Net on two drives of CamVid and measures it on a third one.
///
/// Nothing was chosen on the third drive: the recipe is the one that is written here, and the last state is the one that is measured.
struct StreetProof {
  let folder: String
  let steps: Int
  let threads: Int
  let checkpoint: String
  private let net = UNet(base: 16, classes: StreetPictures.classes.count)

  func run() throws {
    let training = try StreetPictures(folder + "/train") { $0.hasPrefix("0001TP") || $0.hasPrefix("0016E5") }
    let examples = StreetExamples(training)
    let network = try TrainingNetwork(seed: 1) { builder in
      let pictures = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
      let classes = builder.graph.input("classes", shape: [.any, .fixed(11), .any, .any])
      return builder.graph.crossEntropy(try net.logits(&builder, pictures), classes, classes: 11)
    }
    let settings = TrainingSettings(
      schedule: Schedule(rate: 2e-3, warmUp: steps / 20, total: steps), decay: 0.05, normLimit: 1,
      average: WeightAverage(decay: 0.99, rise: 100), batch: 4, seed: 1, threads: threads, type: .bf16)
    let start = FileManager.default.fileExists(atPath: checkpoint) ? try Checkpoint.read(path: checkpoint).state : nil
    let trainer = try Trainer(network, settings, examples, state: start)
    let began = ProcessorTime.seconds
    try trainer.run(until: steps, checkpoint: (checkpoint, 50)) { report in
      if report.step % 50 == 0 {
        print("step \(report.step): loss \(report.loss), \(ProcessorTime.seconds - began) s of the processor")
      }
    }
    print(
      "\(network.parameterCount) parameters, \(steps) steps of 4, \(ProcessorTime.seconds - began) s of the processor, at most \(ProcessorTime.peakMebibytes) MiB"
    )
    try measure(training, trainer.state.tensors)
  }

  private func measure(_ training: StreetPictures, _ tensors: [String: Tensor]) throws {
    print("| | mean IoU | " + StreetPictures.classes.joined(separator: " | ") + " |")
    print("|" + String(repeating: " --- |", count: 13))
    let prior = training.prior
    for (name, part, drive) in [("0006R0", "/train", "0006R0"), ("val, inside 0016E5", "/val", "")] {
      let pictures = try StreetPictures(folder + part) { $0.hasPrefix(drive) }
      var (blind, seeing) = (Confusion(), Confusion())
      for scene in pictures.scenes {
        blind.add(truth: scene.fullLabels) {
          prior[$0 / StreetPictures.width / 2 * StreetPictures.halfWidth + $0 % StreetPictures.width / 2]
        }
      }
      try classify(pictures, tensors) { scene, labels in seeing.add(truth: scene.fullLabels) { labels[$0] } }
      print(blind.row(name + ", the place's class"))
      print(seeing.row(name + ", U-Net"))
    }
  }

  /// Classes of all pixels at full size: scores of the half-size picture, enlarged linearly.
  private func classify(
    _ pictures: StreetPictures, _ tensors: [String: Tensor], _ note: (StreetPictures.Scene, [UInt8]) -> Void
  ) throws {
    var builder = NetworkBuilder(purpose: .inference(tensors))
    let input = builder.graph.input("pictures", shape: [.any, .fixed(3), .any, .any])
    let logits = try net.logits(&builder, input)
    let scales = builder.graph.constant(Tensor(list: [1, 1, 2, 2] as [Float]))
    builder.graph.output(builder.graph.one("Resize", [logits, nil, scales], ["mode": .string("linear")]), name: "scores")
    let program = try Program(builder.graph.graph, threads: threads)
    // Rows below the picture repeat its last one, so that the sides are multiples of 16.
    let rows = (StreetPictures.halfHeight + 15) / 16 * 16
    for scene in pictures.scenes {
      let planes = StreetExamples.planes(scene, StreetExamples.Change(), x: 0, y: 0, width: StreetPictures.halfWidth, height: rows)
      let picture = try Tensor(shape: [1, 3, rows, StreetPictures.halfWidth], planes)
      let scores = try program.run(["pictures": picture])["scores"]?.values(Float.self) ?? []
      let plane = 2 * rows * StreetPictures.width
      note(
        scene,
        (0..<StreetPictures.width * StreetPictures.height).map { place in
          UInt8((0..<11).max { scores[$0 * plane + place] < scores[$1 * plane + place] } ?? 0)
        })
    }
  }
}

/// Parts of the training pictures, mirrored, brightened and tinted at random.
struct StreetExamples: ExampleSource {
  /// What is done to the numbers of a picture.
  struct Change {
    var gains: [Float] = [1, 1, 1]
    var isMirrored = false
  }
  private let pictures: StreetPictures
  private let weights: [Float]
  var count: Int { pictures.scenes.count }
  /// The part's sides, multiples of 16.
  private static let (width, height) = (224, 176)

  init(_ pictures: StreetPictures) { (self.pictures, weights) = (pictures, pictures.classWeights) }

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    var random = SplitMix64(seed: seed)
    var (planes, shares) = ([Float](), [Float]())
    for place in places {
      let scene = pictures.scenes[place]
      let x = random.next(below: StreetPictures.halfWidth - Self.width + 1)
      let y = random.next(below: StreetPictures.halfHeight - Self.height + 1)
      // Half to twice as bright, with a tint of a tenth.
      let gain = Float(exp(0.7 * (2 * random.uniform() - 1)))
      let gains = (0..<3).map { _ in gain * Float(exp(0.1 * (2 * random.uniform() - 1))) }
      let change = Change(gains: gains, isMirrored: random.uniform() < 0.5)
      planes += Self.planes(scene, change, x: x, y: y, width: Self.width, height: Self.height)
      shares += targets(scene, change, x: x, y: y)
    }
    return [
      "pictures": try Tensor(shape: [places.count, 3, Self.height, Self.width], planes),
      "classes": try Tensor(shape: [places.count, 11, Self.height, Self.width], shares),
    ]
  }

  /// Numbers of about mean zero and deviation one; rows below the picture repeat its last one.
  static func planes(_ scene: StreetPictures.Scene, _ change: Change, x: Int, y: Int, width: Int, height: Int) -> [Float] {
    let plane = StreetPictures.halfWidth * StreetPictures.halfHeight
    return (0..<3).flatMap { channel in
      (0..<width * height).map { place -> Float in
        let column = x + (change.isMirrored ? width - 1 - place % width : place % width)
        let row = min(y + place / width, StreetPictures.halfHeight - 1)
        let value = Float(scene.planes[channel * plane + row * StreetPictures.halfWidth + column]) * change.gains[channel]
        return (min(value, 255) - 110) / 70
      }
    }
  }

  /// The class's weight at its place, zeros where there is none.
  private func targets(_ scene: StreetPictures.Scene, _ change: Change, x: Int, y: Int) -> [Float] {
    let size = Self.width * Self.height
    var shares = [Float](repeating: 0, count: 11 * size)
    for place in 0..<size {
      let column = x + (change.isMirrored ? Self.width - 1 - place % Self.width : place % Self.width)
      let label = scene.labels[(y + place / Self.width) * StreetPictures.halfWidth + column]
      if label < StreetPictures.void { shares[Int(label) * size + place] = weights[Int(label)] }
    }
    return shares
  }
}
