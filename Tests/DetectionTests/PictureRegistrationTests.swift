import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Picture registration")
struct PictureRegistrationTests {
  static func error(_ found: Homography, _ truth: Homography) -> Double {
    [Point(20, 20), Point(300, 20), Point(20, 220), Point(300, 220), Point(160, 120)]
      .map { (found.apply($0) - truth.apply($0)).length }.max() ?? .infinity
  }

  @Test(
    "a homography is found from some pixels away, then to a few tenths at the corners, through gain and an object that moves by itself"
  )
  func knownHomography() throws {
    let truth = Homography(1.008, -0.006, 1.8, 0.007, 0.995, -1.2, 8e-6, -5e-6, 1)
    let object = MovingScene.Object(place: { t in
      OrientedBox(center: Point(160 + 300 * t, 120), width: 60, height: 40, angle: 0.3)
    })
    let scene = MovingScene(
      camera: { $0 > 0 ? truth : .identity }, exposure: { $0 > 0 ? 1.08 : 1 }, objects: [object])
    var registration = PictureRegistration()
    let background = scene.picture(0).pixels.map(Float.init)
    let inverse = try #require(truth.inverse)
    let far = registration.align(background, to: scene.picture(1), guess: .identity)
    #expect(Self.error(far.backgroundFromFrame, inverse) < 1)
    let fit = registration.align(background, to: scene.picture(1), guess: far.backgroundFromFrame)
    #expect(Self.error(fit.backgroundFromFrame, inverse) < 0.3)
    #expect(fit.agreement > 0.7)
  }

  @Test("without texture the guess stays and nothing agrees")
  func plainPicture() {
    var registration = PictureRegistration()
    let guess = Homography.translation(Point(3, 4))
    let plain = Image(width: 320, height: 240, channels: 1)
    let fit = registration.align([Float](repeating: 7, count: 320 * 240), to: plain, guess: guess)
    #expect(fit.backgroundFromFrame == guess)
    #expect(fit.agreement == 0)
  }
}
