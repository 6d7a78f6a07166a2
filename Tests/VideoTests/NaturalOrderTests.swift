import TestSupport
import Testing

@testable import Video

@Suite struct NaturalOrderTests {
  @Test func numbersCompareByValue() {
    let names = [
      "img10.png", "img9.png", "img1.png", "img010.png", "img2b.png", "img2a.png", "img.png", "a.png",
      "img99999999999999999999.png",
    ]
    #expect(
      names.sorted(by: NaturalOrder.precedes) == [
        "a.png", "img.png", "img1.png", "img2a.png", "img2b.png", "img9.png", "img010.png", "img10.png",
        "img99999999999999999999.png",
      ])
  }

  @Test func theOrderIsTotalAndTransitive() {
    var generator = TestRandom(seed: 7)
    let letters = Array("a01.9")
    let names = (0..<60).map { _ in
      String((0..<generator.index(below: 6)).map { _ in letters[generator.index(below: letters.count)] })
    }
    for a in names {
      for b in names {
        #expect([NaturalOrder.precedes(a, b), NaturalOrder.precedes(b, a), a == b].count { $0 } == 1)
        for c in names where NaturalOrder.precedes(a, b) && NaturalOrder.precedes(b, c) { #expect(NaturalOrder.precedes(a, c)) }
      }
    }
  }
}
