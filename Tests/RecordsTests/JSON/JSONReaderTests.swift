import Testing

@testable import Records

@Suite struct JSONReaderTests {
  private func value(_ text: String, maximumBytes: Int = 1 << 20, maximumDepth: Int = 16) throws -> JSONValue {
    let reader = try JSONReader(maximumBytes: maximumBytes, maximumDepth: maximumDepth)
    return try Array(text.utf8).withUnsafeBufferPointer { reader.withRoot(of: $0) { $0.owned } }.get()
  }

  @Test func givesEveryKindOfValueInOrder() throws {
    let text = #"{"z":null,"a":[true,false,-7,2.5,"x\n\u00e9",[],{}],"b":18446744073709551615}"#
    let expected: JSONValue = .object([
      ("z", .null),
      ("a", .list([.flag(true), .flag(false), .integer(-7), .real(2.5), .text("x\né"), .list([]), .object([])])),
      ("b", .real(0x1p64)),
    ])
    #expect(try value(text) == expected)
  }

  @Test(arguments: ["", "{", "[1,]", "nan", "1e999", "{\"a\":1}x", "\"\u{1}\"", "99999999999999999999999"])
  func refusesWhatIsNoJSON(text: String) {
    #expect(throws: JSONReader.Problem.self) { try value(text) }
  }

  @Test func boundsDepthAndLength() throws {
    #expect(try value("[[[[1]]]]") == .list([.list([.list([.list([.integer(1)])])])]))
    #expect(throws: JSONReader.Problem.self) { try value(String(repeating: "[", count: 40) + String(repeating: "]", count: 40)) }
    #expect(throws: JSONReader.Problem.self) { try value("[" + String(repeating: "1,", count: 500) + "1]", maximumBytes: 200) }
  }

  @Test func parsersAreMadeAndFreedInPairs() throws {
    for round in 0..<10_000 { #expect(try value("[\(round)]", maximumBytes: 64) == .list([.integer(round)])) }
  }

  @Test func oneParserReadsTextsOfGrowingLength() throws {
    let reader = try JSONReader(maximumBytes: 1 << 20)
    for length in [1, 100, 10_000, 100_000, 3] {
      let text = Array(("[" + Array(repeating: "1", count: length).joined(separator: ",") + "]").utf8)
      let count = try text.withUnsafeBufferPointer {
        reader.withRoot(of: $0) { root in root.elements.reduce(0) { sum, _ in sum + 1 } }
      }.get()
      #expect(count == length)
    }
  }
}
