import Foundation
import Testing

@testable import Reports

@Suite struct PlotTests {
  private let long = "an-experiment-with-" + String(repeating: "many-", count: 40) + "parameters"

  /// The x coordinates of all elements of a picture, and its width.
  private func extent(_ svg: String) throws -> (places: [Double], width: Double) {
    let box = try #require(svg.firstMatch(of: #/viewBox="0 0 ([0-9.]+) /#)?.1)
    return (svg.matches(of: #/ x[12]?="(-?[0-9.]+)"/#).compactMap { Double($0.1) }, try #require(Double(box)))
  }

  @Test func longNamesLoseTheirMiddle() {
    let fitted = PlotText.fitted(long, width: 150)
    #expect(PlotText.width(fitted) <= 150 && fitted.hasPrefix("an-exp") && fitted.hasSuffix("meters") && fitted.contains("…"))
    #expect(PlotText.fitted("short", width: 150) == "short")
    #expect(PlotText.width(PlotText.fitted(String(repeating: "長", count: 100_000), width: 150)) <= 150)
    #expect(PlotText.fitted("abc", width: 0).count <= 3)
  }

  @Test func legendsStandInAsManyColumnsAsFit() {
    let short = PlotLegend((0..<12).map { .init(name: "s\($0)", color: $0) }, width: 400)
    let wide = PlotLegend((0..<12).map { .init(name: long, color: $0) }, width: 400)
    #expect(short.height < wide.height && wide.height == 12 * 16)
    var canvas = SVGCanvas(width: 400, height: 200)
    wide.draw(.square, on: &canvas, left: 0, top: 0)
    #expect(canvas.rendered(label: "").contains("<title>\(long)</title>"))
    #expect(PlotLegend([], width: 400).height == 0)
  }

  @Test func nothingLiesOutsideOfThePicture() throws {
    let names = (0..<20).map { $0 % 2 == 0 ? long : "c\($0)" }
    let bars = BarPlot(title: long, series: names, groups: names.map { BarPlot.Group($0, names.map { _ in 1 }) })
    let lines = LinePlot(
      title: long, xLabel: "x", yLabel: "y",
      series: names.map { LinePlot.Series($0, [(x: 0, y: 0), (x: 1, y: 1), (x: 2, y: .nan), (x: 3, y: 1)]) })
    let map = HeatMap(
      title: long, rows: names, columns: names, shares: names.map { _ in names.map { _ in 0.5 } }, rowLabel: "truth",
      columnLabel: "result")
    let timeline = TimelinePlot(
      title: "ids", rows: names.map { TimelinePlot.Row($0, [.init(frames: 999_000...999_999, id: 1)]) }, frames: 999_000...999_999)
    for svg in [bars.svg, lines.svg, map.svg, timeline.svg] {
      let (places, width) = try extent(svg)
      #expect(places.count > 20 && places.allSatisfy { $0 >= 0 && $0 <= width })
    }
    // The lone point at 3 is a dot for each series.
    #expect(lines.svg.components(separatedBy: "<circle").count - 1 == 20)
  }

  /// A name ends left of the rows, and its estimated width must fit between the edge of the picture and there.
  @Test(arguments: ["truth 7", "truth 2147483647", "an object of a rather long name"]) func rowsOfATimelineHaveRoomForTheirNames(
    name: String
  ) throws {
    let plot = TimelinePlot(title: "ids", rows: [.init(name, [.init(frames: 0...9, id: 1)])], frames: 0...9)
    let text = try #require(plot.svg.firstMatch(of: #/<text x="([0-9.]+)" y="[0-9.]+" text-anchor="end"[^>]*>([^<]*)</text>/#))
    #expect(text.2 == name)
    #expect(try #require(Double(text.1)) >= PlotText.width(name))
  }

  @Test func seriesOfEqualColourDiffer() {
    #expect(Set((0..<24).map { PlotColors.color($0) + (PlotColors.dashes($0) ?? "") }).count == 24)
    #expect(Set((0..<24).map(PlotColors.fill)).count == 24)
  }

  @Test func heatMapsShowSharesInPerCent() {
    let map = HeatMap(
      title: "t", rows: ["a", "b"], columns: ["a", "b"], shares: [[1, 0], [0.25, nil]], rowLabel: "truth", columnLabel: "result")
    #expect(map.svg.contains(">100</text>") && map.svg.contains(">25.0</text>") && map.svg.contains("<title>b, a: 25.0 %</title>"))
    // The ground and the two cells that are not empty.
    #expect(map.svg.components(separatedBy: "<rect").count - 1 == 3)
  }

  /// The ends are neighbouring numbers, or so small, large or far away that a step between them is lost in rounding.
  @Test(
    arguments: [
      (180.0, 180.0.nextUp), (0.1, 0.1 + 3e-17), (1e300, 1e300.nextUp), (-1e16, -1e16 + 4), (0, Double.leastNonzeroMagnitude),
      (-1e308, 1e308), (-2.5e-16, 2.5e-16), (1e16, 1e16 + 2), (5, 5),
    ] as [(Double, Double)])
  func anAxisHasTicksThatDifferWhateverItsRange(low: Double, high: Double) {
    for range in [low...high, PlotAxis.range(of: [low, high])] {
      let axis = PlotAxis(range: range, start: 0, end: 100)
      #expect(Set(axis.ticks).count == axis.ticks.count && !axis.ticks.isEmpty, "\(range)")
      #expect(axis.ticks.allSatisfy { !axis.label($0).isEmpty })
    }
  }

  @Test func aCurveThatIsConstantUpToRoundingIsDrawnInTheMiddle() throws {
    let axis = PlotAxis(range: PlotAxis.range(of: [180.0, 180.0.nextUp]), start: 0, end: 100)
    #expect(abs(axis.place(180) - 50) < 1e-6)
    let values = (0..<50).map { (x: Double($0), y: $0 % 2 == 0 ? 2.0943951023931953 : 2.0943951023931957) }
    let plot = LinePlot(title: "constant", xLabel: "pair", yLabel: "error", series: [LinePlot.Series("r", values)])
    #expect(plot.svg.contains("polyline"))
  }
}
