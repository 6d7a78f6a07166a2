import TestSupport
import Testing

@testable import Records

/// From where the numbers in the names of a folder's files are counted.
@Suite struct FolderFramesTests {
  private func read(_ row: String, numbers: [Int], pictures: Int? = nil) throws -> BoxTable {
    let folder = try ScratchFolder()
    for number in numbers { try folder.write(row, to: "frame_00000\(number).txt") }
    var options = BoxTableReader.Options()
    options.images.numbering = .automatic
    options.images.size = (1000, 500)
    options.images.count = pictures
    return try BoxTableReader.read(path: folder.path, options: options)
  }

  private static let kitti = "Car 0.00 0 -1.57 100.0 200.0 160.0 240.0 1.5 1.6 3.9 1 2 20 -1.5\n"
  private static let yolo = "0 0.5 0.5 0.1 0.2\n"

  /// A picture without objects has no file with some writers, and the first one may be such a picture.
  @Test func kittiCountsFromZeroWhicheverFilesAreThere() throws {
    let table = try read(Self.kitti, numbers: [2, 3, 5])
    #expect(table.frames == [2, 3, 5] && table.firstFrame == 0 && table.frameCount == 6)
    #expect(table.warnings.contains { $0.contains("names, counted from 0: frame_000002 is frame 2") })
  }

  @Test func aNumberZeroSettlesTheBaseOfOtherFormats() throws {
    let table = try read(Self.yolo, numbers: [0, 3])
    #expect(table.frames == [0, 3] && table.firstFrame == 0)
    #expect(table.warnings.contains { $0.contains("names, counted from 0") })
  }

  @Test func theNumberOfPicturesSettlesIt() throws {
    let known = try read(Self.yolo, numbers: [1, 6], pictures: 6)
    #expect(known.frames == [0, 5] && known.warnings.contains { $0.contains("names, counted from 1: frame_000001 is frame 1") })
  }

  @Test func elseTheBaseIsToldAsAGuess() throws {
    for pictures in [nil, 7] {
      let guessed = try read(Self.yolo, numbers: [1, 6], pictures: pictures)
      #expect(guessed.frames == [0, 5] && guessed.firstFrame == 1)
      #expect(guessed.warnings.contains { $0.contains("taken as counted from 1, for none is 0: frame_000001 is frame 1") })
    }
  }
}
