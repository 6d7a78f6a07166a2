internal import Foundation
public import Imaging
internal import Synchronization

/// Pictures in files, the first ones kept in memory.
public final class PictureStore: PictureSource {
  /// Bytes of pixels that are kept: what a machine of four gigabytes has to spare.
  private static let keptBytes = 1 << 30
  /// The names' ends of files that can be read.
  static let suffixes = ["png", "jpg", "jpeg"]

  private let kept = Mutex<(pixels: [String: TrainingPixels], bytes: Int)>(([:], 0))

  /// A store that holds nothing yet.
  public init() {}

  /// The pixels of a picture's file.
  ///
  /// - Throws: `PictureTrainingError` for a file that cannot be read or decoded.
  public func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels { try pixels(at: picture.path) }

  /// A picture's file in blue, green and red.
  ///
  /// - Throws: As `pixels(of:)`.
  public func picture(_ picture: AnnotatedPicture) throws -> Image { try pixels(at: picture.path).image }

  func pixels(at path: String) throws -> TrainingPixels {
    if let known = kept.withLock({ $0.pixels[path] }) { return known }
    let pixels: TrainingPixels
    do {
      pixels = TrainingPixels(try ImageFile.read(path: path))
    } catch {
      throw PictureTrainingError.input(error.description)
    }
    kept.withLock { store in
      guard store.bytes + pixels.byteCount <= PictureStore.keptBytes else { return }
      store.bytes += pixels.byteCount
      store.pixels[path] = pixels
    }
    return pixels
  }
}

/// What keeps a detector from being trained: one sentence with the fault and the way out.
public enum PictureTrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Data or settings that cannot be used.
  case input(String)
  /// A file that cannot be made.
  case output(String)
  /// Writing that failed half-way, as on a full disk.
  case writing(String)

  /// The sentence for people.
  public var description: String {
    switch self {
    case .input(let text), .output(let text), .writing(let text): text
    }
  }
}
