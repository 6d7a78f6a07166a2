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
    var generator = Dice(seed: 7)
    let letters = Array("a01.9")
    let names = (0..<60).map { _ in String((0..<generator.roll(6)).map { _ in letters[generator.roll(letters.count)] }) }
    for a in names {
      for b in names {
        #expect([NaturalOrder.precedes(a, b), NaturalOrder.precedes(b, a), a == b].count { $0 } == 1)
        for c in names where NaturalOrder.precedes(a, b) && NaturalOrder.precedes(b, c) { #expect(NaturalOrder.precedes(a, c)) }
      }
    }
  }
}

/// A generator with a seed (SplitMix64), so that every run sees the same cases.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func roll(_ sides: Int) -> Int { Int(next() % UInt64(sides)) }
}
