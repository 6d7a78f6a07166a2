import Foundation
import Testing

@testable import Synthesis

@Suite struct SceneTests {
  @Test func survivesATripThroughJSON() throws {
    for preset in ScenePreset.allCases {
      let scene = preset.scene(seed: 9)
      let copy = try JSONDecoder().decode(Scene.self, from: JSONEncoder().encode(scene))
      #expect(copy == scene)
    }
  }

  @Test func refusesValuesThatWouldCrashOrNeverEnd() {
    let changes: [(inout Scene) -> Void] = [
      { $0.width = 0 }, { $0.height = 1_000_000 }, { $0.width = 241 }, { $0.frameRate.denominator = 0 },
      { $0.duration = .nan }, { $0.duration = 1e12 }, { $0.ground.resolution = 1e-9 }, { $0.ground.extent = .infinity },
      { $0.camera.keys = [] }, { $0.camera.keys[0].state.height = -1 }, { $0.camera.keys[0].state.zoom = .nan },
      { $0.camera.keys.append($0.camera.keys[0]) }, { $0.camera.keys[0].state.pitch = 0.3 },
      { $0.objects = [SmallScene.car(0, at: GroundPoint(0, 0), heading: 0)] },
      { $0.objects = Array(repeating: SmallScene.car(1, at: GroundPoint(0, 0), heading: 0), count: 2) },
      { $0.objects = [SmallScene.car(1, at: GroundPoint(.nan, 0), heading: 0)] },
      { $0.sensor.exposures = 2 }, { $0.sensor.noise = -1 }, { $0.lighting.sunElevation = 0 },
      { $0.lighting.gains = [.init(time: 1, gain: 1), .init(time: 0, gain: 1)] },
      { $0.occluders = [.tree(at: GroundPoint(0, 0), radius: .infinity, height: 3, color: SurfaceColor(0, 1, 0))] },
    ]
    for (index, change) in changes.enumerated() {
      var scene = SmallScene.scene()
      change(&scene)
      #expect(throws: SynthesisError.self, "change \(index)") { try SceneRenderer(scene) }
    }
  }

  @Test func namesTheFieldThatIsWrong() {
    var scene = SmallScene.scene()
    scene.sensor.exposures = 4
    #expect {
      try scene.validate()
    } throws: { error in
      "\(error)" == "cannot render the scene \"test\": sensor.exposures must be odd, 1 to 63"
    }
  }

  @Test func framesFollowTheRate() {
    var scene = SmallScene.scene()
    scene.frameRate = .init(30_000, 1001)
    scene.duration = 2
    #expect(scene.frameCount == 60)
    #expect(abs(scene.time(of: 30) - 1.001) < 1e-12)
  }

  @Test func lightChangesEvenlyBetweenItsKeys() {
    let lighting = Scene.Lighting(gains: [.init(time: 1, gain: 0.5), .init(time: 3, gain: 1.5)])
    #expect([0, 1, 2, 3, 9].map(lighting.gain(at:)) == [0.5, 0.5, 1, 1.5, 1.5])
    #expect(Scene.Lighting().gain(at: 4) == 1)
  }
}
