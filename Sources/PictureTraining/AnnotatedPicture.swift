public import Geometry

/// An object in a picture to learn from.
public struct LabelledBox: Sendable, Equatable {
  /// In pixels of the picture.
  public var box: OrientedBox
  /// Index into the data's classes.
  public var classIndex: Int
  /// Neither an object to find nor background: difficult, a crowd, or of a class that is left out.
  public var isIgnored: Bool

  /// A box as given.
  public init(box: OrientedBox, classIndex: Int, isIgnored: Bool = false) {
    (self.box, self.classIndex, self.isIgnored) = (box, classIndex, isIgnored)
  }
}

/// A picture with the objects in it.
public struct AnnotatedPicture: Sendable, Equatable {
  /// Its file, or its name where it is made.
  public var path: String
  /// The objects in it.
  public var boxes: [LabelledBox]

  /// A picture as given.
  public init(path: String, boxes: [LabelledBox]) { (self.path, self.boxes) = (path, boxes) }
}

/// Where the pixels of pictures come from.
public protocol PictureSource: Sendable {
  /// The pixels of a picture; always the same ones.
  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels
}
