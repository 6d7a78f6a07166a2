extension RunLengthMask: Codable {
  private enum CodingKeys: CodingKey { case width, height, counts }

  /// From its size and its runs, which must be those of a mask.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let mask = RunLengthMask(
      width: try values.decode(Int.self, forKey: .width), height: try values.decode(Int.self, forKey: .height),
      counts: try values.decode([UInt32].self, forKey: .counts))
    guard let mask else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: values, debugDescription: "the runs of a mask do not add up to its size")
    }
    self = mask
  }

  /// Its size and its runs.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(width, forKey: .width)
    try values.encode(height, forKey: .height)
    try values.encode(counts, forKey: .counts)
  }
}
