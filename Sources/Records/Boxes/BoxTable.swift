import Geometry

/// Boxes in frames, with or without identities: truth, results or detections of one sequence or of a set of images.
///
/// Columns of equal length, one entry per box in the file's order; a column that the file does not have is empty. A million rows of
/// upright boxes with a confidence take about 32 MB.
public struct BoxTable: Sendable {
  /// The format that the table was read from.
  public var format: BoxFormat
  /// Frames from 0, whatever the file counts from. For sets of images: indices into `images`.
  public var frames: [Int32] = []
  /// Identities as the file has them; −1 where a row has none.
  public var ids: [Int32] = []
  /// Upright boxes with left and top *as the file has them* (MOTChallenge's origin is (1, 1), KITTI's and UAVDT's (0, 0)); empty for
  /// oriented formats.
  public var axisBoxes = AxisBoxColumn()
  /// Oriented boxes with sides and angle as the file has them, not brought to the canonical order; empty for upright formats.
  public var orientedBoxes: [OrientedBox] = []
  /// Probabilities in [0, 1]; empty where the file has none or says −1 throughout.
  public var confidences: [Double] = []
  /// Indices into `classes`, −1 where a row has none; empty where the file has no classes.
  public var classIndices: [Int16] = []
  /// The class names in use, or those that the format defines.
  public var classes: [String] = []
  /// The number that stands for each of `classes` in the file; empty where the file has names.
  public var classNumbers: [Int32] = []

  /// Whether the numbers mean names that stand beside the file, as CVAT writes them, and not the format's.
  public var hasOwnClassNames = false

  // MARK: Columns that only some formats have

  /// Whether a truth row counts: MOTChallenge's flag, the 13 columns' confidence 1, UAVDT's out-of-view 1.
  public var considered: [Bool] = []
  /// DOTA's and HIT-UAV's "difficult", COCO's "iscrowd".
  public var difficult: [Bool] = []
  /// The visible share in [0, 1] or, in UAVDT, the out-of-view code 1 to 3.
  public var visibilities: [Float] = []
  /// KITTI: 0, 1, 2 or −1 (a share in the object benchmark).
  public var truncations: [Float] = []
  /// KITTI: 0…3 or −1; UAVDT: 1…4.
  public var occlusions: [Int8] = []
  /// Boxes in space.
  public var spatialBoxes: [SpatialBox] = []
  /// World positions of MOT15's truth (columns 8 to 10).
  public var worldPositions: [SpatialPoint] = []
  /// The file's own scores where they are not probabilities; `confidences` is then their logistic function.
  public var rawScores: [Double] = []
  /// The corners as the file has them, only where the reader was asked to keep them (for writing them again without loss).
  public var corners: [BoxCorners] = []
  /// COCO's annotated areas in pixels².
  public var areas: [Double] = []
  /// COCO's ids of the annotations, for writing them again; no identities. Empty where they do not fit or the format has none.
  public var annotationIDs: [Int32] = []
  /// Covariances of the centres' errors in pixels², nil in rows without one; our CSV of detections has them.
  public var centerCovariances: [SymmetricMatrix2?] = []
  /// The objects' pixels, nil in rows without a mask; a stream's. Empty where no row has one.
  public var masks: [RunLengthMask?] = []
  /// The line of each row in the file, only where the reader was asked to keep it.
  public var lines: [Int32] = []

  // MARK: About the whole

  /// The number that the file itself gives to frame 0: the format's, unless the file counts in another way.
  public var firstFrame: Int32
  /// The image of each frame, without its folder and suffix, for formats that name images.
  public var images: [String] = []
  /// Whether it is one file of a format that has a file for each image: the file's name need not be the image's.
  public var isSingleImage = false
  /// What COCO says of the image of each frame; empty for other formats.
  public var imageRecords: [ImageRecord] = []
  /// The videos that the images belong to, for formats that hold several sequences.
  public var videos: [VideoRecord] = []
  /// How many boxes were given by corners in crossed order.
  var crossedBoxes = 0
  /// How many boxes were given by corners on one line.
  var flatBoxes = 0
  /// What a reader of the table should know about the file: a sentence each.
  public var warnings: [String] = []
  /// What the file has and the table does not hold, a sentence each.
  public var leftOut: [String] = []
  /// The sequence's length where the file says it (seqinfo, a stream's end); else one more than the last frame with a box.
  public var statedFrameCount: Int32?

  /// A table without rows, frame 0 numbered as the format does.
  public init(format: BoxFormat) {
    self.format = format
    firstFrame = format.firstFrame
  }

  /// The number of boxes.
  public var count: Int { frames.count }
  /// Whether it has no row.
  public var isEmpty: Bool { frames.isEmpty }
  /// Whether its boxes are oriented ones.
  public var isOriented: Bool { !orientedBoxes.isEmpty }

  /// The number of frames: as stated, or up to the last frame with a box.
  public var frameCount: Int {
    Int(statedFrameCount ?? ((frames.max() ?? -1) + 1))
  }

  /// The box of a row, as an oriented one.
  public func orientedBox(_ row: Int) -> OrientedBox {
    guard orientedBoxes.isEmpty else { return orientedBoxes[row] }
    let box = axisBoxes[row]
    return OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0)
  }

  /// The upright box of a row; an oriented one's hull.
  public func axisBox(_ row: Int) -> AxisBox {
    axisBoxes.isEmpty ? orientedBoxes[row].hull : axisBoxes[row]
  }

  /// The probability of a row, 1 where the file has none.
  public func confidence(_ row: Int) -> Double {
    confidences.isEmpty ? 1 : confidences[row]
  }

  /// The class index of a row, nil where it has none.
  public func classIndex(_ row: Int) -> Int? {
    guard !classIndices.isEmpty, classIndices[row] >= 0 else { return nil }
    return Int(classIndices[row])
  }

  /// The class name of a row, nil where it has none.
  public func className(_ row: Int) -> String? {
    classIndex(row).flatMap { $0 < classes.count ? classes[$0] : nil }
  }
}
