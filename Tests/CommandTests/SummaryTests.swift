import Foundation
import Testing

/// The tables of `track`: places in the plane that stands still, courses, and a row a track.
@Suite struct SummaryTests {
  /// A stream of 60 frames at 25 a second whose camera pans by 3 px a frame, with one car that goes 50 px/s over the ground, to the right.
  ///
  /// In the picture it goes by 2 − 3 px a frame.
  private func stream() -> String {
    var text =
      #"{"record":"header","schema":"sextant/2","program":"t","source":{"uri":"pan, left.mp4","kind":"file","width":640,"height":360},"settings":{},"classes":["car"],"seed":0}"#
    text += "\n"
    for frame in 0..<60 {
      let camera =
        frame == 0
        ? #"{"status":"first","homography":[1,0,0,0,1,0,0,0,1],"inliers":0}"#
        : #"{"status":"ok","homography":[1,0,-3,0,1,0,0,0,1],"inliers":50}"#
      let x = 400 - Double(frame)
      let box = "{\"cx\":\(x),\"cy\":200.0,\"w\":40.0,\"h\":20.0,\"angle\":0.01,\"angle_sd\":0.05}"
      text += "{\"record\":\"frame\",\"frame\":\(frame),\"time\":\(Double(frame) / 25),\"camera\":\(camera),"
      text += "\"tracks\":[{\"id\":1,\"class\":\"car\",\"state\":\"confirmed\",\"score\":0.9,\"box\":\(box),"
      text += "\"observed\":true,\"observation\":\"observed\"}]}\n"
    }
    return text + #"{"record":"end","frames":60,"dropped":0,"ids":1,"status":"complete"}"# + "\n"
  }

  /// Fields of a row by the names of their columns; quoted fields hold one comma at most.
  private func table(_ url: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    let names = try #require(lines.first).split(separator: ",").map(String.init)
    return lines.dropFirst().map { line in
      let fields = line.replacing("\"t, left.ndjson\"", with: "t; left.ndjson").split(
        separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == names.count)
      return Dictionary(uniqueKeysWithValues: zip(names, fields.map(String.init)))
    }
  }

  @Test func tablesTellTheWayOverTheGround() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Data(stream().utf8), "t, left.ndjson")
    let run = try ProgramRun(
      ["track", "--detections", "t, left.ndjson", "-o", "o.ndjson", "--csv", "o.csv", "--summary", "s.csv"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let rows = try table(folder.file("o.csv"))
    #expect(rows.count > 50)
    for row in rows {
      let frame = try #require(Double(row["frame"] ?? ""))
      let (x, stable) = (try #require(Double(row["cx_px"] ?? "")), try #require(Double(row["stable_x_px"] ?? "")))
      #expect(abs(stable - x - 3 * frame) < 0.011 && row["stable_y_px"] == row["cy_px"] && row["stable_frame"] == "0")
      #expect(row["video"] == "t; left.ndjson")
      guard frame > 25 else { continue }
      #expect(abs(try #require(Double(row["vx_px_per_s"] ?? "")) - 50) < 2)
      #expect(abs(try #require(Double(row["image_vx_px_per_s"] ?? "")) + 25) < 2)
      #expect(abs(try #require(Double(row["course_rad"] ?? ""))) < 0.05)
    }
    let tracks = try table(folder.file("s.csv"))
    #expect(tracks.count == 1)
    let track = try #require(tracks.first)
    #expect(track["id"] == "1" && track["class"] == "car" && track["ended"] == "finished" && track["last_frame"] == "59")
    #expect(track["rows"] == "\(rows.count)" && track["first_frame"] == rows[0]["frame"])
    let duration = try #require(Double(track["duration_s"] ?? ""))
    #expect(abs(duration - Double(rows.count - 1) / 25) < 1e-5)
    #expect(abs(try #require(Double(track["path_px"] ?? "")) - 50 * duration) < 3)
    #expect(abs(try #require(Double(track["mean_speed_px_per_s"] ?? "")) - 50) < 2)
  }

  @Test func theSummaryIsAnOutputLikeTheOthers() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(Data(stream().utf8), "t.ndjson")
    let onInput = try ProgramRun(
      ["track", "--detections", input, "-o", "o.ndjson", "--summary", "t.ndjson", "--overwrite"], in: folder.url)
    #expect(onInput.exitCode == 73 && onInput.errors.contains("would replace the detections"))
    let twice = try ProgramRun(
      ["track", "--detections", input, "-o", "o.ndjson", "--csv", "a", "--summary", "./a"], in: folder.url)
    #expect(twice.exitCode == 64)
    #expect(try Data(contentsOf: folder.file("t.ndjson")) == Data(stream().utf8))
    #expect(try ProgramRun(["track", "--detections", input, "-o", "o.ndjson", "--summary", "s.csv"], in: folder.url).exitCode == 0)
    #expect(
      try ProgramRun(["track", "--detections", input, "-o", "p.ndjson", "--summary", "s.csv"], in: folder.url).exitCode == 73)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.hasSuffix(".part") })
  }

  /// The header says no seed that a reader's 64 bits with a sign cannot hold.
  @Test func seedsBeyondTheSchemaAreRefused() throws {
    let folder = try TemporaryFolder()
    for arguments in [["synthesize", "fixed", "-o", "a.mp4"], ["track", "--detections", "none.txt"]] {
      let run = try ProgramRun(arguments + ["--seed", "9223372036854775808"], in: folder.url)
      #expect(run.exitCode == 64 && run.errors.contains("9223372036854775807"), "\(run.errors)")
    }
  }
}
