import Imaging
import Testing

@testable import Orientation

@Suite struct EqualSharpnessTests {
  /// The mean slope along rows and columns, by another loop than the program's.
  private func slope(_ picture: Image) -> Double {
    var sum = 0.0
    for y in 1..<picture.height {
      for x in 1..<picture.width {
        sum += abs(Double(picture[x, y]) - Double(picture[x - 1, y])) + abs(Double(picture[x, y]) - Double(picture[x, y - 1]))
      }
    }
    return sum / Double((picture.width - 1) * (picture.height - 1))
  }

  @Test(arguments: [true, false]) func theSharperPictureIsBlurred(isFirst: Bool) throws {
    let sharp = try Scene.frame(Scene.ground(), Scene.window)
    let soft = try sharp.gaussianBlurred(sigma: 2.4)
    let (one, other) = try EqualSharpness { _, _ in true }.made(of: isFirst ? sharp : soft, isFirst ? soft : sharp)
    #expect((isFirst ? other : one) == soft)
    let ratio = slope(isFirst ? one : other) / slope(soft)
    #expect(ratio > 0.7 && ratio < 1.2)
  }

  @Test func equallySharpPicturesStayAsTheyAre() throws {
    let picture = try Scene.frame(Scene.ground(), Scene.window)
    var darker = picture
    for i in darker.pixels.indices { darker.pixels[i] /= 2 }
    let (one, other) = try EqualSharpness { _, _ in true }.made(of: picture, darker)
    #expect(one == picture && other == darker)
  }
}
