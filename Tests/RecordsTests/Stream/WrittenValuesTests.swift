import Geometry
import TestSupport
import Testing

@testable import Records

/// The encoder and the reader say what a record is after it was written; `asWritten` has to know it beforehand.
@Suite struct WrittenValuesTests {
  @Test func whatIsReadBackIsTheRecordAsWritten() throws {
    var random = TestRandom(seed: 11)
    for index in 0..<400 {
      let frame = randomFrame(index, &random)
      let late = BackfillRecord(frame: index, time: random.uniform(0, 1e5), tracks: frame.tracks)
      let header = StreamHeader(program: "test", settings: .object([]), classes: ["car", "person"], seed: 1)
      let bytes = Samples.text([.header(header), .frame(frame), .backfill(late)])
      let reader = try StreamReader(bytes: bytes, name: "test.ndjson")
      _ = try reader.next()
      #expect(try reader.next() == .frame(frame.asWritten))
      #expect(try reader.next() == .backfill(late.asWritten))
      #expect(frame.asWritten.asWritten == frame.asWritten)
    }
  }

  private func randomFrame(_ index: Int, _ random: inout TestRandom) -> FrameRecord {
    let linear = (0..<9).map { _ in random.normal() * 10 }
    return FrameRecord(
      frame: index, pts: random.unit() < 0.5 ? nil : Int64(index), time: random.uniform(0, 1e5),
      camera: random.unit() < 0.2
        ? nil
        : CameraMotion(
          status: .ok,
          homography: Homography(
            linear[0], linear[1], linear[2], linear[3], linear[4], linear[5], linear[6] * 1e-5, linear[7] * 1e-5, linear[8]),
          inliers: 5),
      tracks: (0..<random.index(below: 4)).map { randomTrack($0 + 1, &random) })
  }

  private func randomTrack(_ id: Int, _ random: inout TestRandom) -> TrackRecord {
    // Now and then a number that is unknown or, as a sum of a division by zero, not finite.
    func some(_ low: Double, _ high: Double) -> Double? {
      let choice = random.unit()
      return choice < 0.15
        ? nil : choice < 0.25 ? .nan : choice < 0.4 ? (random.uniform(low, high) * 8).rounded() / 8 : random.uniform(low, high)
    }
    func point() -> Point { Point(random.uniform(-4000, 4000), random.uniform(-4000, 4000)) }
    func covariance() -> SymmetricMatrix2 {
      SymmetricMatrix2(xx: random.uniform(0, 900), xy: random.uniform(-90, 90), yy: random.uniform(0, 900))
    }
    return TrackRecord(
      id: id, classIndex: random.index(below: 2), score: some(0, 1), existence: some(0, 1),
      box: OrientedBox(
        center: point(), width: random.uniform(0, 500), height: random.uniform(0, 500), angle: random.uniform(-1.6, 1.6)),
      isAngleDefined: random.unit() < 0.8, angleDeviation: some(0, 3), centerCovariance: random.unit() < 0.5 ? nil : covariance(),
      velocity: random.unit() < 0.3 ? nil : point(), imageVelocity: random.unit() < 0.3 ? nil : point(), course: some(-3.2, 3.2),
      courseDeviation: some(0, 3), heading: some(-3.2, 3.2), headingDeviation: some(0, 3), headingConfidence: some(0, 1),
      speed: some(0, 900), detectionIndex: random.unit() < 0.5 ? nil : 7,
      forecast: (0..<random.index(below: 3)).map { _ in
        ForecastRecord(time: random.uniform(0, 1e5), center: point(), covariance: random.unit() < 0.5 ? nil : covariance())
      })
  }
}
