/// The number at the end of a name, which files and images of a sequence are told apart by: 12 for `frame_000012`.
package struct FrameNumber {
  package let value: Int32
  /// What stands before it.
  let prefix: Substring

  /// nil where the name does not end in a number that a frame may have.
  init?(atEndOf name: String) {
    let digits = name.utf8.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    guard let value = Int32(name.suffix(digits)), value <= Int32(BoxLimits.maximumFrame) else { return nil }
    self.value = value
    prefix = name.dropLast(digits)
  }

  /// The numbers of names that are alike but for them; nil where names are of another kind or two have one number.
  package static func ofNames(_ names: [String]) -> [Int32]? {
    let numbers = names.map(FrameNumber.init(atEndOf:))
    guard let prefix = numbers.first??.prefix, numbers.allSatisfy({ $0?.prefix == prefix }) else { return nil }
    let values = numbers.compactMap { $0?.value }
    return Set(values).count == values.count ? values : nil
  }
}
