import Foundation
import Geometry
import Motion

/// How well a motion expects boxes some frames ahead, and whether its ellipses are as wide as its errors.
///
/// A filter sees each track's detections as they come and forecasts behind each of them, from the third on.
public struct BoxForecastScores: Sendable, Hashable {
  /// So many frames ahead.
  public struct Ahead: Sendable, Hashable {
    /// How many frames.
    public var frames: Int
    /// The forecasts for which the truth is known.
    public var count = 0
    /// The mean IoU of forecast and true box.
    public var overlap = 0.0
    /// The root of the mean squared distance of their centres, each over the true box's mean side.
    public var relativeError = 0.0
    /// The share of true centres in the forecast's 90 % ellipse, that of its place.
    public var truthsHeld = 0.0
    /// The share of detected centres in the 90 % ellipse of what will be detected, which has the detector's error too.
    public var detectionsHeld = 0.0
    /// The forecasts for which there is a detection.
    public var detections = 0
  }

  /// By the frames ahead, rising.
  public private(set) var ahead: [Ahead]
  /// The mean of the centre's normalised innovation squared over its 2 degrees of freedom: 1 for a consistent filter.
  public private(set) var innovation = 0.0
  /// How many innovations there were.
  public private(set) var innovations = 0

  /// Frames ahead.
  public static let frames = [1, 5, 10]

  /// Filters the detections of every sequence's boxes; of points there are none.
  ///
  /// - Parameter learnsNoise: Whether each sequence's innovations tell how large its noises are (`StreamNoise`).
  public init(_ law: LearnedMotion, on sequences: [MotionSequence], learnsNoise: Bool = true) {
    ahead = BoxForecastScores.frames.map { Ahead(frames: $0) }
    for sequence in sequences {
      var follower = SequenceFollower(sequence.boxes, law, learnsNoise: learnsNoise)
      while let (row, due, innovation) = follower.next() {
        for forecast in due { add(forecast, row, law) }
        guard let innovation else { continue }
        self.innovation += innovation.normalizedSquare / 2
        innovations += 1
      }
    }
    divide()
  }

  private mutating func add(_ forecast: BoxForecast, _ row: MatchedTrack.Row, _ law: LearnedMotion) {
    let index = forecast.horizon
    let truth = row.truth
    let area = truth.width * truth.height
    guard area > 0 else { return }
    ahead[index].count += 1
    ahead[index].overlap += forecast.box.iou(with: truth)
    ahead[index].relativeError += (forecast.box.center - truth.center).squaredLength / area
    let place = forecast.filter.innovation(ofTruth: truth.center, lastingError: law.lastingError)
    if place.normalizedSquare <= PlanarInnovation.nineTenths { ahead[index].truthsHeld += 1 }
    guard let detected = row.detected.flatMap(FilteredBox.Detection.init) else { return }
    ahead[index].detections += 1
    if forecast.filter.innovation(of: detected).normalizedSquare <= PlanarInnovation.nineTenths {
      ahead[index].detectionsHeld += 1
    }
  }

  private mutating func divide() {
    innovation /= Double(max(1, innovations))
    for index in ahead.indices {
      let (count, detections) = (Double(max(1, ahead[index].count)), Double(max(1, ahead[index].detections)))
      ahead[index].overlap /= count
      ahead[index].relativeError = (ahead[index].relativeError / count).squareRoot()
      ahead[index].truthsHeld /= count
      ahead[index].detectionsHeld /= detections
    }
  }
}
