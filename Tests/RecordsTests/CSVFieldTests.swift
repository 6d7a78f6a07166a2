import Records
import Testing

/// Fields of comma-separated text, by the grammar of RFC 4180.
struct CSVFieldTests {
  @Test(arguments: [
    ("", [""]), ("a,b", ["a", "b"]), (",", ["", ""]), ("\"a,b\",c", ["a,b", "c"]), ("\"\",\"\"\"\"", ["", "\""]),
    ("a\"b", ["a\"b"]),
  ]) func fieldsLeaveTheirQuotes(line: String, fields: [String]) { #expect(CSVField.fields(of: line[...]) == fields) }

  @Test(arguments: ["\"a", "\"a\"b,c", "a,\""]) func anOpenQuoteIsNoField(line: String) {
    #expect(CSVField.fields(of: line[...]) == nil)
  }

  @Test(arguments: ["a", "a,b", "say \"a\"", "", ",", "\""]) func whatIsQuotedIsReadBack(text: String) {
    #expect(CSVField.fields(of: (CSVField.quoted(text) + "," + CSVField.quoted(text))[...]) == [text, text])
  }
}
