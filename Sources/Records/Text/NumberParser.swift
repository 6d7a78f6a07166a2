/// Reads decimal numbers from bytes with correct rounding.
///
/// A number whose digits fit 2⁵³ and whose power of ten is at most 22 is one exact multiplication or division (W. D. Clinger, "How to
/// read floating point numbers accurately", 1990); any other goes to the standard library's parser.
enum NumberParser {
  /// A parsed number and the position behind it.
  struct Number {
    var value: Double
    var end: UnsafePointer<UInt8>
  }

  /// Reads a number at the front of [start, end): sign, digits, point, exponent; nil where none begins there.
  ///
  /// Does not read `nan`, `inf` or hexadecimal numbers. The value can overflow to infinity; callers check that it is finite.
  @inline(__always)
  static func parse(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Number? {
    var cursor = start
    var isNegative = false
    // Every dereference below is guarded by cursor < end.
    if cursor < end, cursor.pointee == UInt8(ascii: "-") || cursor.pointee == UInt8(ascii: "+") {
      isNegative = cursor.pointee == UInt8(ascii: "-")
      cursor += 1
    }
    var mantissa: UInt64 = 0
    let whole = cursor
    while cursor < end, case let digit = cursor.pointee &- UInt8(ascii: "0"), digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      cursor += 1
    }
    var digits = cursor - whole
    var exponent = 0
    if cursor < end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      let fraction = cursor
      while cursor < end, case let digit = cursor.pointee &- UInt8(ascii: "0"), digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        cursor += 1
      }
      exponent = fraction - cursor
      digits += cursor - fraction
    }
    guard digits > 0 else { return nil }
    if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      exponent += parseExponent(&cursor, end)
    }
    // Up to 19 digits cannot have overflowed 64 bits.
    if digits <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
      return Number(value: isNegative ? -value : value, end: cursor)
    }
    return parseSlowly(start, cursor)
  }

  /// Reads an exponent behind the mantissa; leaves the cursor where it is if the letter is no exponent's.
  private static func parseExponent(_ cursor: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int {
    var position = cursor + 1
    var isNegative = false
    if position < end, position.pointee == UInt8(ascii: "-") || position.pointee == UInt8(ascii: "+") {
      isNegative = position.pointee == UInt8(ascii: "-")
      position += 1
    }
    let first = position
    var exponent = 0
    while position < end, case let digit = position.pointee &- UInt8(ascii: "0"), digit < 10 {
      exponent = min(exponent * 10 + Int(digit), 100_000)
      position += 1
    }
    guard position > first else { return 0 }
    cursor = position
    return isNegative ? -exponent : exponent
  }

  private static func parseSlowly(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Number? {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
    return Double(text).map { Number(value: $0, end: end) }
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]
}
