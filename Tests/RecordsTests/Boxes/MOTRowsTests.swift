import Testing

@testable import Records

@Suite struct MOTRowsTests {
  private func read(_ text: String, _ options: BoxTableReader.Options = .init()) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "test.txt", options: options)
  }

  @Test func readsATruthOfNineColumns() throws {
    let table = try read("1,1,912,484,97,109,0,7,1.0\n2,3,912.5,484,97,109,1,1,0.25\n")
    #expect(table.format == .mot)
    #expect(table.frames == [0, 1])
    #expect(table.ids == [1, 3])
    #expect(table.axisBoxes[1].left == 912.5)
    #expect(table.considered == [false, true])
    #expect(table.visibilities == [1, 0.25])
    #expect(table.className(0) == "static_person")
    #expect(table.className(1) == "pedestrian")
  }
}
