internal import COpenCV

/// The threads of the image library: one setting for the whole process, made once by the command before any frame is read.
public enum OpenCVThreads {
  /// - Parameter count: How many threads an operation on an image may use; 1 for the caller's own only. Results do not depend on it.
  public static func set(count: Int) throws(ImagingError) {
    try OpenCVCall.check("use \(count) threads") { sxcv_set_thread_count(Int32(clamping: count), $0) }
  }
}
