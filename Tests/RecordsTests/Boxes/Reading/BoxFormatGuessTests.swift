import Testing

@testable import Records

@Suite struct BoxFormatGuessTests {
  private func guess(_ text: String) -> BoxFormat? {
    Array(text.utf8).withUnsafeBufferPointer { BoxFormatGuess(firstBytes: $0).format }
  }

  @Test(arguments: [
    ("1,1,2,3,4,5\n", BoxFormat.mot), ("1 1 2 3 4 5 1\n", .mot), ("1,1,2,3,4,5,1,1\n", .mot),
    // MOT17's truth: the class, the visibility.
    ("1,1,912,484,97,109,1,1,1\n1,1,912,484,97,109,0,7,0.5\n", .mot), ("1,1,912,484,97,109,1,1,1\n", .mot),
    // A result with a class and −1.
    ("1,1,912,484,97,109,0.87,0,-1\n", .mot), ("1,1,912,484,97,109,0.87,-1,-1,-1\n", .mot),
    // MOT15's truth with world positions.
    ("1,1,88,99,61,218,1,4.4852,5.5016,0\n", .mot), ("1,1,88,99,61,218,1,0,0,0\n", .mot),
    // Angles beyond 1, or classes above 1.
    ("1,1,855,501,335,297,2.586787,1,14,1\n", .centerAngle),
    ("1,-1,855,501,335,297,0.5,0.9,3\n1,-1,8,5,3,2,0,0.1,0\n", .centerAngle),
    ("1,-1,855,501,335,297,-0.5,0.9,0\n", .centerAngle),
    ("1,-1,855,501,335,297,0.97,0.6,-1\n", .centerAngle), ("1,-1,855,501,335,297,0.97,1,-1\n", .mot),
    // One row that cannot be an angle's decides.
    ("1,-1,855,501,335,297,0.5,0.9,3\n1,-1,8,5,3,2,0.5,7,1\n1,-1,8,5,3,2,0.5,7,1\n", .mot),
    ("1,1,1,2,3,4,5,6,7,8,1,1,1\n", .motOriented), ("0,2,1,2,3,4,5,6,7,8,9,10,11,12,13\n", .ab3dmot),
    ("0 0 Car 0 0 0 1 2 3 4 5 6 7 8 9 10 11\n", .kitti), ("0 0 Car 0 0 0 1 2 3 4 5 6 7 8 9 10 11 0.5\n", .kitti),
    ("a 1 2 3 4 5 6 7 8 Person 0 1 2 3 4 5\n", .hitUAV), ("\n  {\"record\":\"header\"}\n", .sextant), ("[]", .coco),
    ("{\"images\":[]}", .coco),
  ])
  func tellsFormatsApart(text: String, format: BoxFormat) {
    #expect(guess(text) == format)
  }

  @Test func sendsMasksWhereTheyAreCompared() {
    let bytes = Array("1 2001 2 24 40 Xa04d00000000000000h6\n".utf8)
    let guess = bytes.withUnsafeBufferPointer { BoxFormatGuess(firstBytes: $0) }
    #expect(guess.format == nil && guess.reason.contains("look like masks"))
  }

  @Test(arguments: ["hello\n", "1,2,3\n", "0 0 1 0 0 0 1 2 3 4 5 6 7 8 9 10 11\n", "1 2 3 4 5 6 7 8 9 10 11\n"])
  func namesNothingThatItDoesNotKnow(text: String) {
    #expect(guess(text) == nil)
  }
}
