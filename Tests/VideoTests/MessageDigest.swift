/// MD5 (RFC 1321), for comparing planes with the fingerprints that FFmpeg wrote.
struct MessageDigest {
  private var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476)

  private static let shifts: [UInt32] =
    [7, 12, 17, 22].repeated(4) + [5, 9, 14, 20].repeated(4) + [4, 11, 16, 23].repeated(4) + [6, 10, 15, 21].repeated(4)
  private static let sines: [UInt32] = (0..<64).map { UInt32((abs(sine(Double($0 + 1))) * 4_294_967_296).rounded(.down)) }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    var digest = MessageDigest()
    var padded = bytes + [0x80]
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    for shift in stride(from: 0, to: 64, by: 8) { padded.append(UInt8(truncatingIfNeeded: (bytes.count * 8) >> shift)) }
    let (shifts, sines) = (Self.shifts, Self.sines)
    padded.withUnsafeBytes { bytes in
      // Padding made the count a multiple of 64.
      for start in stride(from: 0, to: bytes.count, by: 64) {
        digest.absorb(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64]), shifts, sines)
      }
    }
    return [digest.state.0, digest.state.1, digest.state.2, digest.state.3].map(\.littleEndianHexadecimal).joined()
  }

  private mutating func absorb(_ block: UnsafeRawBufferPointer, _ shifts: [UInt32], _ sines: [UInt32]) {
    var (a, b, c, d) = state
    for round in 0..<64 {
      let (mix, word): (UInt32, Int) =
        switch round / 16 {
        case 0: ((b & c) | (~b & d), round)
        case 1: ((d & b) | (~d & c), (5 * round + 1) % 16)
        case 2: (b ^ c ^ d, (3 * round + 5) % 16)
        default: (c ^ (b | ~d), (7 * round) % 16)
        }
      let sum =
        a &+ mix &+ sines[round]
        &+ UInt32(littleEndian: block.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
      let shift = shifts[round]
      (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] { (0..<count).flatMap { _ in self } }
}

extension UInt32 {
  fileprivate var littleEndianHexadecimal: String {
    (0..<4).map { byte in
      let value = String((self >> UInt32(byte * 8)) & 255, radix: 16)
      return value.count == 1 ? "0" + value : value
    }.joined()
  }
}
