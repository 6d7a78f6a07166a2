import Geometry

extension RunLengthMask {
  /// COCO's object of `size` (height, width) and `counts`, a compressed text or a list of runs; nil for anything else.
  init?(coco view: JSONView) {
    let size = view.member("size")?.elements.map { $0.integer ?? 0 } ?? []
    guard size.count == 2, let counts = view.member("counts") else { return nil }
    if let text = counts.stringBytes {
      self.init(width: size[1], height: size[0], compressed: text)
      return
    }
    let numbers = counts.elements.map { $0.integer.flatMap(UInt32.init(exactly:)) }
    guard counts.isArray, numbers.allSatisfy({ $0 != nil }) else { return nil }
    self.init(width: size[1], height: size[0], counts: numbers.compactMap(\.self))
  }
}

extension TextBuffer {
  /// COCO's object of `size` (height, width) and `counts`, the compressed text.
  mutating func append(_ mask: RunLengthMask) {
    append("{\"size\":[")
    append(mask.height)
    append(",")
    append(mask.width)
    append("],\"counts\":")
    append(jsonString: mask.compressed)
    append("}")
  }
}
