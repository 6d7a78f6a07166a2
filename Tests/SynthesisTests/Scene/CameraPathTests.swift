import Foundation
import Testing

@testable import Synthesis

@Suite struct CameraPathTests {
  private let path = CameraPath(keys: [
    .init(time: 0, state: CameraState(position: GroundPoint(0, 0), height: 10, yaw: 0, pitch: -1, zoom: 1)),
    .init(time: 1, state: CameraState(position: GroundPoint(4, 2), height: 20, yaw: 0.5, pitch: -1.2, zoom: 2)),
    .init(time: 3, state: CameraState(position: GroundPoint(6, 9), height: 15, yaw: 1.5, pitch: -1.1, zoom: 1.5)),
  ])

  @Test func passesThroughItsKeys() {
    for key in path.keys {
      let state = path.state(at: key.time, seed: 1)
      #expect(abs(state.height / key.state.height - 1) < 1e-12)
      #expect(abs(state.yaw - key.state.yaw) < 1e-12)
      #expect(abs(state.position.x - key.state.position.x) < 1e-12)
    }
  }

  @Test func holdsBeforeTheFirstKeyAndAfterTheLast() {
    #expect(path.state(at: -5, seed: 1) == path.state(at: 0, seed: 1))
    #expect(path.state(at: 9, seed: 1) == path.state(at: 3, seed: 1))
  }

  @Test func movesWithoutAJumpOfSpeedAtAKey() {
    let h = 1e-5
    func speed(_ t: Double) -> Double {
      (path.state(at: t + h, seed: 1).position.x - path.state(at: t, seed: 1).position.x) / h
    }
    #expect(abs(speed(1 - 2 * h) - speed(1 + h)) < 1e-3)
  }

  @Test func shakesAroundThePathAsTheSeedSays() {
    var shaken = path
    shaken.shake = 0.01
    let (a, b) = (shaken.state(at: 0.7, seed: 1), shaken.state(at: 0.7, seed: 2))
    #expect(a != b)
    #expect(a == shaken.state(at: 0.7, seed: 1))
    #expect(abs(a.roll - path.state(at: 0.7, seed: 1).roll) <= 0.01)
  }
}
