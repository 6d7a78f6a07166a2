import Dispatch

/// Does two things at once where there are threads for both.
struct Workers {
  /// How many threads may work.
  let count: Int

  /// - Parameters:
  ///   - first: Must not touch what `second` changes, nor change what it reads.
  /// - Returns: What `first` gives.
  /// - Throws: The error of `first`, else that of `second`.
  func beside<Value>(_ first: () throws -> Value, _ second: () throws -> Void) throws -> Value {
    guard count > 1 else {
      let value = try first()
      try second()
      return value
    }
    var value: Result<Value, any Error>?
    var end: Result<Void, any Error> = .success(())
    withoutActuallyEscaping(first) { first in
      withoutActuallyEscaping(second) { second in
        // Each of the two calls has its own variable, and both have ended before these are read.
        nonisolated(unsafe) let (first, second) = (first, second)
        withUnsafeMutablePointer(to: &value) { value in
          withUnsafeMutablePointer(to: &end) { end in
            nonisolated(unsafe) let (value, end) = (value, end)
            DispatchQueue.concurrentPerform(iterations: 2) { index in
              if index == 0 { value.pointee = Result(catching: first) } else { end.pointee = Result(catching: second) }
            }
          }
        }
      }
    }
    guard let result = try value?.get() else { preconditionFailure("concurrentPerform makes every call") }
    try end.get()
    return result
  }
}
