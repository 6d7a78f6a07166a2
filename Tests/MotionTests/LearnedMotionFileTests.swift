import Foundation
import Testing

@testable import Motion

@Suite struct LearnedMotionFileTests {
  private func text(_ change: (String) -> String) throws -> Data {
    Data(change(String(decoding: try LearnedMotionFile.encode(LearnedMotionTests.waves()), as: UTF8.self)).utf8)
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
