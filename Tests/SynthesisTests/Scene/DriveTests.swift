import Testing

@testable import Synthesis

@Suite struct DriveTests {
  private let profile = SpeedProfile(
    Drive(start: -5, speed: 10, acceleration: 2, stops: [.init(distance: 60, seconds: 3), .init(distance: 70, seconds: 1)]))

  @Test func standsExactlyWhereAndAsLongAsItShould() {
    // 65 m: 40 m at 10 m/s, then 25 m of braking in 5 s: stands from 9 s to 12 s.
    #expect(abs(profile.state(at: 9).distance - 60) < 1e-9)
    #expect(abs(profile.state(at: 12).distance - 60) < 1e-9)
    #expect(profile.state(at: 10.5).speed == 0)
    #expect(profile.state(at: 12.1).speed > 0)
    // 10 m between stops: up and down with 2 m/s² takes 2 √5 s.
    #expect(abs(profile.state(at: 12 + 2 * 5.0.squareRoot()).distance - 70) < 1e-9)
  }

  @Test func speedIsTheDerivativeOfDistance() {
    for i in 0..<400 {
      let t = 0.013 + Double(i) * 0.05
      let h = 1e-6
      let slope = (profile.state(at: t + h).distance - profile.state(at: t - h).distance) / (2 * h)
      #expect(abs(slope - profile.state(at: t).speed) < 1e-4)
    }
  }

  @Test func reachesItsCruisingSpeedAfterTheLastStop() {
    #expect(profile.state(at: 60).speed == 10)
  }

  @Test func beginsSlowWhenTheFirstStopIsNear() {
    let near = SpeedProfile(Drive(start: 0, speed: 20, acceleration: 2, stops: [.init(distance: 4, seconds: 1)]))
    #expect(abs(near.state(at: 0).speed - 4) < 1e-12)
    #expect(abs(near.state(at: 2).distance - 4) < 1e-12)
  }

  @Test func standsForEverWithoutSpeed() {
    #expect(SpeedProfile(Drive(start: 3, speed: 0)).state(at: 100).distance == 3)
  }
}
