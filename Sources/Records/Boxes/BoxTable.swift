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
  /// The line of each row in the file, only where the reader was asked to keep it.
  public var lines: [Int32] = []

  // MARK: About the whole

  /// The number that the file itself gives to frame 0: the format's, unless the file counts in another way.
  public var firstFrame: Int32
  /// The image of each frame, without its folder and suffix, for formats that name images.
  public var images: [String] = []
  /// What COCO says of the image of each frame; empty for other formats.
  public var imageRecords: [ImageRecord] = []
  /// What a reader of the table should know about the file: a sentence each.
  public var warnings: [String] = []
  /// What the file has and the table does not hold, a sentence each.
  public var leftOut: [String] = []
  /// The sequence's length where the file says it (seqinfo, a stream's end); else one more than the last frame with a box.
  public var statedFrameCount: Int32?

  public init(format: BoxFormat) {
    self.format = format
    firstFrame = format.firstFrame
  }

  /// The number of boxes.
  public var count: Int { frames.count }
  public var isEmpty: Bool { frames.isEmpty }
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

/// A box in space as KITTI has it: metres, camera coordinates (x right, y down, z forward).
@frozen
public struct SpatialBox: Sendable, Hashable {
  public var height: Double
  public var width: Double
  public var length: Double
  /// The centre of the bottom face.
  public var x: Double
  public var y: Double
  public var z: Double
  /// Radians about the y axis; 0 points along +x, turning towards −z.
  public var rotationY: Double
  /// The observation angle, rotationY − atan2(x, z).
  public var alpha: Double

  public init(
    height: Double, width: Double, length: Double, x: Double, y: Double, z: Double, rotationY: Double, alpha: Double
  ) {
    self.height = height
    self.width = width
    self.length = length
    self.x = x
    self.y = y
    self.z = z
    self.rotationY = rotationY
    self.alpha = alpha
  }

  /// KITTI's values for a box without a place in space.
  public static let unknown = SpatialBox(
    height: -1, width: -1, length: -1, x: -1000, y: -1000, z: -1000, rotationY: -10, alpha: -10)
}

/// An image as COCO lists it.
public struct ImageRecord: Sendable, Hashable {
  public var id: Int
  /// With folder and suffix; empty where the file has only the id.
  public var fileName: String
  /// Pixels; 0 where the file says nothing.
  public var width: Int
  public var height: Int

  public init(id: Int, fileName: String = "", width: Int = 0, height: Int = 0) {
    self.id = id
    self.fileName = fileName
    self.width = width
    self.height = height
  }
}

/// A position in space, in the file's own unit.
@frozen
public struct SpatialPoint: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var z: Double

  public init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }
}

/// The four corners of an oriented box in a file's order.
@frozen
public struct BoxCorners: Sendable, Hashable {
  public var first: Point
  public var second: Point
  public var third: Point
  public var fourth: Point

  public init(_ first: Point, _ second: Point, _ third: Point, _ fourth: Point) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// The rectangle of the mean opposite sides.
  public var orientedBox: OrientedBox { OrientedBox(corners: (first, second, third, fourth)) }
}
