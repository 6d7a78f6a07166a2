import Foundation

/// The Python dictionary in the header of a `.npy` file.
struct NumPyHeader {
  let type: ElementType
  let shape: [Int]

  static let descriptors: [String: ElementType] = [
    "<f4": .float32, "<f8": .float64, "<f2": .float16, "|i1": .int8, "<i2": .int16, "<i4": .int32, "<i8": .int64,
    "|u1": .uint8, "<u2": .uint16, "<u4": .uint32, "<u8": .uint64, "|b1": .bool,
  ]

  init(_ text: String, fault: (String) -> ModelFileError) throws {
    guard let descriptor = NumPyHeader.value("descr", in: text)?.split(separator: "'").first.map(String.init) else {
      throw fault("its header names no type")
    }
    guard let type = NumPyHeader.descriptors[descriptor] else { throw fault("its type is '\(descriptor)'") }
    guard NumPyHeader.value("fortran_order", in: text)?.hasPrefix("False") == true else {
      throw fault("it is in Fortran order; write it with numpy.ascontiguousarray")
    }
    guard let tuple = NumPyHeader.value("shape", in: text), tuple.hasPrefix("("), let end = tuple.firstIndex(of: ")") else {
      throw fault("its header names no shape")
    }
    let sizes = tuple[tuple.index(after: tuple.startIndex)..<end].split(separator: ",").map { $0.filter { $0 != " " } }
    shape = try sizes.filter { !$0.isEmpty }.map { size in
      guard let value = Int(size), value >= 0 else { throw fault("its shape has '\(size)'") }
      return value
    }
    self.type = type
  }

  /// The text behind a key.
  private static func value(_ key: String, in text: String) -> Substring? {
    guard let place = text.range(of: "'\(key)':") else { return nil }
    return text[place.upperBound...].drop { $0 == " " }
  }
}
