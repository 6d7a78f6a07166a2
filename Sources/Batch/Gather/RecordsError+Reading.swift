import Records

extension RecordsError {
  /// Whether it speaks of a file that was read, rather than of one that was written.
  var isAboutReading: Bool {
    switch self {
    case .cannotOpen, .cannotRead, .malformed, .malformedLines, .damagedArchive, .unknownFormat, .unknownImageSize, .tooLarge: true
    case .outputExists, .cannotCreate, .cannotWrite, .diskFull, .brokenPipe: false
    }
  }
}
