import Foundation
import Testing
import Tracking

@Suite struct TrackerSettingsTests {
  @Test func theDefaultsPassTheirCheck() throws {
    try TrackerSettings().check()
  }

  @Test func anImpossibleNumberIsNamed() {
    var settings = TrackerSettings()
    settings.maximumGap = -1
    let error = #expect(throws: TrackingError.self) { try settings.check() }
    #expect(error?.description == "cannot set up the tracker: maximumGap is -1.0, it must be 0 or more and finite")
    settings = TrackerSettings()
    settings.confirmation = .nan
    #expect(throws: TrackingError.self) { try settings.check() }
    settings = TrackerSettings()
    settings.forecastTimes = [1, .infinity]
    #expect(throws: TrackingError.self) { try settings.check() }
  }

  /// Every number in the settings' JSON is one that the check knows: a new setting cannot be forgotten there.
  @Test func everyNumberIsChecked() throws {
    let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(TrackerSettings()))
    let fields = try #require(encoded as? [String: Any])
    for (name, value) in fields {
      guard let number = value as? NSNumber, String(cString: number.objCType) == "d" else { continue }
      var broken = fields
      broken[name] = -1.0
      let data = try JSONSerialization.data(withJSONObject: broken)
      let settings = try JSONDecoder().decode(TrackerSettings.self, from: data)
      let error = #expect(throws: TrackingError.self, "\(name)") { try settings.check() }
      #expect(error?.setting == name)
    }
  }

  @Test func settingsSurviveJSON() throws {
    var settings = TrackerSettings()
    settings.cost = .likelihood
    settings.forecastTimes = [1, 2]
    let data = try JSONEncoder().encode(settings)
    let decoded = try JSONDecoder().decode(TrackerSettings.self, from: data)
    #expect(decoded == settings)
  }
}
