import Foundation
import Geometry
import Imaging
import Testing

@testable import Detection

/// The picture that networks look at to find what moves.
@Suite struct EvidencePictureTests {
  @Test(arguments: [false, true]) func showsWhatMovesAndChangesNoDetection(moves: Bool) throws {
    var scene = MovingScene(objects: [MotionDetectorTests.walker])
    if moves { scene.camera = MotionDetectorTests.pan }
    let plain = try MotionDetectorTests.run(scene, frames: 30)
    var detector = try MotionDetector(keepsEvidence: true)
    for frame in 0..<30 {
      let input = scene.input(frame)
      #expect(try detector.detect(input) == plain[frame])
      guard frame > 0 else {
        #expect(detector.evidence == nil)
        continue
      }
      let picture = try #require(detector.evidence)
      #expect(picture.channels == 3 && picture.width * picture.height <= MotionDetectorSettings().workingPixels)
      guard frame >= 15 else { continue }
      let truth = try #require(scene.truth(frame).first).orientedBox
      let inside = Self.means(picture, scene) { MovingScene.isInside($0, truth) }
      let outside = Self.means(picture, scene) { ($0 - truth.center).length > 60 }
      // Half of white is four errors of the flow; an object of some three pixels a frame is far above.
      #expect(inside.speed > 127 && outside.speed < 100, "\(inside) \(outside)")
      #expect(inside.difference > 100 && outside.difference < 10, "\(inside) \(outside)")
      let grey = try input.image.resized(width: picture.width, height: picture.height).gaussianBlurred(
        sigma: MotionDetector.smoothing)
      #expect((0..<grey.pixels.count).allSatisfy { picture.pixels[3 * $0 + 2] == grey.pixels[$0] })
    }
  }

  /// The mean speed and difference of the pixels at some places of the display.
  private static func means(
    _ picture: Image, _ scene: MovingScene, where isWanted: (Point) -> Bool
  ) -> (speed: Double, difference: Double) {
    var (speed, difference, count) = (0, 0, 0)
    for y in 8..<picture.height - 8 {
      for x in 8..<picture.width - 8 {
        let place = Point(
          (Double(x) + 0.5) * Double(scene.width) / Double(picture.width),
          (Double(y) + 0.5) * Double(scene.height) / Double(picture.height))
        guard isWanted(place) else { continue }
        difference += Int(picture[x, y, 0])
        speed += Int(picture[x, y, 1])
        count += 1
      }
    }
    return (Double(speed) / Double(count), Double(difference) / Double(count))
  }
}
