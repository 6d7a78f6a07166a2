/// One detection in one frame: where, what, how sure, how exact.
public struct DetectedBox: Hashable, Sendable {
  /// Where, by the moments of the rectangle, in pixels.
  public var box: GaussianBox
  /// Probability in [0, 1] that there is an object.
  public var score: Double
  /// Index into the list of class names.
  public var classIndex: Int
  /// The covariance of the centre's error, in pixels²; nil where the detector gives none.
  public var centerCovariance: SymmetricMatrix2?
  /// The position of this detection in its frame's list, as its source gave it.
  public var index: Int
  /// The object's pixels in the displayed picture; nil where the detector gives none.
  public var mask: RunLengthMask?
  /// The corners of a flat object in the displayed picture, in the order of its own front: upper left, upper right, lower right, lower left; nil
  /// for what is not known to be flat.
  public var corners: [Point]?
  /// How it looks: a unit vector, the nearer to another one the more alike the two objects are; nil where nobody looked.
  public var embedding: [Float]?

  /// A detection; the score and the box are taken as they are.
  public init(
    box: GaussianBox, score: Double, classIndex: Int = 0, centerCovariance: SymmetricMatrix2? = nil, index: Int = 0,
    mask: RunLengthMask? = nil, corners: [Point]? = nil, embedding: [Float]? = nil
  ) {
    self.box = box
    self.score = score
    self.classIndex = classIndex
    self.centerCovariance = centerCovariance
    self.index = index
    self.mask = mask
    self.corners = corners
    self.embedding = embedding
  }
}
