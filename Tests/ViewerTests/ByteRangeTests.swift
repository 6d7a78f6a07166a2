import Testing

@testable import Viewer

@Suite struct ByteRangeTests {
  /// The cases of RFC 9110, 14.1.2, for a file of 10,000 bytes, and what browsers ask for.
  @Test(arguments: [
    ("bytes=0-499", 0..<500), ("bytes=500-999", 500..<1000), ("bytes=-500", 9500..<10_000), ("bytes=9500-", 9500..<10_000),
    ("bytes=0-", 0..<10_000), ("bytes=0-99999", 0..<10_000), ("bytes=-99999", 0..<10_000),
    ("bytes=9999-9223372036854775807", 9999..<10_000),
  ]) func asTheStandardHasThem(_ header: String, _ bytes: Range<Int>) throws {
    let range = try ByteRange(header, size: 10_000)
    #expect(range.bytes == bytes && !range.isWhole)
  }

  @Test(arguments: [nil, "", "lines=0-1", "bytes=0-1,5-6", "bytes=5", "bytes=1-2-3"]) func whatIsNoneAsksForAll(_ header: String?)
    throws
  {
    let range = try ByteRange(header, size: 10)
    #expect(range.bytes == 0..<10 && range.isWhole)
  }

  @Test(arguments: ["bytes=10-", "bytes=5-4", "bytes=-0", "bytes=-", "bytes=a-5", "bytes=5-x", "bytes=99999999999999999999-"])
  func whatIsNotThereIsRefused(_ header: String) {
    #expect(throws: ByteRange.NotSatisfiable.self) { try ByteRange(header, size: 10) }
    #expect(throws: ByteRange.NotSatisfiable.self) { try ByteRange("bytes=0-", size: 0) }
  }
}
