import Geometry
import Testing

@testable import Synthesis

@Suite struct ScenePresetTests {
  @Test(arguments: ScenePreset.allCases)
  func isValidAndTheSameForASeed(_ preset: ScenePreset) throws {
    try preset.scene(seed: 4).validate()
    #expect(preset.scene(seed: 4) == preset.scene(seed: 4))
    #expect(preset.scene(seed: 4) != preset.scene(seed: 5))
  }

  /// Vehicles must not drive through one another, or the truth would show what never happens.
  @Test(arguments: ScenePreset.allCases)
  func vehiclesNeverTouch(_ preset: ScenePreset) {
    for seed in UInt64(0)..<3 {
      let scene = preset.scene(seed: seed)
      var touches: [String] = []
      let vehicles = scene.objects.filter { $0.kind != .person && $0.kind != .bicycle }.map(Actor.init)
      for step in 0...Int(scene.duration * 5) {
        let boxes = vehicles.map { vehicle in
          let state = vehicle.state(at: Double(step) / 5)
          return OrientedBox(
            center: Point(state.position.x, state.position.y), width: vehicle.object.size.length,
            height: vehicle.object.size.width, angle: state.heading)
        }
        for i in boxes.indices {
          for j in 0..<i where (boxes[i].center - boxes[j].center).length < 14 && boxes[i].iou(with: boxes[j]) > 0 {
            touches.append("\(vehicles[i].object.id) and \(vehicles[j].object.id) at \(Double(step) / 5) s")
          }
        }
      }
      #expect(touches == [], "seed \(seed)")
    }
  }

  @Test func anUnknownNameListsThePresets() {
    #expect {
      try ScenePreset(named: "moon")
    } throws: { "\($0)" == "there is no preset \"moon\"; the presets are aerial, fixed, traffic, crossing, stress" }
  }
}
