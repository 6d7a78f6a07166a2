import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct GeoJSONReaderTests {
  private func read(_ text: String) throws -> [GeoJSONFeature] { try GeoJSONReader.read(bytes: Array(text.utf8), name: "zones") }

  @Test func readsShapesNamesAndHoles() throws {
    let features = try read(
      """
      {"type":"FeatureCollection","features":[
       {"type":"Feature","properties":{"name":"yard"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0,5],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}},
       {"type":"Feature","properties":null,"geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3.5,-3]]]}},
       {"type":"Feature","properties":{"id":4},"geometry":null}]}
      """)
    #expect(features.count == 2 && features[0].name == "yard" && features[1].name == nil)
    #expect(
      features[0].geometry
        == .polygons([[[Point(0, 0), Point(9, 0), Point(9, 9)], [Point(1, 1), Point(2, 1), Point(2, 2)]]]))
    #expect(features[1].geometry == .lines([[Point(0, 0), Point(1, 1)], [Point(2, 2), Point(3.5, -3)]]))
    #expect(try read(#"{"type":"Point","coordinates":[3,4]}"#).map(\.geometry) == [.points([Point(3, 4)])])
  }

  @Test func whatIsWrittenComesBack() throws {
    let ring = [Point(0.1, -2), Point(1e-7, 3), Point(4, 5.25)]
    let features = [
      GeoJSONFeature(.points([Point(1, 2)]), properties: .object([("name", .text("a \"b\" </c>"))])),
      GeoJSONFeature(.points([Point(1, 2), Point(3, 4)])),
      GeoJSONFeature(.lines([ring]), properties: .object([("id", .integer(3))])),
      GeoJSONFeature(.lines([ring, ring])), GeoJSONFeature(.polygons([[ring]])),
      GeoJSONFeature(.polygons([[ring, ring], [ring]])),
    ]
    #expect(try read(GeoJSONWriter.text(features)) == features)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"type":"FeatureCollection"}"#, #"{"type":"FeatureCollection","features":[1]}"#,
    #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}"#, #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,2]]]}"#,
    #"{"type":"Polygon","coordinates":[]}"#, #"{"type":"LineString","coordinates":[[0,0]]}"#,
    #"{"type":"LineString","coordinates":[[0,0],["a",1]]}"#, #"{"type":"LineString","coordinates":[[0,0],[1e999,1]]}"#,
    #"{"type":"GeometryCollection","geometries":[]}"#, #"{"type":"Bézier\u001b[2J","coordinates":[]}"#,
  ]) func refusesWhatIsNoGeoJSON(_ text: String) {
    #expect { try read(text) } throws: { "\($0)".contains("zones") && !"\($0)".contains("\u{1B}") }
  }

  /// Mutated texts give features or a sentence, never a crash; nesting and numbers of positions are bounded.
  @Test func hostileTextsAreRefused() {
    let seed = Array(
      #"{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}}"#.utf8)
    var random = TestRandom(seed: 3)
    for _ in 0..<2000 { _ = try? GeoJSONReader.read(bytes: Mutation.of(seed, &random), name: "zones") }
    let deep = #"{"type":"Polygon","coordinates":"# + String(repeating: "[", count: 100_000)
    #expect(throws: RecordsError.self) { try read(deep) }
    let many = #"{"type":"LineString","coordinates":["# + String(repeating: "[0,1],", count: 1_000_001) + "[1,1]]}"
    #expect(throws: RecordsError.self) { try read(many) }
  }
}
