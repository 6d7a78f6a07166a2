/// A file name with one place for a number, such as frame_%06d.png.
///
/// `%0Nd` stands for a number of at least N digits, filled up with zeros; `%d` for one without leading zeros; `%%` for a per cent sign.
struct FramePattern: Equatable {
  let prefix: String
  let suffix: String
  /// 0: without leading zeros.
  let minimumDigits: Int

  /// nil unless the name has exactly one place for a number.
  init?(_ name: String) {
    var parts = [""]
    var digits: Int?
    var rest = Substring(name)
    while let character = rest.popFirst() {
      guard character == "%" else {
        parts[parts.count - 1].append(character)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        parts[parts.count - 1].append("%")
        continue
      }
      let width = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(width.count)
      guard digits == nil, rest.popFirst() == "d", width.count <= 3, width.isEmpty || width.first == "0" else { return nil }
      digits = Int(width) ?? 0
      parts.append("")
    }
    guard let digits else { return nil }
    (prefix, suffix, minimumDigits) = (parts[0], parts[1], digits)
  }

  /// The digits of a name that fits; nil for other names.
  func number(in name: String) -> Substring? {
    guard name.count > prefix.count + suffix.count, name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    guard digits.allSatisfy({ ("0"..."9").contains($0) }), digits.count >= minimumDigits else { return nil }
    if digits.count > max(minimumDigits, 1) && digits.first == "0" { return nil }
    return digits
  }
}
