/// The colours of classes, far apart for neighbouring numbers.
public enum ClassColors {
  private static let palette = [
    Color(red: 255, green: 196, blue: 0), Color(red: 0, green: 200, blue: 255), Color(red: 255, green: 90, blue: 160),
    Color(red: 110, green: 230, blue: 90), Color(red: 190, green: 140, blue: 255), Color(red: 255, green: 140, blue: 60),
    Color(red: 40, green: 90, blue: 255), Color(red: 200, green: 30, blue: 40), Color(red: 0, green: 130, blue: 90),
    Color(red: 240, green: 240, blue: 240), Color(red: 130, green: 90, blue: 40), Color(red: 100, green: 0, blue: 130),
  ]

  /// The colour of a class; those beyond the palette begin anew.
  public static func color(of classIndex: Int) -> Color { palette[abs(classIndex) % palette.count] }
}
