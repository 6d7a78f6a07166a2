/// Numbers as decimal text, by integer arithmetic on the buffer's bytes.
///
/// Reals are rounded as `printf("%.*f")` rounds them (the exact binary value, ties to even) as long as the value times 10^decimals stays
/// below 2⁵³; larger ones are written with the shortest digits that read back to the same value.
extension TextBuffer {
  /// Whether a real number keeps the zeros at its end.
  public enum TrailingZeros: Sendable {
    case kept
    /// Dropped, but one decimal stays: `20.0`.
    case trimmedToOne
    /// Dropped together with a point that would end the number: `20`.
    case trimmed
  }

  /// Appends an integer.
  public mutating func append(_ value: Int) {
    write(atMost: 20) { room in
      var room = room
      let start = room
      if value < 0 {
        room.pointee = UInt8(ascii: "-")
        room += 1
      }
      room += DecimalDigits.write(UInt64(value.magnitude), to: room)
      return room - start
    }
  }

  /// Appends a real number with at most `decimals` (0…12) digits after the point; the caller has made sure that it is finite.
  @inline(__always)
  public mutating func append(_ value: Double, decimals: Int, zeros: TrailingZeros = .trimmedToOne) {
    let scale = DecimalDigits.power(decimals)
    let scaled = (value * scale).magnitude
    guard scaled < 0x1p53 else {
      append(value.isFinite ? value.description : "0")
      return
    }
    let ticks = DecimalDigits.roundedTicks(value.magnitude, scale: scale, product: scaled)
    write(atMost: 40) { room in
      var room = room
      let start = room
      if value < 0, ticks > 0 {
        room.pointee = UInt8(ascii: "-")
        room += 1
      }
      room += DecimalDigits.write(ticks: ticks, decimals: decimals, zeros: zeros, to: room)
      return room - start
    }
  }

  /// Appends the shortest digits that read back to the same value; integers without a point.
  public mutating func append(exact value: Double) {
    // Bounded by the comparison.
    if value.magnitude < 1e15, value == value.rounded() {
      append(Int(value))
    } else {
      append(value.description)
    }
  }
}
