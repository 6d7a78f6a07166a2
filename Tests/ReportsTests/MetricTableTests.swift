import Testing

@testable import Reports

@Suite struct MetricTableTests {
  private func table() -> MetricTable {
    var table = MetricTable(
      title: "t", columns: [MetricColumn("sequence"), MetricColumn("HOTA", decimals: 2, scale: 100), MetricColumn("IDSW")])
    table.append([.text("a_1|x,\"y\""), .real(0.5), .integer(3)])
    table.append([.text("all"), .real(.nan)], isSummary: true)
    return table
  }

  @Test func alignsTheTerminalTableAndSetsOffTheSummary() {
    #expect(
      table().rendered(as: .terminal) == """
        t
        sequence    HOTA  IDSW
        ----------------------
        a_1|x,"y"  50.00     3
        ----------------------
        all            -     -

        """)
  }

  @Test func escapesWhatEachLanguageReserves() {
    let table = table()
    #expect(table.rendered(as: .csv) == "sequence,HOTA,IDSW\n\"a_1|x,\"\"y\"\"\",0.5,3\nall,,\n")
    #expect(table.rendered(as: .markdown).contains("| a_1\\|x,\"y\" | 50.00 | 3 |"))
    #expect(table.rendered(as: .latex).contains("a\\_1|x,\"y\" & 50.00 & 3 \\\\"))
    #expect(
      table.rendered(as: .json)
        == "[{\"sequence\":\"a_1|x,\\\"y\\\"\",\"HOTA\":0.5,\"IDSW\":3},{\"sequence\":\"all\",\"HOTA\":null,\"IDSW\":null}]\n")
  }
}
