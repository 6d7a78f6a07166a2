import Foundation
import Testing

@testable import Motion

@Suite struct LearnedMotionFileTests {
  private func text(seesTrend: Bool = false, _ change: (String) -> String) throws -> Data {
    Data(change(String(decoding: try LearnedMotionFile.encode(LearnedMotionTests.waves(seesTrend: seesTrend)), as: UTF8.self)).utf8)
  }

  private func problem(_ data: Data) -> String? {
    do {
      _ = try LearnedMotionFile.decode(data)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func aMotionComesBackAsItWas() throws {
    var law = try LearnedMotionTests.waves()
    law.lastingError = 0.03
    #expect(try LearnedMotionFile.decode(LearnedMotionFile.encode(law)) == law)
    // Files of before say nothing of an error that lasts.
    let before = try text { $0.split(separator: "\n").filter { !$0.contains("lasting_error") }.joined(separator: "\n") }
    #expect(try LearnedMotionFile.decode(before).lastingError == 0)
  }

  @Test func aMotionThatSeesTheTrendComesBackAndSaysSoInItsFormat() throws {
    let law = try LearnedMotionTests.waves(seesTrend: true)
    let data = try LearnedMotionFile.encode(law)
    #expect(String(decoding: data, as: UTF8.self).contains("sextant-motion/2"))
    #expect(try LearnedMotionFile.decode(data) == law)
  }

  /// Each format has its own features, grids and outputs; a strong trend is refused as any other growth.
  @Test func aTrendInTheWrongPlaceIsRefused() throws {
    #expect(try problem(text { $0.replacing("sextant-motion/1", with: "sextant-motion/2") })?.contains("trend") == true)
    #expect(try problem(text(seesTrend: true) { $0.replacing("sextant-motion/2", with: "sextant-motion/1") }) != nil)
    #expect(try problem(text(seesTrend: true) { $0.replacing("\"name\" : \"trend\"", with: "\"name\" : \"turn\"") }) != nil)
    var law = try LearnedMotionTests.waves(seesTrend: true)
    law.curves.constants[3] = -4
    #expect(try problem(LearnedMotionFile.encode(law))?.contains("unstable") == true)
  }

  @Test func aMotionOfAnotherStateIsRefusedByItsNumbers() throws {
    let data = try text { $0.replacing("\"vy\"\n", with: "\"vy\",\n    \"ax\",\n    \"ay\"\n") }
    #expect(problem(data)?.contains("6 numbers") == true)
  }

  @Test func anUnstableMotionIsRefusedWithItsRate() throws {
    var law = try LearnedMotionTests.waves()
    law.curves.constants[0] = 3
    #expect(try problem(LearnedMotionFile.encode(law))?.contains("unstable") == true)
  }

  @Test func numbersThatAreNotFiniteAndOtherTextsAreRefused() throws {
    #expect(try problem(text { $0.replacing("\"floor_speed\" : 0.1", with: "\"floor_speed\" : 1e999") }) != nil)
    #expect(try problem(text { $0.replacing("\"floor_speed\" : 0.1", with: "\"floor_speed\" : null") }) != nil)
    #expect(try problem(text { $0.replacing("sextant-motion/1", with: "sextant-motion/9") })?.contains("sextant-motion/9") == true)
    #expect(try problem(text { $0.replacing("\"intervals\" : 5", with: "\"intervals\" : 100000000") }) != nil)
    #expect(problem(Data()) != nil)
    #expect(problem(Data("[[[[[[[[[[[[[[[[[[[[".utf8)) != nil)
    #expect(problem(Data(count: LearnedMotionFile.maximumBytes + 1)) != nil)
  }
}
