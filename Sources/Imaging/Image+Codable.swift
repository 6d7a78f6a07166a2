/// Pictures in files of the program's own: the size, then the values. A size that no picture may have, or another number of values, is refused.
extension Image: Codable {
  private enum CodingKeys: CodingKey { case width, height, channels, pixels }

  /// - Throws: `DecodingError` for what is no picture.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let width = try container.decode(Int.self, forKey: .width)
    let height = try container.decode(Int.self, forKey: .height)
    let channels = try container.decode(Int.self, forKey: .channels)
    let pixels = try container.decode([UInt8].self, forKey: .pixels)
    guard Image.isUsableSize(width: width, height: height), channels == 1 || channels == 3,
      pixels.count == width * height * channels
    else { throw DecodingError.dataCorruptedError(forKey: .pixels, in: container, debugDescription: "that is no picture") }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// The size, then the values.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(width, forKey: .width)
    try container.encode(height, forKey: .height)
    try container.encode(channels, forKey: .channels)
    try container.encode(pixels, forKey: .pixels)
  }
}
