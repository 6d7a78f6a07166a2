private import CShippedMotion
import Foundation
import Motion

/// Which motion objects are taken to have.
public enum MotionChoice: Sendable, Equatable {
  /// Kalman's filter with a velocity that fades.
  case kalman
  /// The learned motion that the program brings with it (models/ss-kan.md).
  case shipped
  /// A learned motion of a file.
  case file(String)

  /// As it is named in settings.
  public init(name: String) {
    self = MotionChoice.named.first { $0.name == name } ?? .file(name)
  }

  /// As it is named in settings.
  public var name: String {
    switch self {
    case .kalman: "kalman"
    case .shipped: "ss-kan"
    case .file(let path): path
    }
  }

  /// Those that are no files.
  static let named = [MotionChoice.kalman, .shipped]

  /// The motion itself, for boxes.
  ///
  /// - Throws: `PipelineError.cannotRead` for a file that is not there, `.unusableMotion` for one that is no motion of boxes.
  public func law() throws(PipelineError) -> MotionLaw {
    let motion: LearnedMotion
    switch self {
    case .kalman: return .kalman
    case .shipped: motion = try MotionChoice.shipped()
    case .file(let path): motion = try MotionChoice.read(path: path)
    }
    guard motion.unit == .side else {
      throw .unusableMotion(
        path: name, reason: "it is of points, in the unit of their positions; give one that was trained on boxes")
    }
    return .learned(motion)
  }

  private static func shipped() throws(PipelineError) -> LearnedMotion {
    var count = 0
    guard let bytes = sx_shipped_motion(&count) else { return try decoded(Data(), path: MotionChoice.shipped.name) }
    return try decoded(Data(bytes: bytes, count: count), path: MotionChoice.shipped.name)
  }

  /// A learned motion's file.
  ///
  /// - Throws: `PipelineError.cannotRead` for a file that is not there, `.unusableMotion` for one that is no motion.
  public static func read(path: String) throws(PipelineError) -> LearnedMotion {
    // One byte more than allowed tells a file that is too long.
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: LearnedMotionFile.maximumBytes + 1)
    else {
      throw .cannotRead(path: path, reason: "there is no such readable file")
    }
    return try decoded(data, path: path)
  }

  private static func decoded(_ data: Data, path: String) throws(PipelineError) -> LearnedMotion {
    do {
      return try LearnedMotionFile.decode(data)
    } catch {
      throw .unusableMotion(path: path, reason: error.description)
    }
  }
}
