import Testing

@testable import Reports

@Suite struct MetricTableTests {
  private func table() -> MetricTable {
    var table = MetricTable(
      title: "t", columns: [MetricColumn("sequence"), MetricColumn("HOTA", decimals: 2), MetricColumn("IDSW")])
    table.append([.text("a_1|x,\"y\""), .ratio(0.5), .integer(3)])
    table.append([.text("all"), .ratio(.nan)], isSummary: true)
    return table
  }

  @Test func alignsTheTerminalTableAndSetsOffTheSummary() {
    #expect(
      table().rendered(as: .terminal) == """
        t, ratios in per cent
        sequence     HOTA  IDSW
        -----------------------
        a_1|x,"y"  50.000     3
        -----------------------
        all             -     -

        """)
  }

  @Test func escapesWhatEachLanguageReserves() {
    let table = table()
    #expect(table.rendered(as: .csv) == "sequence,HOTA,IDSW\n\"a_1|x,\"\"y\"\"\",0.5,3\nall,,\n")
    #expect(table.rendered(as: .markdown).contains("| a_1\\|x,\"y\" | 50.000 | 3 |"))
    #expect(table.rendered(as: .latex).contains("a\\_1|x,\"y\" & 50.000 & 3 \\\\"))
    #expect(
      table.rendered(as: .json)
        == "[{\"sequence\":\"a_1|x,\\\"y\\\"\",\"HOTA\":0.5,\"IDSW\":3},{\"sequence\":\"all\",\"HOTA\":null,\"IDSW\":null}]\n")
  }

  /// People read per cent and programs the fraction, whatever the kind of table.
  @Test func onlyRatiosAreInPerCent() {
    var table = MetricTable(columns: [MetricColumn("error", decimals: 1), MetricColumn("share")])
    table.append([.real(0.5), .ratio(0.5)])
    #expect(table.rendered(as: .terminal).hasPrefix("ratios in per cent\n"))
    #expect(table.rendered(as: .terminal).contains("0.5    50.000"))
    #expect(table.rendered(as: .csv) == "error,share\n0.5,0.5\n")
    #expect(table.rendered(as: .json) == "[{\"error\":0.5,\"share\":0.5}]\n")
    table.rows[0][1] = .missing
    #expect(!table.rendered(as: .markdown).contains("per cent") && !table.rendered(as: .latex).contains("per cent"))
  }
}

@Suite struct ColumnChoiceTests {
  private func table() -> MetricTable {
    var table = MetricTable(
      title: "t",
      columns: [
        MetricColumn("sequence"), MetricColumn("object", isLabel: true), MetricColumn("HOTA"), MetricColumn("IDF1"),
        MetricColumn("TP", otherName: "CLR_TP"),
      ])
    table.append([.text("a"), .integer(1), .ratio(0.5), .ratio(0.25), .integer(3)])
    table.append([.text("all"), .missing, .ratio(0.5), .ratio(0.25), .integer(3)], isSummary: true)
    return table
  }

  @Test func columnsStandInTheOrderAskedForBehindTheLabels() throws {
    let choice = try #require(ColumnChoice("idf1, clr_tp,hota"))
    let chosen = try choice.applied(to: [table()])
    #expect(chosen[0].columns.map(\.name) == ["sequence", "object", "IDF1", "TP", "HOTA"])
    #expect(chosen[0].rows[0] == [.text("a"), .integer(1), .ratio(0.25), .integer(3), .ratio(0.5)])
    #expect(chosen[0].summaryRows == [1] && chosen[0].title == "t")
  }

  @Test func figuresThatStandInRowsAreChosenLikewise() throws {
    var rows = MetricTable(columns: ["of", "score", "a"].map { MetricColumn($0) })
    rows.figureColumn = 1
    for name in ["HOTA", "MOTA", "IDF1"] { rows.append([.text("all"), .text(name), .ratio(0.5)]) }
    let chosen = try #require(ColumnChoice("hota")).applied(to: [table(), rows])
    #expect(chosen.map(\.rows.count) == [2, 1] && chosen[1].rows[0][1] == .text("HOTA") && chosen[1].columns.count == 3)
  }

  @Test func tablesWithoutAChosenColumnAreLeftOut() throws {
    var other = MetricTable(columns: ["sequence", "NIS"].map { MetricColumn($0) })
    other.append([.text("a"), .real(2)])
    #expect(try #require(ColumnChoice("nis")).applied(to: [table(), other]) == [other])
  }

  @Test func unknownNamesAreRefusedWithTheKnownOnes() {
    #expect(throws: EvaluationError.unknown(what: "column", name: "hoat", known: ["HOTA", "IDF1", "TP"])) {
      try ColumnChoice("idf1,hoat")?.applied(to: [table()])
    }
    // Labels tell rows apart and are always there.
    #expect(throws: EvaluationError.self) { try ColumnChoice("sequence")?.applied(to: [table()]) }
    #expect(ColumnChoice(" , ") == nil)
  }
}
