/// What the reader of a file of boxes is told beforehand.
public struct BoxReadingOptions: Sendable {
  /// What column 7 of a MOT file means, which the file alone does not always say.
  public enum Role: Sendable {
    /// Flag and confidence alike where all values are 0 or 1; a confidence otherwise.
    case automatic
    /// A flag: 0 is left out of account, all else counts.
    case truth
    /// A confidence.
    case result
    case detections
  }

  /// What the scores of a file are.
  public enum ScoreKind: Sendable {
    /// Probabilities if all lie in [0, 1], else logits.
    case automatic
    case probability
    /// Turned into probabilities by 1 / (1 + exp(−score)).
    case logit
  }

  /// What the formats that name images leave open.
  public struct ImageOptions: Sendable {
    /// How files named after images become frames.
    public enum Numbering: Sendable {
      /// By their place in the list of images.
      case byImage
      /// By the number at the end of their names, so that frames without a file stay empty; from 0 where the format counts so or one is
      /// numbered 0, else from 1.
      case byNumber
      /// By number where all names are alike but for a number at their end, else by image; the table's warnings say which.
      case automatic
    }

    /// How the files' images are counted.
    public var numbering = Numbering.byImage
    /// All images in order, those without boxes too, without folder and suffix; empty: those that the files name, sorted.
    public var names: [String] = []
    /// Width and height in pixels, which YOLO's shares are multiplied by.
    public var size: (width: Double, height: Double)?
    /// How many pictures there are, where that is known: it tells whether numbers of frames count from 0 or from 1.
    public var count: Int?
    /// Sizes of single images by name, before `size`.
    public var sizes: [String: (width: Double, height: Double)] = [:]

    /// Images by name, without given names and sizes.
    public init() {}
  }

  /// nil: guessed.
  public var format: BoxFormat?
  /// What column 7 of a MOT file means.
  public var role: Role
  /// What the scores are.
  public var scores: ScoreKind
  /// Names for the class numbers of formats without names.
  public var classNames: [Int: String]
  /// Names that a file beside a MOT file gives to its class numbers from 1, in place of MOTChallenge's.
  var ownClasses: [String] = []
  /// Whether the table keeps the line of each row.
  public var keepsLines: Bool
  /// Whether the table keeps corners as the file has them.
  public var keepsCorners: Bool
  /// Whether a MOTChallenge or KITTI result keeps its scores; a truth's flags are kept in any case.
  public var keepsScores = true
  var readsScores: Bool { keepsScores || role == .truth }
  /// How many kinds of bad lines are told before the rest is only counted; reading goes on to the file's end for that.
  public var listedBadLines: Int
  /// A file with more boxes is refused.
  public var maximumRows: Int
  /// About the images of formats that name images.
  public var images = ImageOptions()

  /// - Parameters:
  ///   - format: nil: guessed from the file's first lines.
  ///   - classNames: Names for the class numbers of formats without names.
  ///   - listedBadLines: How many kinds of bad lines are told before the rest is only counted.
  ///   - maximumRows: A file with more boxes is refused.
  public init(
    format: BoxFormat? = nil, role: Role = .automatic, scores: ScoreKind = .automatic, classNames: [Int: String] = [:],
    keepsLines: Bool = false, keepsCorners: Bool = false, listedBadLines: Int = LineProblems.usualLimit,
    maximumRows: Int = BoxLimits.maximumBoxes
  ) {
    self.format = format
    self.role = role
    self.scores = scores
    self.classNames = classNames
    self.keepsLines = keepsLines
    self.keepsCorners = keepsCorners
    self.listedBadLines = listedBadLines
    self.maximumRows = maximumRows
  }
}
