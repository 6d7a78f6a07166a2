import Imaging
import TestSupport
import Testing

@testable import Appearance

@Suite struct ExampleClassesTests {
  private static func picture(_ blue: UInt8, _ green: UInt8, _ red: UInt8) throws -> [UInt8] {
    var image = Image(width: 20, height: 30, channels: 3)
    for pixel in 0..<20 * 30 {
      image.pixels[pixel * 3] = blue + UInt8(pixel % 7)
      image.pixels[pixel * 3 + 1] = green + UInt8(pixel % 5)
      image.pixels[pixel * 3 + 2] = red + UInt8(pixel % 3)
    }
    return try ImageFile.png(image)
  }

  private static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(picture(20, 20, 210), to: "fire/a.png")
    try folder.write(picture(30, 40, 190), to: "fire/b.png")
    try folder.write(picture(200, 40, 20), to: "water/a.png")
    return folder
  }

  @Test func namesWhatLooksLikeAnExample() throws {
    let folder = try Self.folder()
    let embedder = try AppearanceEmbedder(.stripes)
    let (examples, warnings) = try ExampleClasses.read(folder.path, by: embedder)
    #expect(examples.classes == ["fire", "water"] && warnings.isEmpty)
    for (color, expected) in [((10, 30, 220), 0), ((220, 30, 30), 1)] as [((UInt8, UInt8, UInt8), Int)] {
      let image = try ImageFile.decode(Self.picture(color.0, color.1, color.2))
      #expect(examples.classIndex(of: try #require(try embedder.embedding(ofWhole: image))) == expected)
    }
  }

  @Test func greyPicturesAreExamplesToo() throws {
    let folder = try Self.folder()
    try folder.write(ImageFile.png(Image(width: 9, height: 9, channels: 1)), to: "night/a.png")
    #expect(try ExampleClasses.read(folder.path, by: AppearanceEmbedder(.stripes)).0.classes == ["fire", "night", "water"])
  }

  @Test func picturesThatCannotBeReadAreCountedNamedAndLeftOut() throws {
    let folder = try Self.folder()
    try folder.write("no picture", to: "fire/c.png")
    try folder.write(Array(Self.picture(1, 2, 3).prefix(60)), to: "water/b.png")
    let (examples, warnings) = try ExampleClasses.read(folder.path, by: AppearanceEmbedder(.stripes))
    #expect(examples.classes.count == 2)
    #expect(warnings == ["\(folder.path): 2 of 5 examples cannot be read and are left out: fire/c.png, water/b.png"])
  }

  @Test func foldersWithoutTwoClassesOrWithAnEmptyOneAreRefused() throws {
    let embedder = try AppearanceEmbedder(.stripes)
    let empty = try ScratchFolder()
    let one = try ScratchFolder()
    try one.write(Self.picture(1, 2, 3), to: "only/a.png")
    let hollow = try Self.folder()
    try hollow.write("text", to: "void/readme.txt")
    for (folder, problem) in [(empty, "it has no folder"), (one, "the folder 'only' alone"), (hollow, "'void' has no picture")] {
      let error = #expect(throws: ExampleError.self) { try ExampleClasses.read(folder.path, by: embedder) }
      #expect(error?.description.contains(problem) == true && error?.isMissing == false, "\(error?.description ?? "")")
    }
    let missing = #expect(throws: ExampleError.self) { try ExampleClasses.read("/nowhere/at all", by: embedder) }
    #expect(missing?.isMissing == true)
  }
}
