public import Geometry

/// A box that a network gives, with its best class.
public struct NetworkBox: Sendable, Equatable {
  /// Upright (angle 0) where the network tells no angles.
  public var box: OrientedBox
  /// Probability in [0, 1].
  public var score: Double
  /// Index of the class in the network's list.
  public var classIndex: Int
  /// The covariance of the centre's error in square pixels; nil where the network does not tell it.
  public var centerCovariance: SymmetricMatrix2?
  /// What its mask is mixed from, one number a prototype; empty where the network tells no masks.
  package var coefficients: [Float] = []
  /// The object's pixels in the picture; nil where the network tells none, or nobody asked.
  public var mask: RunLengthMask?

  /// How the object looks: a unit vector, the nearer to another one the more alike the two are; nil where the network tells none, or nobody asked.
  public var embedding: [Float]?

  /// A box as given.
  public init(box: OrientedBox, score: Double, classIndex: Int, centerCovariance: SymmetricMatrix2? = nil) {
    (self.box, self.score, self.classIndex, self.centerCovariance) = (box, score, classIndex, centerCovariance)
  }

  /// The upright rectangle of the sides, whatever the angle.
  package var upright: AxisBox {
    AxisBox(left: box.center.x - box.width / 2, top: box.center.y - box.height / 2, width: box.width, height: box.height)
  }
}
