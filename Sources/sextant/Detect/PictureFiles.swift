import Foundation
import Imaging
import NetworkGraph
import Records

/// Files of single pictures, read one by one, and the files that are written for them in a folder.
struct PictureFiles {
  /// One for each picture.
  let paths: [String]
  private let folder: String

  /// - Throws: `CommandError.usage` where two pictures have one name.
  init(_ pictures: [String], folder: String, end: String, option: String) throws {
    self.folder = folder
    paths = pictures.map { folder + "/" + URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent + "." + end }
    var first: [String: String] = [:]
    for (picture, path) in zip(pictures, paths) {
      if let other = first.updateValue(picture, forKey: path) {
        throw CommandError.usage(
          "\(option) \(folder): \(other) and \(picture) would both become \(path); give them in runs of their own")
      }
    }
  }

  /// Makes the folder, and refuses files that must not be replaced.
  func prepare(overwrite: Bool) throws {
    for path in paths { try PartialFile.checkName(path, overwrite: overwrite) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch CocoaError.fileWriteFileExists {
      throw RecordsError.cannotCreate(path: folder, reason: "it is a file and no folder; give another name")
    } catch {
      throw RecordsError.cannotCreate(path: folder, reason: "the folder cannot be made")
    }
    guard access(folder, W_OK) == 0 else {
      throw RecordsError.cannotCreate(path: paths.first ?? folder, reason: String(cString: strerror(errno)))
    }
  }

  /// Writes a file whole, or leaves what was there.
  ///
  /// - Throws: `RecordsError` where it cannot be made, or no room is left.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch CocoaError.fileWriteOutOfSpace {
      throw RecordsError.diskFull(path: path)
    } catch {
      throw RecordsError.cannotWrite(path: path, reason: "writing failed")
    }
  }

  /// Pictures that were named and left out.
  struct LeftOut {
    /// How many could not be decoded.
    var damaged = 0
    /// How many were not there.
    var missing = 0

    /// - Parameter count: Of all pictures.
    /// - Throws: `CommandError.malformed` where pictures could not be decoded, `missingInput` where they only were not there.
    func check(of count: Int) throws {
      guard damaged + missing > 0 else { return }
      let text = "\(damaged + missing) of \(count) pictures could not be used; they are named above"
      throw damaged > 0 ? CommandError.malformed(text) : CommandError.missingInput(text)
    }
  }

  /// Reads pictures as blue, green and red; those that cannot be read, and those that a network cannot take, are named and left out.
  ///
  /// - Parameter isOver: Asked before each picture; the rest is left alone once it is true.
  static func forEachReadable(
    _ pictures: [String], until isOver: () -> Bool, _ body: (Int, Image) throws -> Void
  ) throws -> LeftOut {
    var leftOut = LeftOut()
    for (number, path) in pictures.enumerated() where !isOver() {
      do {
        try body(number, try ImageFile.read(path: path).bgr())
      } catch let error as ImagingError {
        StandardError.warn(error.description)
        if error.code == .missing { leftOut.missing += 1 } else { leftOut.damaged += 1 }
      } catch let error as NetworkError where error.code == .input {
        StandardError.warn("cannot use \(path): \(error.description)")
        leftOut.damaged += 1
      }
    }
    return leftOut
  }
}
