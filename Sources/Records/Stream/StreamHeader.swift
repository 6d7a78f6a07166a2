import Foundation

/// The first record of a stream: what made it, of what, with which settings.
public struct StreamHeader: Sendable, Equatable {
  /// The schema's name and version, as it is written.
  public static let schema = "sextant/2"
  /// The versions that are read; `sextant/1` has no courses and calls the number of ids in `end` `tracks`.
  public static let readableSchemas = ["sextant/1", schema]

  /// The program and its version, `sextant 0.1.0`.
  public var program: String
  /// What the stream describes; nil where it does not say.
  public var source: StreamSource?
  /// Every option in force, in a fixed order.
  public var settings: JSONValue
  /// The names that `class` in the frames is one of.
  public var classes: [String]
  /// Of everything random; at most 2⁶³ − 1.
  public var seed: UInt64

  /// A header by its parts.
  public init(
    program: String, source: StreamSource? = nil, settings: JSONValue = .object([]), classes: [String] = [],
    seed: UInt64 = 0
  ) {
    self.program = program
    self.source = source
    self.settings = settings
    self.classes = classes
    self.seed = seed
  }
}

/// A fraction of two integers, such as a time base (seconds per tick) or a frame rate (frames per second).
public struct StreamRatio: Sendable, Hashable {
  /// Above the line.
  public var numerator: Int
  /// Below the line, not 0.
  public var denominator: Int

  /// A fraction of two integers.
  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The quotient.
  public var value: Double { Double(numerator) / Double(max(1, denominator)) }
}

/// What a stream describes: a video, a camera, or a file of detections.
public struct StreamSource: Sendable, Equatable {
  /// The path or address.
  public var uri: String
  /// `file`, `images`, `pipe`, `camera`, `network`, `detections`, …
  public var kind: String
  /// Pixels of the displayed picture; nil where there is none.
  public var width: Int?
  /// Pixels of the displayed picture; nil where there is none.
  public var height: Int?
  /// Seconds per tick of the frames' `pts`.
  public var timeBase: StreamRatio?
  /// The nominal rate in frames per second.
  public var frameRate: StreamRatio?
  /// Seconds; nil where unknown, as for a live source.
  public var duration: Double?

  /// A source by its parts.
  public init(
    uri: String, kind: String, width: Int? = nil, height: Int? = nil, timeBase: StreamRatio? = nil,
    frameRate: StreamRatio? = nil, duration: Double? = nil
  ) {
    self.uri = uri
    self.kind = kind
    self.width = width
    self.height = height
    self.timeBase = timeBase
    self.frameRate = frameRate
    self.duration = duration
  }
}

extension StreamHeader {
  /// The header of a stream's file; nil for a file that cannot be read, that begins otherwise, and for standard input, which cannot be read twice.
  public static func read(path: String) -> StreamHeader? {
    guard path != "-", let reader = try? StreamReader(path: path, keepsFurther: false), let first = try? reader.next(),
      case .header(let header) = first
    else { return nil }
    return header
  }

  /// Whether a file begins like a record of a stream, be it a header that is still being written or a record behind one that is lost.
  public static func begins(path: String) -> Bool {
    let start = Array(#"{"record":"#.utf8)
    guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: start.count) else { return false }
    return !bytes.isEmpty && start.starts(with: bytes)
  }
}
