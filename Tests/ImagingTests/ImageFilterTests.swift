import Foundation
import Imaging
import Testing

@Suite struct ImageFilterTests {
  @Test func greyFollowsBT601() throws {
    let image = ImageResizeTests.noise(width: 31, height: 9, channels: 3, seed: 4)
    let grey = try image.grey()
    for y in 0..<9 {
      for x in 0..<31 {
        let expected =
          0.114 * Double(image[x, y, 0]) + 0.587 * Double(image[x, y, 1]) + 0.299 * Double(image[x, y, 2])
        #expect(abs(Double(grey[x, y]) - expected) <= 0.51)
      }
    }
    #expect(try grey.bgr().grey() == grey)
  }

  @Test func gaussianBlurOfAnImpulseIsTheGaussian() throws {
    var image = Image(width: 31, height: 31, channels: 1)
    image[15, 15] = 255
    let sigma = 1.5
    let blurred = try image.gaussianBlurred(sigma: sigma)
    for y in 5..<26 {
      for x in 5..<26 {
        let squared = Double((x - 15) * (x - 15) + (y - 15) * (y - 15))
        let expected = 255 * exp(-squared / (2 * sigma * sigma)) / (2 * .pi * sigma * sigma)
        #expect(abs(Double(blurred[x, y]) - expected) <= 1.5)
      }
    }
  }

  @Test(arguments: [3, 5]) func medianIsTheMiddleOfTheSortedWindow(window: Int) throws {
    let image = ImageResizeTests.noise(width: 25, height: 19, channels: 1, seed: 6)
    let filtered = try image.medianBlurred(window: window)
    let half = window / 2
    for y in half..<19 - half {
      for x in half..<25 - half {
        let values = (y - half...y + half).flatMap { v in (x - half...x + half).map { image[$0, v] } }.sorted()
        #expect(filtered[x, y] == values[values.count / 2])
      }
    }
  }

  @Test func parametersOutOfRangeAreErrors() {
    let image = Image(width: 8, height: 8, channels: 1)
    #expect(throws: ImagingError.self) { try image.medianBlurred(window: 4) }
    #expect(throws: ImagingError.self) { try image.gaussianBlurred(sigma: 0) }
    #expect(throws: ImagingError.self) { try image.gaussianBlurred(sigma: .nan) }
  }
}
