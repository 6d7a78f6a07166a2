public import Geometry
public import Imaging

extension StereoOrder {
  private static let flow = OpticalFlow.Settings(window: 21, levels: 4, iterations: 30, epsilon: 0.01)
  private static let mostCorners = 500
  /// The least strength of a corner as a share of the strongest one's, and the distance of two, in pixels.
  private static let quality = 0.01, spacing = 8.0
  /// Forwards and back must end so near to the start, in pixels.
  private static let returnDistance = 0.5

  /// Looks for the corners of the left picture in the right one, to either side, by Lucas and Kanade's method.
  ///
  /// `StereoMatcher` looks to one side only, and finds something in most pictures.
  ///
  /// - Parameters:
  ///   - left: Of a rectified pair.
  ///   - right: Of the same size.
  ///   - largestDisparity: That the matcher looks for, in pixels.
  /// - Throws: `ImagingError` from the library.
  public init(left: Image, right: Image, largestDisparity: Double = .infinity) throws {
    self.init()
    let (first, second) = (try left.grey(), try right.grey())
    let corners = try OpticalFlow.corners(
      of: first, maximumCount: Self.mostCorners, quality: Self.quality, spacing: Self.spacing)
    guard !corners.isEmpty else { return }
    let (from, to) = (try Self.pyramid(first), try Self.pyramid(second))
    let there = try OpticalFlow.track(corners, guesses: corners, from: from, to: to, settings: Self.flow)
    let targets = zip(there, corners).map { $0 ?? $1 }
    let back = try OpticalFlow.track(targets, guesses: corners, from: to, to: from, settings: Self.flow)
    for index in corners.indices {
      guard let target = there[index], let home = back[index], (home - corners[index]).length <= Self.returnDistance else {
        continue
      }
      let shift = target - corners[index]
      // What does not move along the row is a wrong match, or the pair is not rectified.
      if abs(shift.y) <= max(1, abs(shift.x) / 2) { count(disparity: -shift.x, largest: largestDisparity) }
    }
  }

  private static func pyramid(_ image: Image) throws -> ImagePyramid {
    let pyramid = try ImagePyramid(levels: flow.levels, maximumWindow: flow.window)
    try pyramid.fill(image)
    return pyramid
  }
}
