import Foundation
import Geometry
import Records
import Testing

@Suite struct GroundTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    // Ten pixels a frame to the right, 40×20 pixels large.
    _ = try folder.write((1...12).map { "\($0),-1,\($0 * 10),100,40,20,0.95\n" }.joined(), "det.txt")
    _ = try folder.write(
      "camera_matrix: [500, 0, 319.5, 0, 500, 239.5, 0, 0, 1]\ndistortion_coefficients: [0, 0, 0, 0]\n", "camera.yml")
    return folder
  }

  @Test func metresBearingsAndColumnsOfAGroundSeenFromAbove() throws {
    let folder = try folder()
    let run = try ProgramRun(
      [
        "track", "-q", "--detections", "det.txt", "--fps", "10", "--gsd", "0.5", "--camera", "camera.yml", "-o", "t.ndjson",
        "--csv",
        "t.csv",
      ], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = try String(contentsOf: folder.file("t.csv"), encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let names = lines[0].map(String.init)
    func value(_ name: String, _ row: Int) throws -> Double {
      let column = try #require(names.firstIndex(of: name))
      return try #require(Double(lines[row][column]))
    }
    #expect(lines.count > 6)
    for row in 1..<lines.count {
      let x = try value("cx_px", row), y = try value("cy_px", row), speed = try value("speed_px_per_s", row)
      let ground = Point(try value("ground_x_m", row), try value("ground_y_m", row))
      let azimuth = try value("azimuth_rad", row), groundSpeed = try value("ground_speed_m_per_s", row)
      // Half a metre a pixel from the top-left corner, as there is no picture; the camera's axis is at (320, 240).
      #expect((ground - Point(x / 2, y / 2)).length < 0.006)
      #expect(abs(azimuth - atan2(x - 320, 500)) < 1e-4)
      #expect(abs(groundSpeed - speed / 2) < 0.006)
    }
    let made = try ProgramRun(["convert", "t.ndjson", "p.geojson", "--to", "geojson", "--origin", "45,7,0"], in: folder.url)
    #expect(made.exitCode == 0 && made.errors.contains("1 path to geojson"), "\(made.errors)")
    #expect(try GeoJSONReader.read(path: folder.file("p.geojson").path).count == 1)
  }

  @Test(arguments: [
    (["track", "--detections", "det.txt", "--gsd", "0"], 64, "--gsd 0 is out of range"),
    (["track", "--detections", "det.txt", "--ground", "1,2 3,4"], 64, "is no rectangle"),
    (["track", "--detections", "det.txt", "--ground", "0,0 0,9 9,9 9,0:2x2"], 64, "clockwise"),
    (["track", "--detections", "det.txt", "--gsd", "1", "--ground", "0,0 9,0 9,9 0,9:2x2"], 64, "name one of the two"),
    (["track", "--detections", "det.txt", "--camera", "none.yml"], 66, "none.yml"),
    (["convert", "t.ndjson", "o.geojson", "--to", "geojson"], 64, "needs --origin"),
    (["convert", "t.ndjson", "o.geojson", "--to", "geojson", "--origin", "95,0,0"], 64, "--origin 95,0,0"),
    (["convert", "t.ndjson", "o.geojson", "--to", "geojson", "--origin", "45,7,0"], 65, "no track with a place on the ground"),
    (["convert", "det.txt", "o.txt", "--to", "mot", "--origin", "45,7,0"], 64, "--origin is for"),
    (["render", "t.ndjson", "det.txt"], 64, "nothing to write"),
    (["render", "t.ndjson", "det.txt", "--mosaic", "a.gif"], 64, ".jpg, .jpeg or .png"),
    (["render", "-", "det.txt", "--mosaic", "a.jpg"], 64, "read the stream twice"),
    (["render", "t.ndjson", "det.txt", "--ground-view", "a.mp4", "--blur", "all"], 64, "a view from above hides nothing"),
  ])
  func mistakesAreToldOf(_ arguments: [String], _ code: Int32, _ expected: String) throws {
    let folder = try folder()
    let made = try ProgramRun(["track", "-q", "--detections", "det.txt", "--fps", "10", "-o", "t.ndjson"], in: folder.url)
    #expect(made.exitCode == 0)
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(expected), "\(run.exitCode) \(run.errors)")
  }

  @Test func aMosaicAndAViewFromAboveOfARealRun() throws {
    let folder = try folder()
    let clip = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("samples/crossing.mp4").path
    let tracked = try ProgramRun(["track", clip, "-q", "--max-frames", "30", "--gsd", "0.1", "-o", "t.ndjson"], in: folder.url)
    #expect(tracked.exitCode == 0, "\(tracked.errors)")
    let run = try ProgramRun(["render", "t.ndjson", clip, "-q", "--mosaic", "m.jpg", "--ground-view", "g.mp4"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let shown = try ProgramRun(["inspect", "g.mp4"], in: folder.url)
    #expect(shown.exitCode == 0, "\(shown.errors)")
    let size = try FileManager.default.attributesOfItem(atPath: folder.file("m.jpg").path)[.size] as? Int
    #expect(try #require(size) > 10_000)
  }
}
