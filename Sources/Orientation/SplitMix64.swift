/// A small random generator with a fixed sequence for each seed (Steele, Lea and Flood, 2014).
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number in 0..<bound; its bias of at most bound / 2⁶⁴ does not matter here.
  mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Four different numbers in 0..<bound, which must be at least 4.
  mutating func fourDistinct(below bound: Int) -> (Int, Int, Int, Int) {
    let a = next(below: bound)
    var b = next(below: bound - 1)
    if b >= a { b += 1 }
    var c = next(below: bound)
    while c == a || c == b { c = next(below: bound) }
    var d = next(below: bound)
    while d == a || d == b || d == c { d = next(below: bound) }
    return (a, b, c, d)
  }
}
