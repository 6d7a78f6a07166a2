import Imaging

/// The colours of classes, far apart for neighbouring numbers.
enum ClassColors {
  private static let palette = [
    Color(red: 255, green: 196, blue: 0), Color(red: 0, green: 200, blue: 255), Color(red: 255, green: 90, blue: 160),
    Color(red: 110, green: 230, blue: 90), Color(red: 190, green: 140, blue: 255), Color(red: 255, green: 140, blue: 60),
  ]

  /// The colour of a class; those beyond the palette begin anew.
  static func color(of classIndex: Int) -> Color { palette[abs(classIndex) % palette.count] }
}
