import Foundation

/// The values that the pictures of a source use, followed slowly, for stretching deep grey (thermal pictures) to 8 bits.
///
/// Stretching each picture to its own range would change the grey of everything whenever something hot came or went, and all of it would
/// seem to move. So the first picture's range is taken and follows what is measured with the time constant `responseSeconds`, like a
/// resistor and a capacitor: r ← r + (1 − exp(−Δt/τ)) (measured − r). What lies beyond it meanwhile is black or white.
struct RunningRange: Sendable {
  /// τ, in seconds: at ten pictures a second a grey level moves by at most a hundredth of the whole range from one picture to the next,
  /// and a change of the day's temperature, in minutes, is still followed.
  static let responseSeconds = 10.0

  private(set) var range: ClosedRange<Double>?
  private var seconds = 0.0

  /// Takes in what a picture uses.
  ///
  /// - Parameters:
  ///   - measured: The least and the greatest value of the picture.
  ///   - time: When it was taken, in seconds; not before the picture before.
  /// - Returns: The range to stretch this picture to.
  mutating func follow(_ measured: ClosedRange<Double>, at time: Double) -> ClosedRange<Double> {
    let elapsed = max(0, time - seconds)
    seconds = time
    // Without one value in common it is another scene, or the sensor was switched over; and a range of one value shows nothing.
    guard let before = range, before.overlaps(measured), before.lowerBound < before.upperBound else {
      range = measured
      return measured
    }
    let share = 1 - exp(-elapsed / Self.responseSeconds)
    let low = before.lowerBound + share * (measured.lowerBound - before.lowerBound)
    let high = before.upperBound + share * (measured.upperBound - before.upperBound)
    let followed = min(low, high)...max(low, high)
    range = followed
    return followed
  }
}
