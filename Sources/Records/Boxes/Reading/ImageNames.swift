/// Names of images, mapped to frames: those of a given list, else any in the order in which they appear.
struct ImageNames {
  private(set) var names: [String]
  private var indexOfName: [String: Int32]
  private let isClosed: Bool
  private var last: [UInt8] = []
  private var lastIndex: Int32 = -1

  init(_ names: [String]) {
    self.names = names
    isClosed = !names.isEmpty
    indexOfName = Dictionary(names.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
  }

  /// The frame of an image.
  mutating func index(of bytes: UnsafeBufferPointer<UInt8>) throws(RowProblem) -> Int32 {
    if lastIndex >= 0, last.elementsEqual(bytes) { return lastIndex }
    lastIndex = try index(of: String(decoding: bytes, as: UTF8.self))
    last = Array(bytes)
    return lastIndex
  }

  mutating func index(of name: String) throws(RowProblem) -> Int32 {
    if let index = indexOfName[name] { return index }
    guard !isClosed else { throw .other("image \"\(name.prefix(80))\" is not in the list of images") }
    guard names.count < BoxLimits.maximumFrame else { throw .other("too many images") }
    indexOfName[name] = Int32(names.count)
    names.append(name)
    return Int32(names.count - 1)
  }
}
