import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct SpatialBoxGroundTests {
  private let box = SpatialBox(height: 1.5, width: 2, length: 4, x: 3, y: 1.7, z: 20, rotationY: 0, alpha: 0)

  /// KITTI's rotation_y of −π/2 points ahead, along +z.
  @Test func theLengthLiesAlongItsDirection() {
    var ahead = box
    ahead.rotationY = -.pi / 2
    let corners = ahead.ground.corners
    #expect(abs((corners.map(\.y).max() ?? 0) - 22) < 1e-12 && abs((corners.map(\.y).min() ?? 0) - 18) < 1e-12)
    #expect(abs((corners.map(\.x).max() ?? 0) - 4) < 1e-12)
    let upright = box.corners
    #expect(upright.count == 8 && Set(upright.map(\.y)) == [1.7, 1.7 - 1.5])
  }

  /// The same rectangle under each of its four names, for a box that points any way.
  @Test(arguments: [0, 0.4, 1.5, 3.1, -0.8, -3.1])
  func keepsItsDirectionWhateverTheRectangleIsCalled(_ rotation: Double) {
    var model = box
    model.rotationY = rotation
    let ground = model.ground
    for quarters in 0..<4 {
      let isAcross = quarters % 2 == 1
      let named = OrientedBox(
        center: Point(-1, 12), width: isAcross ? ground.height : ground.width, height: isAcross ? ground.width : ground.height,
        angle: ground.angle + 0.1 + Double(quarters) * .pi / 2)
      let moved = model.covering(named)
      #expect(moved.length == 4 && moved.width == 2 && moved.height == 1.5 && moved.y == 1.7)
      #expect(moved.x == -1 && moved.z == 12)
      #expect(abs(Angle.headingDifference(from: rotation - 0.1, to: moved.rotationY)) < 1e-12)
      #expect(abs(Angle.headingDifference(from: moved.rotationY - atan2(-1, 12), to: moved.alpha)) < 1e-12)
    }
  }

  @Test func whatKITTIDoesNotKnowIsNotKnown() {
    #expect(box.isKnown && !SpatialBox.unknown.isKnown)
    for spoil: WritableKeyPath<SpatialBox, Double> in [\.length, \.width, \.height] {
      var flat = box
      flat[keyPath: spoil] = 0
      #expect(!flat.isKnown)
    }
    var far = box
    far.z = .infinity
    #expect(!far.isKnown)
  }
}
