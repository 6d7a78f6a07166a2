import Geometry
import Records
import Testing

@testable import ForecastEvaluation

@Suite struct StreamForecastsTests {
  private func track(_ id: Int, _ x: Double, _ y: Double, forecast: [ForecastRecord] = []) -> TrackRecord {
    TrackRecord(
      id: id, score: 1, box: OrientedBox(center: Point(x, y), width: 20, height: 10, angle: 0), forecast: forecast)
  }

  private func stream(_ frames: [FrameRecord]) throws -> StreamReader {
    var bytes: [UInt8] = []
    var encoder = StreamEncoder(classes: ["object"])
    encoder.encode(.header(StreamHeader(program: "test", classes: ["object"]))) { bytes += $0 }
    for frame in frames { encoder.encode(.frame(frame)) { bytes += $0 } }
    return try StreamReader(bytes: bytes, name: "stream")
  }

  /// An object at 10 pixels a second seen by a camera that moves by `shift` pixels a frame; each frame forecasts 0.25 s ahead.
  private func frames(shift: Double, error: Double = 0, cutAt: Int? = nil) -> [FrameRecord] {
    (0..<20).map { index in
      let time = Double(index) / 10
      let here = Point(100 + 10 * time + shift * Double(index), 50)
      let ahead = ForecastRecord(
        time: time + 0.25, center: Point(here.x + 2.5 + error, 50), covariance: SymmetricMatrix2(xx: 4, xy: 0, yy: 4))
      let status: CameraMotion.Status = index == 0 ? .first : index == cutAt ? .cut : .ok
      return FrameRecord(
        frame: index, time: time,
        camera: CameraMotion(status: status, homography: index == 0 ? .identity : .translation(Point(shift, 0)), inliers: 50),
        tracks: [track(1, here.x, here.y, forecast: [ahead])])
    }
  }

  @Test(arguments: [0.0, 7.0]) func laterPositionsAreSeenFromTheForecastsFrame(shift: Double) throws {
    let forecasts = try StreamForecasts(stream: stream(frames(shift: shift)), truth: nil)
    // The last three frames reach beyond the end.
    #expect(forecasts.samples.count == 17)
    #expect(forecasts.beyondTruth == 3)
    #expect(try #require(ForecastScores(forecasts.samples)).averageDisplacement < 0.011)
    let wrong = try StreamForecasts(stream: stream(frames(shift: shift, error: 3)), truth: nil)
    let scores = try #require(ForecastScores(wrong.samples))
    #expect(abs(scores.averageDisplacement - 3) < 0.011)
    #expect(abs(try #require(scores.meanSquaredMahalanobis) - 2.25) < 0.02)
    #expect(scores.coverage.map(\.covered) == [0, 1, 1])
    #expect(scores.missRate == 1)
  }

  @Test func forecastsAcrossACutAreLeftOut() throws {
    let forecasts = try StreamForecasts(stream: stream(frames(shift: 0, cutAt: 10)), truth: nil)
    #expect(forecasts.beyondTruth == 6)
    #expect(forecasts.samples.count == 14)
  }

  /// The truth may go on after the stream's last frame, and begin before its first.
  @Test func truthBeyondTheStreamChangesNothing() throws {
    var truth = BoxTable(format: .centerAngle)
    for index in 0..<400 {
      truth.frames.append(Int32(index))
      truth.ids.append(7)
      truth.orientedBoxes.append(OrientedBox(center: Point(100 + Double(index), 50), width: 20, height: 10, angle: 0))
    }
    let forecasts = try StreamForecasts(stream: stream(frames(shift: 0)), truth: truth)
    #expect(forecasts.samples.count == 17 && forecasts.beyondTruth == 3 && forecasts.unmatched == 0)
  }

  @Test func samplesKnowTheirHorizonAndTheWorstWhatWasBefore() throws {
    let forecasts = try StreamForecasts(stream: stream(frames(shift: 7, error: 3)), truth: nil)
    #expect(forecasts.samples.allSatisfy { $0.horizons == [0.25] && $0.agent == 1 })
    // One path an agent; it ends where the forecast begins.
    let shown = forecasts.samples.filter { !$0.observed.isEmpty }
    let sample = try #require(shown.first)
    #expect(shown.count == 1 && sample.observed.count == sample.frame + 1)
    let last = try #require(sample.observed.last)
    #expect((last - Point(100 + 8 * Double(sample.frame), 50)).length < 0.02)
    // The camera's motion is taken out: the object goes 1 pixel a frame.
    #expect((last - sample.observed[0]).length - Double(sample.frame) < 0.02)
  }

  @Test func truthIsTheBestOverlapAndItsOwnLaterPlace() throws {
    var truth = BoxTable(format: .centerAngle)
    for index in 0..<20 {
      for (id, y) in [(7, 51.0), (8, 200.0)] {
        truth.frames.append(Int32(index))
        truth.ids.append(Int32(id))
        truth.orientedBoxes.append(
          OrientedBox(center: Point(100 + Double(index), y), width: 20, height: 10, angle: 0))
      }
    }
    let forecasts = try StreamForecasts(stream: stream(frames(shift: 0)), truth: truth)
    #expect(forecasts.samples.count == 17)
    // The truth runs one pixel below the track.
    #expect(abs(try #require(ForecastScores(forecasts.samples)).averageDisplacement - 1) < 0.011)
    var settings = StreamForecasts.Settings()
    settings.minimumOverlap = 0.95
    #expect(try StreamForecasts(stream: stream(frames(shift: 0)), truth: truth, settings: settings).unmatched == 20)
  }
}
