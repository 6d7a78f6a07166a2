/// Class names of a file, mapped to indices in the order in which they appear, behind those that the format defines.
struct ClassNames {
  private(set) var names: [String]
  private var bytes: [[UInt8]]
  private var last = 0

  /// More names than this are no class names but a misread file.
  static let maximumCount = 4096

  init(known: [String] = []) {
    names = known
    bytes = known.map { Array($0.utf8) }
  }

  /// The index of a name, a new one if need be.
  mutating func index(of name: UnsafeBufferPointer<UInt8>) throws(RowProblem) -> Int16 {
    if last < bytes.count, bytes[last].elementsEqual(name) { return Int16(last) }
    if let found = bytes.firstIndex(where: { $0.elementsEqual(name) }) {
      last = found
      return Int16(found)
    }
    guard names.count < ClassNames.maximumCount else {
      throw .other("more than \(ClassNames.maximumCount) class names; is this the right column?")
    }
    last = names.count
    names.append(String(decoding: name, as: UTF8.self))
    bytes.append(Array(name))
    return Int16(last)
  }
}
