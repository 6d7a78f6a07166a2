public import Models
public import NetworkPrograms
internal import NetworkTraining

/// All that a training depends on, beside its pictures.
public struct TrainingRecipe: Sendable, Equatable, Codable {
  /// The network's size.
  public var scale = DetectorModel.Scale.nano
  /// The squares that are cut from the pictures, in pixels: a multiple of 32.
  public var side = 256
  /// How often each picture is seen.
  public var epochs = 60
  /// Epochs between two measurements; the last epoch is measured in any case.
  public var measuredEvery = 1
  /// Squares in a step.
  public var batch = 8
  /// The greatest learning rate.
  public var rate = 2e-3
  /// Of everything that is drawn at random.
  public var seed: UInt64 = 1
  /// Threads of oneDNN's kernels; another number may round sums differently.
  public var threads = 1
  /// What convolutions multiply, in steps; 32-bit floats where the processor has no bfloat16. Measurements are in 32-bit floats.
  public var type = ProgramType.bf16
  /// How pictures are changed.
  public var augmentation = Augmentation()

  /// What the blocks at the network's coarse end are.
  public var blocks: CoarseBlocks {
    get { forms?.blocks ?? .conv }
    set { change { $0.blocks = newValue } }
  }
  /// What a detector's training makes small of a found box and the true one.
  public var boxLoss: BoxLoss {
    get { forms?.boxLoss ?? .hellinger }
    set { change { $0.boxLoss = newValue } }
  }
  /// What a detector's training makes small of the scores of centres.
  public var centreLoss: CentreLoss {
    get { forms?.centreLoss ?? .focal }
    set { change { $0.centreLoss = newValue == .focal ? nil : newValue } }
  }
  /// How much the angle near squares counts in a detector's training; 0: it is left out.
  public var angleWeight: Double {
    get { forms?.angleWeight ?? 0 }
    set { change { $0.angleWeight = newValue == 0 ? nil : newValue } }
  }
  /// Whether the weights of a detector's losses stay.
  public var taskWeights: TaskWeights {
    get { forms?.taskWeights ?? .fixed }
    set { change { $0.taskWeights = newValue == .fixed ? nil : newValue } }
  }
  /// The maps that a detector's masks are mixed from; 0: it tells none.
  public var prototypes: Int {
    get { forms?.prototypes ?? 0 }
    set { change { $0.prototypes = newValue > 0 ? newValue : nil } }
  }
  /// Whether a detector mixes the features of the frame before with its own.
  public var mixesTime: Bool {
    get { forms?.mixesTime ?? false }
    set { change { $0.mixesTime = newValue ? true : nil } }
  }
  /// Numbers of the embeddings by which a detector tells objects apart; 0: it tells none.
  public var embedding: Int {
    get { forms?.embedding ?? 0 }
    set { change { $0.embedding = newValue > 0 ? newValue : nil } }
  }
  /// What the training begins with in the place of seeded tensors.
  public var start: TrainingStart.Facts? {
    get { forms?.start }
    set { change { $0.start = newValue } }
  }
  /// nil where all are the usual ones: logs of trainings from before there were others have none.
  private var forms: Forms?

  /// Forms of the network and its loss. Those that came later are nil where they are the usual ones, so that the logs of trainings from before
  /// are gone on with.
  private struct Forms: Sendable, Equatable, Codable {
    var blocks = CoarseBlocks.conv
    var boxLoss = BoxLoss.hellinger
    var centreLoss: CentreLoss?
    var angleWeight: Double?
    var taskWeights: TaskWeights?
    var prototypes: Int?
    var mixesTime: Bool?
    var embedding: Int?
    var start: TrainingStart.Facts?
  }

  private mutating func change(_ body: (inout Forms) -> Void) {
    var changed = forms ?? Forms()
    body(&changed)
    forms = changed == Forms() ? nil : changed
  }

  /// What a detector's training makes small.
  var detectorLoss: DetectorLoss {
    var loss = DetectorLoss(box: boxLoss, centre: centreLoss)
    (loss.angleWeight, loss.taskWeights) = (angleWeight, taskWeights)
    return loss
  }

  /// A recipe of the numbers above.
  public init() {}

  /// The network for people: its size, and what is not usual of it.
  var network: String {
    scale.rawValue + (blocks == .conv ? "" : " with \(blocks.rawValue) blocks") + (mixesTime ? ", mixed with the frame before" : "")
  }

  /// Steps in which the learning rate rises, at most.
  private static let warmUp = 200
  /// The averages of weights forget over a fortieth of the training, and over this many steps at most.
  private static let averageSteps = 500.0

  /// Pixels of a step, of which `nano` takes 250 bytes each (measured at 8 squares of 1024 pixels): 8 GB.
  private static let greatestPixels = 1 << 25

  /// The steps of an epoch of so many pictures.
  func stepsPerEpoch(_ pictures: Int) -> Int { max(1, pictures / max(1, batch)) }

  /// The settings of a training on so many pictures.
  ///
  /// - Throws: `PictureTrainingError` for numbers that cannot be.
  func settings(pictures: Int) throws -> TrainingSettings {
    let step = PyramidSize.greatestStride
    guard side >= 2 * step, side % step == 0, side <= 4_096, epochs > 0, batch > 0, batch <= pictures else {
      throw PictureTrainingError.input(
        "\(pictures) pictures cannot be trained in batches of \(batch) squares of \(side) pixels for \(epochs) epochs: give a side that "
          + "is a multiple of \(step) from \(2 * step) to 4096, and a batch of at most all pictures.")
    }
    let squares = batch + (embedding > 0 ? EmbeddingTargets.views(of: batch) : 0)
    guard squares * side * side <= Self.greatestPixels else {
      throw PictureTrainingError.input(
        "\(squares) squares of \(side) pixels in a step need more memory than training takes; give fewer, at most "
          + "\(max(1, Self.greatestPixels / (side * side))) of this side.")
    }
    let (total, isTooLong) = stepsPerEpoch(pictures).multipliedReportingOverflow(by: epochs)
    guard !isTooLong else { throw PictureTrainingError.input("\(epochs) epochs have more steps than can be counted; give fewer.") }
    let horizon = min(Self.averageSteps, max(1, Double(total) / 40))
    return TrainingSettings(
      schedule: Schedule(rate: rate, warmUp: min(Self.warmUp, total / 10), total: total), decay: 0.02, normLimit: 10,
      average: WeightAverage(decay: 1 - 1 / horizon, rise: horizon), batch: batch, seed: seed, threads: threads,
      type: type)
  }
}
