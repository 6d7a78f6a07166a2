/// The ground: a square of textured land with roads painted on it, repeated beyond its edges.
public struct Ground: Codable, Hashable, Sendable {
  /// What the ground is made of.
  public enum Surface: String, Codable, Hashable, Sendable {
    case grass, asphalt, paving, field
  }

  /// A strip along a path.
  public struct Road: Codable, Hashable, Sendable {
    /// What is painted on a road.
    public enum Marking: String, Codable, Hashable, Sendable {
      case none
      /// A dashed line between the lanes, a full line at the edges.
      case lanes
      /// A double line in the middle, dashed lines between the other lanes.
      case twoWay
    }

    /// The middle line.
    public var path: GroundPath
    /// Metres from edge to edge, without the kerbs.
    public var width: Double
    /// Lanes in all.
    public var lanes: Int
    /// What is painted on it.
    public var marking: Marking
    /// What it is made of.
    public var surface: Surface
    /// The width of the pavement on either side, metres; 0 for none.
    public var pavement: Double

    /// A road along a path; metres.
    public init(
      path: GroundPath, width: Double, lanes: Int = 2, marking: Marking = .twoWay, surface: Surface = .asphalt,
      pavement: Double = 0
    ) {
      self.path = path
      self.width = width
      self.lanes = lanes
      self.marking = marking
      self.surface = surface
      self.pavement = pavement
    }
  }

  /// White bars on the ground: a crossing, parking bays, a stop line.
  public struct Bars: Codable, Hashable, Sendable {
    /// The middle of the first bar.
    public var start: GroundPoint
    /// Towards the next bar.
    public var heading: Double
    /// The number of bars.
    public var count: Int
    /// From bar to bar, metres.
    public var spacing: Double
    /// Of one bar: along the row and across it, metres.
    public var barWidth: Double
    /// Metres along a bar.
    public var barLength: Double

    /// A row of bars; metres and radians.
    public init(
      start: GroundPoint, heading: Double, count: Int, spacing: Double, barWidth: Double, barLength: Double
    ) {
      self.start = start
      self.heading = heading
      self.count = count
      self.spacing = spacing
      self.barWidth = barWidth
      self.barLength = barLength
    }
  }

  /// The side of the square in metres; its middle is the world's origin.
  public var extent: Double
  /// Metres per texel.
  public var resolution: Double
  /// What lies beside the roads.
  public var surface: Surface
  /// Later ones lie on top.
  public var roads: [Road]
  /// Rows of bars, such as zebra crossings.
  public var bars: [Bars]
  /// Discs without road markings, where roads meet.
  public var junctions: [Disc]

  /// A disc of asphalt.
  public struct Disc: Codable, Hashable, Sendable {
    /// The middle, metres.
    public var center: GroundPoint
    /// Metres.
    public var radius: Double

    /// A disc on the ground.
    public init(center: GroundPoint, radius: Double) {
      self.center = center
      self.radius = radius
    }
  }

  /// A ground with its roads; metres.
  public init(
    extent: Double, resolution: Double = 0.1, surface: Surface = .grass, roads: [Road] = [], bars: [Bars] = [],
    junctions: [Disc] = []
  ) {
    self.extent = extent
    self.resolution = resolution
    self.surface = surface
    self.roads = roads
    self.bars = bars
    self.junctions = junctions
  }

  /// Texels along a side.
  // Bounded: `Scene.validate` refuses grounds of more than 10⁸ texels a side.
  var texels: Int { Int((extent / resolution).rounded()) }
}
