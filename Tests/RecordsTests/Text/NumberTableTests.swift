import Testing

@testable import Records

@Suite struct NumberTableTests {
  private func read(_ text: String, _ names: [String] = ["u", "y"]) throws -> [[Double]] {
    try NumberTable.read(bytes: Array(text.utf8), name: "t.csv", columns: names).columns
  }

  @Test func findsColumnsByNameInAnyOrder() throws {
    #expect(try read("y,label,u\n1,a,-2.5\n3,b,4e-1\n") == [[-2.5, 0.4], [1, 3]])
    #expect(try read("y,label,u\n1,a,2", ["y"]) == [[1]])
  }

  @Test func toleratesAnEmptyLastColumnQuotesBlanksAndEmptyLines() throws {
    #expect(try read("\u{FEFF}\"u\" , y,\r\n1, 2 ,\r\n\r\n 3,4,\r\n") == [[1, 3], [2, 4]])
  }

  /// Commas for decimal signs make two numbers of each.
  @Test(arguments: ["u,y\n1,5,2,5\n", "u,y,\n1,2,\n1,2,3\n", "u,y\n1,2,,\n"]) func refusesMoreFieldsThanNames(text: String) {
    #expect(throws: RecordsError.self) { try read(text) }
  }

  @Test func namesTheColumnThatIsMissing() {
    #expect(throws: RecordsError.malformed(path: "t.csv", reason: "it has no column \"y\"; its first line names u, z")) {
      try read("u,z\n1,2\n")
    }
    #expect(throws: RecordsError.self) { try read("") }
  }

  @Test func namesEveryBadLine() {
    let text = "u,y\n1,2\nx,3\n4\n5,nan\n6,\n7,8 9\n1e999,1\n"
    let expected = [
      LineProblem(line: 3, reason: "column 1 (\"x\") is not a number"),
      LineProblem(line: 4, reason: "1 column, expected at least 2"),
      LineProblem(line: 5, reason: "column 2 (\"nan\") is not a finite number"), LineProblem(line: 6, reason: "column 2 is empty"),
      LineProblem(line: 7, reason: "column 2 (\"8 9\") is not a number"),
      LineProblem(line: 8, reason: "column 1 (\"1e999\") is not a finite number"),
    ]
    #expect(throws: RecordsError.malformedLines(path: "t.csv", lines: expected, total: 6)) { try read(text) }
  }
}
