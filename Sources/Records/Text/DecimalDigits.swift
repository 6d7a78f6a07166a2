/// The digits themselves. Each function's room is stated with it; callers reserve at least that.
enum DecimalDigits {
  /// 10^exponent for exponents up to 12.
  @inline(__always)
  static func power(_ exponent: Int) -> Double {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1e3
    case 4: 1e4
    case 5: 1e5
    case 6: 1e6
    case 7: 1e7
    case 8: 1e8
    case 9: 1e9
    case 10: 1e10
    case 11: 1e11
    default: 1e12
    }
  }

  /// value · scale rounded to the nearest integer, exact ties to even.
  ///
  /// `product` is the rounded product. Near a tie its rounding error decides, and a fused multiply-add gives that error exactly.
  @inline(__always)
  static func roundedTicks(_ value: Double, scale: Double, product: Double) -> UInt64 {
    let floor = product.rounded(.down)
    let rest = product - floor
    // Bounded: callers give products from 0 to 2⁵³.
    let ticks = UInt64(floor)
    // The product is off by half a unit in its last place at most, below 2⁵³ that is at most 0.5.
    let doubt = product * 0x1p-52
    if rest < 0.5 - doubt { return ticks }
    if rest > 0.5 + doubt { return ticks + 1 }
    // How far the exact product lies above the tie; rest − 0.5 is exact, and a sum of two doubles has the true sum's sign.
    let distance = (rest - 0.5) + (-product).addingProduct(value, scale)
    if distance == 0 { return ticks + (ticks & 1) }
    return distance > 0 ? ticks + 1 : ticks
  }

  /// The number that the text of a number with so many decimals (0…12) reads back to; the number itself where it is not finite or beyond
  /// 2⁵³ ticks.
  @inline(__always)
  static func rounded(_ value: Double, decimals: Int) -> Double {
    let scale = power(decimals)
    let scaled = (value * scale).magnitude
    guard scaled < 0x1p53 else { return value }
    // Both are integers below 2⁵³ or powers of ten that a Double holds, so the quotient is the double nearest to the decimal.
    let magnitude = Double(roundedTicks(value.magnitude, scale: scale, product: scaled)) / scale
    return value < 0 && magnitude > 0 ? -magnitude : magnitude
  }

  /// Writes ticks / 10^decimals; up to 20 digits, a point and 12 zeros: 33 bytes.
  @inline(__always)
  static func write(
    ticks: UInt64, decimals: Int, zeros: TextBuffer.TrailingZeros, to room: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let unit: UInt64
    // The literal divisors let the compiler multiply instead of divide.
    let whole: UInt64
    switch decimals {
    case 0: return write(ticks, to: room)
    case 2: (unit, whole) = (100, ticks / 100)
    case 4: (unit, whole) = (10_000, ticks / 10_000)
    case 6: (unit, whole) = (1_000_000, ticks / 1_000_000)
    default:
      unit = UInt64(power(decimals))
      whole = ticks / unit
    }
    let point = write(whole, to: room)
    room[point] = UInt8(ascii: ".")
    var length = point + 1 + decimals
    writeBackwards(ticks - whole * unit, digits: decimals, endingAt: room + length)
    guard zeros != .kept else { return length }
    let shortest = point + (zeros == .trimmedToOne ? 2 : 1)
    while length > shortest, room[length - 1] == UInt8(ascii: "0") { length -= 1 }
    return length == point + 1 ? point : length
  }

  /// Writes an unsigned integer; up to 20 bytes.
  @inline(__always)
  static func write(_ value: UInt64, to room: UnsafeMutablePointer<UInt8>) -> Int {
    var length = 1
    var bound: UInt64 = 10
    while value >= bound {
      length += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    writeBackwards(value, digits: length, endingAt: room + length)
    return length
  }

  /// Writes exactly `digits` bytes in front of `end`, two at a time.
  @inline(__always)
  private static func writeBackwards(_ value: UInt64, digits: Int, endingAt end: UnsafeMutablePointer<UInt8>) {
    var rest = value
    var end = end
    var open = digits
    while open >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      // In bounds: pair < 100, and the table has 200 bytes.
      let source = pairs.utf8Start + 2 * Int(truncatingIfNeeded: pair)
      end -= 2
      end[0] = source[0]
      end[1] = source[1]
      rest = quotient
      open -= 2
    }
    if open == 1 { (end - 1).pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
  }

  /// 00, 01, … 99.
  private static var pairs: StaticString {
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"
  }
}
