import Geometry

/// Masks by the positions of their detections, for a checkpoint by ascending position.
@propertyWrapper struct KeptMasks: Codable {
  var wrappedValue: [Int: RunLengthMask]

  private struct Entry: Codable {
    var position: Int
    var mask: RunLengthMask
  }

  init(wrappedValue: [Int: RunLengthMask]) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    let entries = try [Entry](from: decoder)
    wrappedValue = Dictionary(entries.map { ($0.position, $0.mask) }) { first, _ in first }
  }

  func encode(to encoder: any Encoder) throws {
    try wrappedValue.sorted { $0.key < $1.key }.map { Entry(position: $0.key, mask: $0.value) }.encode(to: encoder)
  }
}
