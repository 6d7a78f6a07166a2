import Foundation

/// Numbers as people read them.
public enum DecimalText {
  /// A number with a fixed count of decimals, nil for one that is not finite. Negative zero loses its sign.
  public static func fixed(_ value: Double, decimals: Int) -> String? {
    guard value.isFinite else { return nil }
    let text = String(format: "%.\(max(0, min(decimals, 17)))f", value)
    return text.first == "-" && !text.contains { $0 != "-" && $0 != "0" && $0 != "." } ? String(text.dropFirst()) : text
  }
}
