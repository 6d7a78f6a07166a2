import Foundation
import Pipeline
import Testing
import Tracking

@testable import Tuning

@Suite struct TrackerParametersTests {
  @Test func everyNameIsAKeyOfTheSettings() throws {
    let data = try JSONEncoder().encode(TrackerSettings())
    let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
    for name in TrackerParameters.names { #expect(keys.contains(name), "\(name)") }
    #expect(Set(TrackerParameters.names).count == TrackerParameters.names.count)
  }

  @Test func eachNameMovesTheSettingOfThatKey() throws {
    for parameter in TrackerParameters.all {
      let value = parameter.range.upperBound
      let data = try JSONEncoder().encode(TrackerParameters.settings(TrackerSettings(), [parameter.name], [value]))
      let fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(fields[parameter.name] as? Double == value, "\(parameter.name)")
    }
  }

  @Test func theDefaultsLieWithinTheRanges() {
    for parameter in TrackerParameters.all {
      #expect(parameter.range.contains(TrackerSettings()[keyPath: parameter.path]), "\(parameter.name)")
    }
  }

  @Test func theEndsOfTheRangesAreSettingsThatTheTrackerTakes() throws {
    for bound in [\ClosedRange<Double>.lowerBound, \ClosedRange<Double>.upperBound] {
      for parameter in TrackerParameters.all {
        let settings = TrackerParameters.settings(TrackerSettings(), [parameter.name], [parameter.range[keyPath: bound]])
        #expect(
          try JSONDecoder().decode(TrackerSettings.self, from: JSONEncoder().encode(settings)) == settings, "\(parameter.name)")
      }
    }
  }
}
