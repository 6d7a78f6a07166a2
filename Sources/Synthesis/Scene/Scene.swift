/// A scene and how it is filmed: everything that decides every pixel and every line of the truth.
///
/// A plain value that can be written to and read from JSON; `ScenePreset` makes good ones from a seed.
public struct Scene: Codable, Hashable, Sendable {
  /// Frames per second as a fraction.
  public struct FrameRate: Codable, Hashable, Sendable {
    /// Frames.
    public var numerator: Int
    /// Seconds.
    public var denominator: Int

    /// So many frames in so many seconds.
    public init(_ numerator: Int, _ denominator: Int = 1) {
      self.numerator = numerator
      self.denominator = denominator
    }
  }

  /// The light of the scene.
  public struct Lighting: Codable, Hashable, Sendable {
    /// The brightness of the whole picture at a time; linear in between, held before the first and after the last.
    public struct Gain: Codable, Hashable, Sendable {
      /// Seconds from the start.
      public var time: Double
      /// A factor of the brightness.
      public var gain: Double

      /// A brightness at a time.
      public init(time: Double, gain: Double) {
        self.time = time
        self.gain = gain
      }
    }

    /// The ground heading towards the sun, and its height over the horizon.
    public var sunHeading: Double
    /// Radians above the horizon.
    public var sunElevation: Double
    /// The share of the light that a shadow takes, [0, 1].
    public var shadow: Double
    /// How the light changes; between two times it goes evenly.
    public var gains: [Gain]

    /// Light from a direction; radians.
    public init(sunHeading: Double = -2.2, sunElevation: Double = 0.85, shadow: Double = 0.45, gains: [Gain] = []) {
      self.sunHeading = sunHeading
      self.sunElevation = sunElevation
      self.shadow = shadow
      self.gains = gains
    }

    func gain(at time: Double) -> Double {
      guard let next = gains.firstIndex(where: { $0.time > time }) else { return gains.last?.gain ?? 1 }
      guard next > 0 else { return gains[0].gain }
      let (a, b) = (gains[next - 1], gains[next])
      return a.gain + (b.gain - a.gain) * (time - a.time) / (b.time - a.time)
    }
  }

  /// What the camera's sensor adds.
  public struct Sensor: Codable, Hashable, Sendable {
    /// The standard deviation of each value's noise, of 255.
    public var noise: Double
    /// The share of the time between frames that the shutter is open, [0, 1]; truth is that of its middle.
    public var exposure: Double
    /// Pictures averaged for the motion blur: odd; 1 for none.
    public var exposures: Int

    /// A sensor with its noise and exposure.
    public init(noise: Double = 2, exposure: Double = 0, exposures: Int = 1) {
      self.noise = noise
      self.exposure = exposure
      self.exposures = exposures
    }
  }

  /// What the scene is called in its truth.
  public var name: String
  /// Pixels.
  public var width: Int
  /// Pixels.
  public var height: Int
  /// Frames in a second, a fraction.
  public var frameRate: FrameRate
  /// Seconds.
  public var duration: Double
  /// Of all randomness.
  public var seed: UInt64
  /// The plane that everything stands on.
  public var ground: Ground
  /// How the camera moves.
  public var camera: CameraPath
  /// What moves, each with an id.
  public var objects: [SceneObject]
  /// What stands in the way.
  public var occluders: [Occluder]
  /// The sun, and how bright it is.
  public var lighting: Lighting
  /// The noise and exposure of the camera.
  public var sensor: Sensor

  /// A scene; `validate` tells whether it can be rendered.
  public init(
    name: String, width: Int, height: Int, frameRate: FrameRate, duration: Double, seed: UInt64, ground: Ground,
    camera: CameraPath, objects: [SceneObject] = [], occluders: [Occluder] = [], lighting: Lighting = Lighting(),
    sensor: Sensor = Sensor()
  ) {
    self.name = name
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.duration = duration
    self.seed = seed
    self.ground = ground
    self.camera = camera
    self.objects = objects
    self.occluders = occluders
    self.lighting = lighting
    self.sensor = sensor
  }

  /// The number of frames in the duration.
  public var frameCount: Int {
    // Bounded: `validate` bounds the duration and the rate.
    Int((duration * Double(frameRate.numerator) / Double(frameRate.denominator)).rounded())
  }

  /// Seconds from the start of the video to a frame.
  public func time(of frame: Int) -> Double {
    Double(frame) * Double(frameRate.denominator) / Double(frameRate.numerator)
  }
}
