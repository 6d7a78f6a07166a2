/// Which films are measured on and not learned from, whole: neighbouring frames are too alike to part a film.
enum HeldOutFilms {
  /// One of so many.
  private static let step = 5

  /// Whether it is the film of this place: every fifth one, of fewer than five the last, and none where there is but one.
  static func contains(_ place: Int, of count: Int) -> Bool {
    count < step ? place == count - 1 && count > 1 : place % step == step - 1
  }
}
