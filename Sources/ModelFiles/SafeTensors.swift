internal import CZlib
import Foundation

/// The safetensors format: a JSON header with each tensor's type, shape and place, then the numbers.
///
/// Source: github.com/huggingface/safetensors, "Format": 8 bytes of header length, at most 100 MB; places may neither overlap nor leave
/// gaps, which is checked.
public struct SafeTensors: Sendable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// Text by key, the header's `__metadata__`.
  public var metadata: [String: String]

  private static let headerLimit = 100_000_000
  private static let types: [String: ElementType] = [
    "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64,
    "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64, "BOOL": .bool,
  ]

  /// - Parameters:
  ///   - tensors: By name.
  ///   - metadata: Text by key, for the header.
  public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a file; a gzip file is unpacked on the way.
  ///
  /// - Throws: `ModelFileError` for a file that is missing or damaged, or above the limits.
  public init(path: String) throws { try self.init(FileBytes(path: path)) }

  /// - Throws: `ModelFileError` where the header is no JSON, lies about lengths, or has overlaps or gaps.
  public init(_ file: FileBytes) throws {
    let fault = { (text: String) in ModelFileError.malformed("\(file.name): is no safetensors file that can be read: \(text).") }
    let region = file.region
    guard let start = region.part(offset: 0, count: 8) else { throw fault("it has no header") }
    let length = start.withBytes { $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    guard length <= SafeTensors.headerLimit, let header = region.part(offset: 8, count: Int(length)) else {
      throw fault("its header is said to have \(length) bytes, and the file has \(region.count)")
    }
    guard
      let object = try? JSONSerialization.jsonObject(with: header.withBytes { Data($0) }), let entries = object as? [String: Any],
      entries.count <= ModelLimits.entries, let body = region.part(offset: 8 + header.count, count: region.count - 8 - header.count)
    else { throw fault("its header is no JSON object") }
    // JSON's own reader takes one of two members of a name; which one, others may choose otherwise.
    guard entries.count == SafeTensors.memberCount(header) else { throw fault("it names a tensor twice") }
    metadata = entries["__metadata__"] as? [String: String] ?? [:]
    tensors = [:]
    var places: [Range<Int>] = []
    for (name, value) in entries where name != "__metadata__" {
      let (tensor, place) = try SafeTensors.tensor(value, body: body) { fault("tensor '\(name)' \($0)") }
      tensors[name] = tensor
      places.append(place)
    }
    var end = 0
    for place in places.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      guard place.lowerBound == end else { throw fault("its tensors overlap or leave a gap at byte \(end)") }
      end = place.upperBound
    }
    guard end == body.count else { throw fault("its last \(body.count - end) bytes belong to no tensor") }
  }

  /// The members of the outermost object of a text that is JSON: its colons outside strings and inner objects.
  private static func memberCount(_ json: ByteRegion) -> Int {
    json.withBytes { bytes in
      var (depth, count, isText, isEscaped) = (0, 0, false, false)
      for byte in bytes {
        if isText {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isText = false
          }
          continue
        }
        switch byte {
        case UInt8(ascii: "\""): isText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: ":"): if depth == 1 { count += 1 }
        default: break
        }
      }
      return count
    }
  }

  private static func tensor(
    _ value: Any, body: ByteRegion, fault: (String) -> ModelFileError
  ) throws -> (Tensor, Range<Int>) {
    guard
      let entry = value as? [String: Any], let typeName = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
      let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
    else { throw fault("lacks dtype, shape or data_offsets") }
    guard let type = types[typeName] else { throw fault("is of the unread type \(typeName)") }
    let byteCount = try Tensor.elementCount(of: shape) * type.byteCount
    guard
      offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] - offsets[0] == byteCount,
      let part = body.part(offset: offsets[0], count: byteCount)
    else { throw fault("of shape \(Tensor.text(shape)) is said to lie at bytes \(offsets[0]) to \(offsets[1])") }
    let tensor = try Tensor(shape: shape, elements: part.withBytes { try Elements(bytes: $0, type: type) })
    return (tensor, offsets[0]..<offsets[1])
  }

  /// The CRC-32 of everything that is in the file: texts but the one of a key, and each tensor's name, type, shape and numbers.
  ///
  /// - Parameter key: Where the number itself is to stand.
  public func checksum(without key: String) -> UInt32 {
    var value = uLong(0)
    func add(_ bytes: [UInt8]) {
      // The library takes lengths of 32 bits: large tensors go in pieces.
      for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
        value = bytes[start..<min(bytes.count, start + 1 << 30)].withUnsafeBufferPointer {
          crc32(value, $0.baseAddress, uInt($0.count))
        }
      }
    }
    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) where name != key { add(Array("\(name)\0\(text)\0".utf8)) }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      add(Array("\(name)\0\(tensor.type) \(tensor.shape)\0".utf8))
      add(tensor.elements.littleEndianBytes)
    }
    return UInt32(truncatingIfNeeded: value)
  }

  /// The file's bytes, tensors in the order of their names.
  public func bytes() throws -> [UInt8] {
    var entries: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var body: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let type = SafeTensors.types.first { $0.value == tensor.type }?.key ?? ""
      let start = body.count
      body += tensor.elements.littleEndianBytes
      entries[name] = ["dtype": type, "shape": tensor.shape, "data_offsets": [start, body.count]] as [String: Any]
    }
    var header = Array(try JSONSerialization.data(withJSONObject: entries, options: [.sortedKeys, .withoutEscapingSlashes]))
    // The numbers begin at a multiple of eight bytes.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    UInt64(header.count).append(to: &bytes)
    return bytes + header + body
  }

  /// Writes the file, replacing one that is there.
  ///
  /// - Throws: `ModelFileError` where it cannot be written.
  public func write(path: String) throws { try FileWriting.write(bytes(), path: path) }
}
