import Geometry
import Records
import TestSupport
import Testing

@testable import Pipeline

/// Boxes in space seen by a camera whose projection matrix is known.
@Suite struct PictureProjectionTests {
  private static let size = (width: 1242.0, height: 375.0)

  /// The hull of the corners under [f 0 c a; 0 f d b; 0 0 1 e], KITTI's P2 rounded, cut to the picture.
  private static func hull(_ box: SpatialBox) -> AxisBox {
    let hull = AxisBox(
      around: box.corners.map {
        let w = $0.z + 0.0027
        return Point((721.5 * $0.x + 609.6 * $0.z + 44.86) / w, (721.5 * $0.y + 172.9 * $0.z + 0.2164) / w)
      })
    let (left, top) = (max(hull.left, 0), max(hull.top, 0))
    return AxisBox(
      left: left, top: top, width: min(hull.right, size.width - 1) - left, height: min(hull.bottom, size.height - 1) - top)
  }

  private static func boxes(_ count: Int) -> [SpatialBox] {
    var random = TestRandom(seed: 5)
    return (0..<count).map { _ in
      SpatialBox(
        height: random.uniform(1.3, 2), width: random.uniform(1.5, 1.9), length: random.uniform(3.2, 5), x: random.uniform(-12, 12),
        y: random.uniform(1.4, 1.9), z: random.uniform(8, 50), rotationY: random.uniform(-3, 3), alpha: 0)
    }
  }

  private static func table(_ boxes: [SpatialBox]) -> BoxTable {
    var table = BoxTable(format: .ab3dmot)
    for box in boxes where hull(box).width > 0 {
      table.frames.append(0)
      table.ids.append(-1)
      table.axisBoxes.append(hull(box))
      table.spatialBoxes.append(box)
    }
    return table
  }

  @Test func findsTheCameraFromWhatItShows() throws {
    let projection = try #require(PictureProjection(Self.table(Self.boxes(300))))
    for box in Self.boxes(40) {
      let (found, truth) = (projection.box(of: box), Self.hull(box))
      guard let found else {
        #expect(truth.width < 2 || truth.height < 2)
        continue
      }
      // The camera's place along z (2.7 mm) is not part of the model: 0.3 px at 8 m.
      for (a, b) in [(found.left, truth.left), (found.right, truth.right), (found.top, truth.top), (found.bottom, truth.bottom)] {
        #expect(abs(a - b) < 2.5)
      }
    }
  }

  @Test func boxesBehindTheCameraShowNothing() throws {
    let projection = try #require(PictureProjection(Self.table(Self.boxes(300))))
    var box = Self.boxes(1)[0]
    box.z = -20
    #expect(projection.box(of: box) == nil)
  }

  @Test func tooFewBoxesTellNothing() {
    #expect(PictureProjection(Self.table(Self.boxes(4))) == nil)
    #expect(PictureProjection(Self.table([])) == nil)
    let same = Array(repeating: Self.boxes(1)[0], count: 60)
    #expect(PictureProjection(Self.table(same)) == nil)
  }
}
