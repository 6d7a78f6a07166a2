import Testing

@testable import Reports

@Suite struct MetricGlossaryTests {
  @Test(arguments: ["HOTA", "AP50", "mAP75", "AP_small", "coverage95", "Coverage50", "ADE_px", "minFDE_m", "AR_100", "J&F", "rmse"])
  func knowsTheFiguresOfTheTables(name: String) {
    #expect(MetricGlossary.definition(of: name) != nil)
  }

  @Test(arguments: ["sequence", "APx", "AP", "HOTAs", "ADE_", "coverage", "AR_"]) func guessesNoMeaning(name: String) {
    #expect((MetricGlossary.definition(of: name) != nil) == (name == "AP"))
  }

  @Test func knowsTheColumnsOfAComparison() {
    for name in ["ours difference", "ours low", "ours high"] { #expect(MetricGlossary.definition(of: name) != nil) }
    #expect(MetricGlossary.definition(of: "ours") == nil)
  }

  @Test func listsEachNameOnce() {
    var table = MetricTable(columns: ["of", "score", "a"].map { MetricColumn($0) })
    table.append([.text("all"), .text("HOTA"), .real(0.5)])
    table.append([.text("all"), .text("IDF1"), .real(0.5)])
    #expect(MetricGlossary.entries(of: [table, table]).map(\.name) == ["HOTA", "IDF1"])
  }

  @Test func columnsOfTextStandOnTheLeft() {
    var table = MetricTable(columns: ["name", "kind", "value"].map { MetricColumn($0, decimals: 1) })
    table.append([.text("a"), .text("short"), .real(1)])
    table.append([.text("b"), .text("longer"), .missing])
    #expect(table.rendered(as: .terminal) == "name  kind    value\n-------------------\na     short     1.0\nb     longer      -\n")
    #expect(table.rendered(as: .markdown).contains("| --- | --- | ---: |"))
    #expect(table.rendered(as: .latex).contains("{llr}"))
  }
}
