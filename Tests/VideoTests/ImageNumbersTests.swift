import Testing

@testable import Video

@Suite struct ImageNumbersTests {
  @Test func aMissingNumberLeavesItsPlaceEmpty() {
    #expect(ImageNumbers.places(of: ["a/f_1.jpg", "a/f_2.jpg", "a/f_4.png", "a/f_10.jpg"]) == [0, 1, 2, 3])
    #expect(ImageNumbers.places(of: ["f_1.jpg", "f_2.jpg", "f_4.jpg", "f_5.png"]) == [0, 1, 3, 4])
    #expect(ImageNumbers.places(of: ["0007.png", "0008.png", "0010.png"]) == [0, 1, 3])
  }

  @Test func otherNamesGoByTheirOrder() {
    for names in [
      ["x10.png", "x20.png", "x30.png"], ["a1.png", "b2.png"], ["one.png", "two.png"],
      ["1403636579763555584.png", "1403636579813555456.png"],
      ["99999999999999999999.png", "100000000000000000000.png"], ["f_1.jpg", "f_1.png"],
    ] {
      #expect(ImageNumbers.places(of: names) == Array(names.indices), "\(names)")
    }
    #expect(ImageNumbers.places(of: []) == [])
  }
}
