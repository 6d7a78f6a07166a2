import Foundation
import Motion

/// Which motion objects are taken to have.
public enum MotionChoice: Sendable, Equatable {
  /// Kalman's filter with a velocity that fades.
  case kalman
  /// A learned motion of a file.
  case file(String)

  /// As it is named in settings.
  public init(name: String) {
    self = name == MotionChoice.kalman.name ? .kalman : .file(name)
  }

  /// As it is named in settings.
  public var name: String {
    switch self {
    case .kalman: "kalman"
    case .file(let path): path
    }
  }

  /// The motion itself, for boxes.
  ///
  /// - Throws: `PipelineError.cannotRead` for a file that is not there, `.unusableMotion` for one that is no motion of boxes.
  public func law() throws(PipelineError) -> MotionLaw {
    guard case .file(let path) = self else { return .kalman }
    let motion = try MotionChoice.read(path: path)
    guard motion.unit == .side else {
      throw .unusableMotion(
        path: path, reason: "it is of points, in the unit of their positions; give one that was trained on boxes")
    }
    return .learned(motion)
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
    do {
      return try LearnedMotionFile.decode(data)
    } catch {
      throw .unusableMotion(path: path, reason: error.description)
    }
  }
}
