/// What a source knows behind its lock: gives its items, and nothing more after an error.
protocol SourceState {
  /// The next item; nil at the end.
  mutating func next() throws(VideoError) -> SourceItem?
  /// Closes what is open: `next` gives nil from now on.
  mutating func finish()
}

extension SourceState {
  /// The next item; an error ends the source, and a cancelled wait is an end like any other.
  mutating func nextUntilEnd() throws(VideoError) -> SourceItem? {
    do throws(VideoError) {
      return try next()
    } catch {
      finish()
      if case .cancelled = error { return nil }
      throw error
    }
  }
}
