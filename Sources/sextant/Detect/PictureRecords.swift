import Imaging
import Pipeline
import Records

/// The lines that a command makes of pictures, one each. Whole ones stay, whatever ends the run.
enum PictureRecords {
  /// Reads the pictures one by one and writes a line for each that can be used.
  ///
  /// - Parameters:
  ///   - output: A file, or `-`, whose readers get each line when it is made.
  ///   - line: Of a picture in blue, green and red, with its number in the list.
  /// - Throws: `CommandError` once all are done where some were left out; what reading, writing and `line` throw; the exit code of a signal.
  static func write(
    of pictures: [String], to output: String, overwrite: Bool, line: (Int, Image) throws -> String
  ) throws {
    try InterruptibleRun(isQuiet: true).run { cancellation, _ in
      let sink = try OutputSink(path: output, policy: output == "-" ? .live : .whole, overwrite: overwrite)
      cancellation.heed()
      var hasLines = false
      let leftOut: PictureFiles.LeftOut
      do {
        leftOut = try PictureFiles.forEachReadable(pictures, until: { cancellation.isRequested }) { number, picture in
          try sink.write(try line(number, picture))
          hasLines = true
          try sink.endRecord()
        }
      } catch {
        // The first failure is what is told; of a full disk the lines before it can be kept all the same.
        if hasLines { try? sink.close(keepsPart: true) }
        throw error
      }
      guard !cancellation.isRequested || hasLines else { return }
      try sink.close(keepsPart: hasLines)
      if !cancellation.isRequested { try leftOut.check(of: pictures.count) }
    }
  }
}
