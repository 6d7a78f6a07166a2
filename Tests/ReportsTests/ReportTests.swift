import Foundation
import Testing

@testable import Reports

@Suite struct ReportTests {
  @Test func aPageNeedsNothingFromElsewhereAndEscapesWhatItShows() {
    var page = HTMLReport(title: "a<b>&\"c\"", statements: [("rule", "<script>alert(1)</script>")])
    page.heading("x & y")
    page.add(
      LinePlot(
        title: "<curve>", xLabel: "x", yLabel: "y", series: [LinePlot.Series("s<1>", [(0, 0), (1, .nan), (2, 1), (3, 2)])]))
    page.add(BarPlot(title: "bars", series: ["HOTA"], groups: [BarPlot.Group("a&b", [0.5]), BarPlot.Group("none", [nil])]))
    page.add(
      TimelinePlot(
        title: "ids", rows: [TimelinePlot.Row("truth 1", [TimelinePlot.Run(frames: 0...4, id: nil)])],
        marks: [TimelinePlot.Mark(row: 0, frame: 2, text: "switch", target: "#picture-1")], frames: 0...9))
    page.add(picture: [1, 2, 3], type: "image/jpeg", caption: "frame", anchor: "picture-1")
    let text = page.text
    #expect(!text.contains("<script") && !text.contains("http:") && !text.contains("https:") && !text.contains(" src=\"/"))
    #expect(text.contains("a&lt;b&gt;&amp;&quot;c&quot;"))
    #expect(text.contains("&lt;script&gt;"))
    #expect(text.contains("data:image/jpeg;base64,AQID"))
    #expect(text.contains("href=\"#picture-1\"") && text.contains("id=\"picture-1\""))
    #expect(!text.contains("nan"))
    for tag in ["svg", "table", "figure", "main", "body", "html"] {
      #expect(text.components(separatedBy: "<\(tag)").count == text.components(separatedBy: "</\(tag)>").count, "\(tag)")
    }
  }

  @Test func breaksACurveWhereAPointIsMissing() {
    let plot = LinePlot(
      title: "t", xLabel: "x", yLabel: "y", series: [LinePlot.Series("s", [(0, 0), (1, 1), (2, .nan), (3, 1), (4, 2)])])
    // Two pieces and the legend's stroke.
    #expect(plot.svg.components(separatedBy: "<polyline").count - 1 == 3)
  }

  @Test(arguments: [(0.0, 1.0), (0.0, 600.0), (-3.2, 7.9), (1e-5, 3e-5), (1e6, 4e6)]) func ticksAreRoundAndInRange(
    low: Double, high: Double
  ) {
    let axis = PlotAxis(range: low...high, start: 0, end: 100)
    let ticks = axis.ticks
    #expect((3...10).contains(ticks.count))
    #expect(ticks.allSatisfy { $0 >= low - 1e-9 * abs(low) && $0 <= high + 1e-9 * abs(high) })
  }

  @Test func anAxisWithoutWidthStillHasAPlace() {
    #expect(PlotAxis.range(of: []) == 0...1)
    #expect(PlotAxis.range(of: [Double.nan, 2]) == 1.5...2.5)
    #expect(PlotAxis(range: 2...2, start: 0, end: 10).place(2) == 5)
  }

  @Test func encodesBytesAsFoundationDoes() {
    for count in 0..<20 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
      #expect(Base64.encoded(bytes) == Data(bytes).base64EncodedString())
    }
  }
}

@Suite struct ScoreThresholdsTests {
  @Test func readsNamesAndValues() throws {
    let thresholds = try ScoreThresholds(["hota=0.6,idf1=.5", "MOTA=-1"], option: "--fail-below")
    #expect(thresholds.thresholds.map(\.name) == ["hota", "idf1", "MOTA"])
    #expect(thresholds.thresholds.map(\.least) == [0.6, 0.5, -1])
  }

  @Test(arguments: ["hota", "hota=", "=0.5", "hota=x", "hota=nan", "hota=0.5,", "a=1=2"]) func refusesWhatIsNoThreshold(
    text: String
  ) {
    #expect(throws: EvaluationError.self) { try ScoreThresholds([text], option: "--fail-below") }
  }

  @Test func failsBelowOnlyAndOnWhatIsNoNumber() throws {
    let thresholds = try ScoreThresholds(["hota=0.5"], option: "--fail-below")
    #expect(try thresholds.failures(of: "a") { _ in 0.5 }.isEmpty)
    #expect(try thresholds.failures(of: "a") { _ in 0.499 } == ["hota of a is 0.499000, below 0.5"])
    #expect(try thresholds.failures(of: "a") { _ in .nan }.count == 1)
    #expect(throws: EvaluationError.self) { try thresholds.failures(of: "a") { _ in nil } }
  }
}

@Suite struct PairedBootstrapTests {
  @Test func isFixedByItsSeed() throws {
    let values = [0.1, 0.4, -0.2, 0.3, 0.25]
    func interval(_ seed: UInt64) throws -> PairedBootstrap.Interval {
      let intervals = PairedBootstrap(seed: seed).intervals(of: 5) { occurrences in
        [zip(values, occurrences).reduce(0) { $0 + $1.0 * Double($1.1) } / 5]
      }
      return try #require(intervals?.first ?? nil)
    }
    #expect(try interval(3) == interval(3))
    let found = try interval(3)
    #expect(abs(found.difference - 0.17) < 1e-12)
    #expect(found.low < 0.17 && found.high > 0.17)
  }

  /// The mean of n draws has the standard deviation σ/√n, so the interval is about ±1.96 σ/√n wide.
  @Test func hasTheWidthOfTheNormalTheory() throws {
    let values = (0..<100).map { Double($0 % 10) }
    let intervals = PairedBootstrap(seed: 1, draws: 4000).intervals(of: 100) { occurrences in
      [zip(values, occurrences).reduce(0) { $0 + $1.0 * Double($1.1) } / 100]
    }
    let found = try #require(intervals?.first ?? nil)
    let deviation = (8.25 / 100).squareRoot()
    #expect(abs((found.high - found.low) / (2 * 1.96 * deviation) - 1) < 0.06)
  }

  @Test func drawsNothingFromOneSequence() {
    #expect(PairedBootstrap().intervals(of: 1) { _ in [0] } == nil)
  }
}
