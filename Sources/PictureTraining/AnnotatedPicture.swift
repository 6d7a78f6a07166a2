public import Geometry

/// An object in a picture to learn from.
public struct LabelledBox: Sendable, Equatable {
  /// In pixels of the picture.
  public var box: OrientedBox
  /// Index into the data's classes.
  public var classIndex: Int
  /// Neither an object to find nor background: difficult, a crowd, or of a class that is left out.
  public var isIgnored: Bool
  /// How much it counts beside others while it is learned: 1, or how sure a teacher was of it.
  public var weight: Double
  /// Its pixels in the picture; nil where the box alone is known.
  public var mask: RunLengthMask?

  /// A box as given.
  public init(box: OrientedBox, classIndex: Int, isIgnored: Bool = false, weight: Double = 1, mask: RunLengthMask? = nil) {
    (self.box, self.classIndex, self.isIgnored, self.weight, self.mask) = (box, classIndex, isIgnored, weight, mask)
  }

  /// The same object in another place; its mask stays that of its picture.
  func moved(to box: OrientedBox) -> LabelledBox {
    LabelledBox(box: box, classIndex: classIndex, isIgnored: isIgnored, weight: weight, mask: mask)
  }
}

/// A picture with the objects in it.
public struct AnnotatedPicture: Sendable, Equatable {
  /// Its file, or its name where it is made.
  public var path: String
  /// The objects in it.
  public var boxes: [LabelledBox]
  /// The picture of the frame before, of the same size; nil where there is none, or nobody looks at it.
  public var before: String?

  /// A picture as given.
  public init(path: String, boxes: [LabelledBox], before: String? = nil) {
    (self.path, self.boxes, self.before) = (path, boxes, before)
  }

  /// The frame before, whose objects nobody tells; the picture itself where there is none.
  var former: AnnotatedPicture { AnnotatedPicture(path: before ?? path, boxes: []) }
}

/// Where the pixels of pictures come from.
public protocol PictureSource: Sendable {
  /// The pixels of a picture; always the same ones.
  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels
}
