import Foundation
import TestSupport
import Testing

@testable import Video

/// Hostile input: nothing may crash, and what comes out must hold together.
@Suite struct FuzzTests {
  private static func mutated(_ seed: [UInt8], _ dice: inout TestRandom) -> [UInt8] {
    var bytes = seed
    for _ in 0...dice.index(below: 8) where !bytes.isEmpty {
      let place = dice.index(below: bytes.count)
      switch dice.index(below: 6) {
      case 0: bytes[place] ^= UInt8(1 << dice.index(below: 8))
      case 1: bytes[place] = UInt8(dice.index(below: 256))
      case 2: bytes.removeSubrange(place...)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + dice.index(below: 9)))
      case 4: bytes.insert(contentsOf: (0..<dice.index(below: 9)).map { _ in UInt8(dice.index(below: 256)) }, at: place)
      default: bytes.replaceSubrange(place..<min(bytes.count, place + 4), with: [0xFF, 0xFF, 0xFF, 0xFF])
      }
    }
    return bytes
  }

  @Test(arguments: 0..<10) func tenThousandMutatedImagesDoNoHarm(_ round: Int) throws {
    var dice = TestRandom(seed: UInt64(round))
    var options = SourceOptions()
    options.maximumPixels = 1 << 16
    let seeds = [
      SmallImages.png, SmallImages.jpeg, SmallImages.pgm(width: 5, height: 4, value: 7),
      SmallImages.ppm(width: 5, height: 3) { x, y in (UInt8(x), UInt8(y), 9) },
    ]
    var pictures = 0
    for index in 0..<1000 {
      let bytes = Self.mutated(seeds[index % seeds.count], &dice)
      switch Result(catching: { try StoredImage.decode(bytes, name: "fuzz", options: options) }) {
      case .success(.picture(let picture)):
        pictures += 1
        #expect(picture.width > 0 && picture.height > 0 && picture.width * picture.height <= 1 << 16)
        let pixels = try? PixelConverter().bgr(of: picture)
        #expect(pixels.map { $0.count == picture.width * picture.height * 3 } ?? true)
      case .success(.damage(let text)): #expect(!text.isEmpty)
      case .failure(let error): #expect(error is VideoError)
      }
    }
    // Mutations are small enough for some pictures to survive, so the test reaches the converter too.
    #expect(pictures > 50)
  }

  @Test func mutatedNamesAndPatternsDoNoHarm() throws {
    let folder = try ScratchFolder()
    for name in ["a1.png", "a02.png", "b%c.png", "[x].png", "ü.png"] { try folder.write(SmallImages.png, to: name) }
    var dice = TestRandom(seed: 11)
    let pieces = [
      "%", "0", "3", "d", "*", "?", "[", "]", "a", ".png", "/", "..", "%%", "%02d", "-", "\\", " ", "ü", "://", "{", "}", "\u{0}",
    ]
    for _ in 0..<2000 {
      let name = (0..<dice.index(below: 7)).map { _ in pieces[dice.index(below: pieces.count)] }.joined()
      // Only inside the folder: a walk up ends at names that exist on every machine.
      guard !name.contains("..") else { continue }
      _ = FramePattern(name)
      _ = InputName.withoutPassword(name)
      if case .images(let files)? = try? InputLocation(folder.file(name)) {
        #expect(files.allSatisfy { $0.hasPrefix(folder.path) })
      }
    }
  }

  @Test(arguments: ["base.mp4", "vp9.webm", "ffv1.mkv", "odd-mpeg4.avi", "anim.gif", "hevc10.mp4"])
  func mutatedVideosDoNoHarm(_ clip: String) throws {
    guard SharedData.clips != nil else { return }
    let seed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: SharedData.clip(clip))))
    let folder = try ScratchFolder()
    var dice = TestRandom(seed: 5)
    for _ in 0..<20 {
      var bytes = seed
      for _ in 0..<40 { bytes[dice.index(below: bytes.count)] ^= UInt8(1 << dice.index(below: 8)) }
      if dice.index(below: 3) == 0 { bytes.removeSubrange(dice.index(below: bytes.count)...) }
      try folder.write(bytes, to: "mutated")
      var options = SourceOptions()
      options.maximumPixels = 1 << 20
      options.maximumFrames = 500
      do {
        let delivery = try Delivery(VideoSources.open(folder.file("mutated"), options: options))
        #expect(zip(delivery.frames, delivery.frames.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
      } catch {
        #expect(error is VideoError)
      }
    }
  }
}
