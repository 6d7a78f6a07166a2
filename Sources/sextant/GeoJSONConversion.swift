import Geometry
import Records

/// `sextant convert --to geojson`: the paths of a stream's tracks on the Earth.
struct GeoJSONConversion {
  static let format = "geojson"

  let origin: GeographicOrigin

  /// - Parameter text: Latitude and longitude of the ground's origin in degrees, and the bearing of its top.
  init(origin text: String?) throws {
    guard let text else {
      throw CommandError.usage(
        "--to geojson needs --origin LAT,LON,HEADING: where the ground's origin lies and where its top points")
    }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 3, let latitude = numbers[0], let longitude = numbers[1], let heading = numbers[2],
      let origin = GeographicOrigin(latitude: latitude, longitude: longitude, heading: heading)
    else {
      throw CommandError.usage(
        "--origin \(text): give latitude (-89 to 89), longitude (-180 to 180) and heading in degrees, such as 52.01,4.36,90")
    }
    self.origin = origin
  }

  /// - Returns: The number of paths.
  func convert(_ input: String, to output: String, overwrite: Bool) throws -> Int {
    let reader = try StreamReader(path: input, keepsFurther: false)
    var paths = GroundPaths(origin: origin)
    while let record = try reader.next() {
      switch record {
      case .frame(let frame): paths.add(frame: frame.frame, time: frame.time, frame.tracks, classes: reader.classes)
      case .backfill(let late): paths.add(frame: late.frame, time: late.time, late.tracks, classes: reader.classes)
      default: break
      }
    }
    let features = paths.features
    guard !features.isEmpty else {
      throw CommandError.malformed("\(input) has no track with a place on the ground; track with --ground or --gsd")
    }
    let sink = try OutputSink(path: output, policy: .whole, overwrite: overwrite)
    try sink.write(GeoJSONWriter.text(features))
    try sink.close()
    return features.count
  }
}
