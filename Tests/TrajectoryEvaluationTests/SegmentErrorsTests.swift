import Foundation
import Geometry
import Testing

@testable import TrajectoryEvaluation

@Suite struct SegmentErrorsTests {
  private func straight(_ count: Int, step: Double) -> [RigidTransform] {
    (0..<count).map { RigidTransform(rotation: .identity, translation: Vector3(0, 0, step * Double($0))) }
  }

  @Test func aScaleErrorIsTheSamePerCentAtEveryLength() throws {
    let errors = try #require(SegmentErrors(truth: straight(1001, step: 1), result: straight(1001, step: 1.02)))
    #expect(errors.lengths.map(\.metres) == SegmentErrors.standardLengths)
    // The end is the first pose beyond the length: one metre more than it.
    for length in errors.lengths { #expect(abs(length.translationPercent - 2 * (length.metres + 1) / length.metres) < 1e-9) }
    #expect(errors.rotationDegreesPerMetre == 0)
    // Starts 0, 10, … while start + length < 1000.
    #expect(errors.lengths.map(\.segments) == [90, 80, 70, 60, 50, 40, 30, 20])
  }

  @Test func aSteadyTurnIsMeasuredPerMetre() throws {
    let result = (0..<300).map { index -> RigidTransform in
      let half = 0.001 * Double(index) / 2
      return RigidTransform(
        quaternion: Quaternion(x: 0, y: sin(half), z: 0, w: cos(half)), translation: Vector3(0, 0, Double(index)))
    }
    let errors = try #require(SegmentErrors(truth: straight(300, step: 1), result: result, lengths: [100]))
    #expect(abs(errors.rotationDegreesPerMetre - 0.001 * 101 / 100 * 180 / .pi) < 1e-12)
  }

  @Test func aPathShorterThanEveryLengthHasNoError() {
    #expect(SegmentErrors(truth: straight(50, step: 1), result: straight(50, step: 1)) == nil)
    #expect(SegmentErrors(truth: [], result: []) == nil)
  }
}
