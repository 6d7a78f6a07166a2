import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct WorldRecordTests {
  private let box = SpatialBox(
    height: 1.5, width: 1.625, length: 4.25, x: -3.5, y: 1.75, z: 20, rotationY: 0.5, alpha: 0.5 - atan2(-3.5, 20))

  private func line(_ world: WorldRecord?) -> String {
    var track = TrackRecord(id: 7, box: OrientedBox(center: Point(10, 20), width: 8, height: 4, angle: 0))
    track.world = world
    var encoder = StreamEncoder(classes: ["Car"])
    return String(decoding: encoder.line(.frame(FrameRecord(frame: 3, time: 0.5, tracks: [track]))), as: UTF8.self)
  }

  private func read(_ text: String) throws -> TrackRecord? {
    guard case .frame(let frame)? = try StreamReader(bytes: Array(text.utf8), name: "s").next() else { return nil }
    return frame.tracks.first
  }

  @Test func isReadBackAsItWasWritten() throws {
    let covariance = SymmetricMatrix2(xx: 0.012346, xy: -0.001, yy: 0.5)
    let world = WorldRecord(box: box, covariance: covariance, velocity: Point(3, 4))
    let text = line(world)
    #expect(
      text.contains(
        "\"world\":{\"x\":-3.5,\"y\":1.75,\"z\":20.0,\"length\":4.25,\"width\":1.625,\"height\":1.5,\"rotation_y\":0.5,"
          + "\"covariance\":[0.012346,-0.001,0.5],\"velocity\":[3.0,4.0],\"speed\":5.0}}"))
    #expect(try read(text)?.world == world)
    #expect(!line(nil).contains("world"))
  }

  @Test(arguments: [
    "{}", "{\"x\":1,\"y\":1,\"z\":1,\"length\":0,\"width\":1,\"height\":1,\"rotation_y\":0}",
    "{\"x\":1,\"y\":1,\"z\":\"a\",\"length\":1,\"width\":1,\"height\":1,\"rotation_y\":0}", "[1]",
  ])
  func whatIsNoBoxInSpaceIsRefused(_ world: String) {
    let text = line(nil).replacingOccurrences(
      of: "\"observation\":\"observed\"", with: "\"observation\":\"observed\",\"world\":\(world)")
    #expect(throws: RecordsError.self) { try read(text) }
  }

  /// Rows with a box in space and without one in a stream: the table knows which is which.
  @Test func aStreamsTableHasTheBoxesInSpace() throws {
    let text = line(nil) + line(WorldRecord(box: box)).replacingOccurrences(of: "\"frame\":3", with: "\"frame\":4")
    let table = try BoxTableReader.read(bytes: Array(text.utf8), name: "s", options: BoxReadingOptions(format: .sextant))
    #expect(table.spatialBoxes.map(\.isKnown) == [false, true])
    #expect(table.spatialBoxes[1].ground == box.ground)
  }
}
