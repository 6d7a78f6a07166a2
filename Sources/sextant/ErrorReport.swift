import Appearance
import Batch
import Calibration
import Counting
import Depth
import Identification
import Imaging
import ModelFiles
import MotionTraining
import NetworkGraph
import NetworkTraining
import Odometry
import PictureTraining
import Pipeline
import Publishing
import Records
import Reports
import Synthesis
import TargetTracking
import Tracking
import TrajectoryEvaluation
import Video
import Viewer

/// One error as people see it: a sentence, and the exit code that scripts see. The one place where errors become codes.
struct ErrorReport {
  private let error: any Error

  init(_ error: any Error) { self.error = error }

  /// Prints the sentence on standard error.
  ///
  /// - Returns: The exit code; nil where the error is none to a user, such as a reader that closed its end of a pipe.
  func print() -> ExitStatus? {
    guard let status else { return nil }
    let suffix = status == .defect ? "; this is a defect of sextant, please report it with the command that you gave" : ""
    StandardError.fail(sentence + way + suffix)
    return status
  }

  /// The error's own sentence; what an evaluation says names settings, which have options here.
  private var sentence: String {
    switch error {
    case is EvaluationError, is TrajectoryProblem: EvaluationSetting.namingOptions(in: "\(error)")
    default: "\(error)"
    }
  }

  /// The option of the command that helps; modules below it do not know its options.
  private var way: String {
    switch error {
    case VideoError.noSuchStream: "; sextant inspect lists them"
    case RecordsError.outputExists: "; use --overwrite to replace it"
    case RecordsError.unknownImageSize: "; give it (--image-size WxH)"
    case IdentificationError.setting(let setting, _): ErrorReport.option(of: setting).map { " (\($0))" } ?? ""
    case PipelineError.endless: " (--lag)"
    case is SpoolError: " (--publish-spool)"
    case PipelineError.noInput: "; --detections names the latter"
    case EvaluationError.unknown(_, let name, let known): NearestWord.hint(for: name, amongAnyCase: known)
    default: ""
    }
  }

  private static func option(of setting: IdentificationError.Setting) -> String? {
    switch setting {
    case .signals: "--input, --output"
    case .states: "--states"
    case .form: "--form"
    case .clock: "--time"
    case .intervals: "--intervals"
    case .smoothness: nil
    }
  }

  private var status: ExitStatus? {
    switch error {
    case let error as CommandError: error.code
    case let error as VideoError: ErrorReport.status(error)
    case let error as RecordsError: ErrorReport.status(error)
    case let error as PipelineError: ErrorReport.status(error)
    case is TrackingError: .usage
    case let error as BatchError: ErrorReport.status(error)
    case let error as BrokerError: error.reason == .garbage ? .malformed : .unavailable
    case is BrokerCredentialsError: .missingInput
    case is SpoolError: .cannotCreate
    case let error as IdentificationError: ErrorReport.status(error)
    case let error as EvaluationError: ErrorReport.status(error)
    case let problem as TrajectoryProblem: problem.isAboutOptions ? .usage : .malformed
    case ViewerError.cannotListen: .unavailable
    case let error as ImagingError: error.code == .missing ? .missingInput : .malformed
    case is CountingError, is ViewerError, is SynthesisError, is MotionTrainingError: .malformed
    case is CalibrationError, is DepthError, is OdometryError: .malformed
    case let error as ModelFileError: ErrorReport.status(error)
    case is TrainingError, is DivergedTraining: .malformed
    case PictureTrainingError.input: .malformed
    case PictureTrainingError.output: .cannotCreate
    case PictureTrainingError.writing: .inputOutput
    case is TargetError: .usage
    case let error as ExampleError: error.isMissing ? .missingInput : .malformed
    case let error as NetworkError: error.code == .input ? .usage : .malformed
    default: .defect
    }
  }

  private static func status(_ error: VideoError) -> ExitStatus? {
    switch error.category {
    case .usage: .usage
    case .malformed: .malformed
    case .notFound: .missingInput
    case .unavailable: .unavailable
    case .defect: .defect
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    case .cancelled: nil
    }
  }

  private static func status(_ error: RecordsError) -> ExitStatus? {
    switch error {
    case .cannotOpen: .missingInput
    case .malformedLines, .malformed, .unknownFormat, .unknownImageSize, .tooLarge, .damagedArchive: .malformed
    case .outputExists, .cannotCreate: .cannotCreate
    case .cannotRead, .cannotWrite, .diskFull: .inputOutput
    case .brokenPipe: nil
    }
  }

  private static func status(_ error: ModelFileError) -> ExitStatus {
    switch error.code {
    case .cannotOpen: .missingInput
    case .malformed, .unsupported, .tooLarge: .malformed
    case .cannotWrite: .cannotCreate
    }
  }

  private static func status(_ error: PipelineError) -> ExitStatus {
    switch error {
    case .noInput, .unknownClass, .outputTwice, .noContainer, .needsPictures, .needsSize, .endless, .notResumable: .usage
    case .otherVideo, .unusableMotion, .otherCheckpoint: .malformed
    case .cannotRead, .unknownModel: .missingInput
    case .cannotListen: .unavailable
    case .writesOntoInput, .checkpointExists: .cannotCreate
    }
  }

  private static func status(_ error: BatchError) -> ExitStatus {
    switch error {
    case .usage: .usage
    case .malformed: .malformed
    case .missing: .missingInput
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    case .otherResult: .defect
    }
  }

  private static func status(_ error: IdentificationError) -> ExitStatus {
    switch error {
    case .setting, .rows: .usage
    case .constant, .tooLarge, .diverged, .unstable, .degenerate, .malformedModel: .malformed
    }
  }

  private static func status(_ error: EvaluationError) -> ExitStatus {
    switch error {
    case .missing: .missingInput
    case .unusable, .inconsistent: .malformed
    case .invalidOption, .unknown: .usage
    }
  }
}
