/// What an object is; its place in `allCases` is its class index in truth files.
public enum ObjectKind: String, Codable, CaseIterable, Hashable, Sendable {
  case car, van, truck, bus, bicycle, person

  /// The place in the list of class names.
  public var classIndex: Int { ObjectKind.allCases.firstIndex(of: self) ?? 0 }

  /// The names of the classes in the order of their indices.
  public static var classNames: [String] { allCases.map(\.rawValue) }

  /// The usual size of its kind.
  public var size: ObjectSize {
    switch self {
    case .car: ObjectSize(length: 4.4, width: 1.84, height: 1.46)
    case .van: ObjectSize(length: 5.3, width: 2.0, height: 2.2)
    case .truck: ObjectSize(length: 8.6, width: 2.5, height: 3.3)
    case .bus: ObjectSize(length: 12, width: 2.55, height: 3.1)
    case .bicycle: ObjectSize(length: 1.75, width: 0.6, height: 1.7)
    case .person: ObjectSize(length: 0.5, width: 0.62, height: 1.76)
    }
  }
}

/// Length along the heading, width and height, metres.
public struct ObjectSize: Codable, Hashable, Sendable {
  /// Metres along the heading.
  public var length: Double
  /// Metres across it.
  public var width: Double
  /// Metres upwards.
  public var height: Double

  /// A size in metres.
  public init(length: Double, width: Double, height: Double) {
    self.length = length
    self.width = width
    self.height = height
  }

  /// The size with every side times a factor.
  public func scaled(by factor: Double) -> ObjectSize {
    ObjectSize(length: length * factor, width: width * factor, height: height * factor)
  }
}

/// A colour, each part in [0, 1].
public struct SurfaceColor: Codable, Hashable, Sendable {
  /// In [0, 1], before light.
  public var red: Double
  /// In [0, 1].
  public var green: Double
  /// In [0, 1].
  public var blue: Double

  /// A colour by its parts.
  public init(_ red: Double, _ green: Double, _ blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}

/// Along which direction of the picture an object's truth box lies.
public enum BoxAxis: String, Codable, Hashable, Sendable {
  /// Along the picture of its heading: vehicles, and everything seen from well above.
  case heading
  /// Along the picture of its vertical: people and cyclists seen from the side.
  case upright
}

/// Something that moves along a path, or stands.
public struct SceneObject: Codable, Hashable, Sendable {
  /// From 1, unique in its scene; the id in truth files and the value in masks.
  public var id: Int
  /// What it is.
  public var kind: ObjectKind
  /// Metres.
  public var size: ObjectSize
  /// Of its surface.
  public var color: SurfaceColor
  /// Where it goes.
  public var path: GroundPath
  /// How fast it goes there.
  public var drive: Drive
  /// Which way its box points.
  public var boxAxis: BoxAxis
  /// Whether it is in the truth; scenery such as a parked car is not.
  public var isLabelled: Bool

  /// An object on its path.
  public init(
    id: Int, kind: ObjectKind, size: ObjectSize? = nil, color: SurfaceColor, path: GroundPath, drive: Drive,
    boxAxis: BoxAxis = .heading, isLabelled: Bool = true
  ) {
    self.id = id
    self.kind = kind
    self.size = size ?? kind.size
    self.color = color
    self.path = path
    self.drive = drive
    self.boxAxis = boxAxis
    self.isLabelled = isLabelled
  }
}

/// Something high that hides what is below or behind it.
public struct Occluder: Codable, Hashable, Sendable {
  /// What can stand in the way.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// A crown of leaves around `center`, `radius` wide, from 0.35 `height` to `height` above the ground, on a trunk.
    case tree
    /// A block on the ground, `length` along `heading` and `width` across, up to `height`.
    case building
    /// A slab one metre thick, its upper side at `height`.
    case bridge
  }

  /// What it is.
  public var kind: Kind
  /// Where it stands, metres.
  public var center: GroundPoint
  /// Radians.
  public var heading: Double
  /// Metres; for a tree the diameter of its crown in both.
  public var size: ObjectSize
  /// Of its surface.
  public var color: SurfaceColor

  /// Something that stands still; metres and radians.
  public init(kind: Kind, center: GroundPoint, heading: Double = 0, size: ObjectSize, color: SurfaceColor) {
    self.kind = kind
    self.center = center
    self.heading = heading
    self.size = size
    self.color = color
  }

  /// A tree of a crown of this radius; metres.
  public static func tree(at center: GroundPoint, radius: Double, height: Double, color: SurfaceColor) -> Occluder {
    Occluder(
      kind: .tree, center: center, size: ObjectSize(length: 2 * radius, width: 2 * radius, height: height),
      color: color)
  }
}
