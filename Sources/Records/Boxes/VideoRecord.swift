/// A video as COCO-style files list it.
public struct VideoRecord: Sendable, Hashable {
  /// The id that images name it by.
  public var id: String
  /// The name as the file has it.
  public var name: String

  /// A video by the id that images name it by.
  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}
