import Testing

@testable import sextant

@Suite struct NearestWordTests {
  @Test(arguments: [
    ("mot", "mot-output"), ("trak", "track"), ("evalaute", "evaluate"), ("forcast", "forecast"), ("xyzzy", nil), ("", nil),
  ])
  func findsTheWordThatWasMeant(word: String, meant: String?) {
    #expect(NearestWord.of(word, among: ["roi", "mot-output", "track", "tune", "evaluate", "forecast"]) == meant)
  }

  @Test func countsInsertedRemovedReplacedAndSwappedLetters() {
    #expect(NearestWord.changes(from: "kitten", to: "sitting") == 3)
    #expect(NearestWord.changes(from: "ca", to: "ac") == 1)
    #expect(NearestWord.changes(from: "", to: "abc") == 3)
    #expect(NearestWord.changes(from: "same", to: "same") == 0)
  }
}
