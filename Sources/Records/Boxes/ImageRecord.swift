/// An image as COCO lists it.
public struct ImageRecord: Sendable, Hashable {
  /// The id that annotations name it by.
  public var id: Int
  /// Whether nobody gave the id, which is then the place of the image's name among the sorted ones, from 1.
  var isPlace = false
  /// With folder and suffix; empty where the file has only the id.
  public var fileName: String
  /// Pixels; 0 where the file says nothing.
  public var width: Int
  /// Pixels; 0 where the file says nothing.
  public var height: Int
  /// Its video's place in the table's list; nil for images that stand alone.
  public var video: Int?
  /// The number of the frame in its video as the file has it.
  public var frameNumber: Int?

  /// - Parameters:
  ///   - width: Pixels; 0 where it is not known.
  ///   - height: Pixels; 0 where it is not known.
  ///   - video: The place of its video in the table's list.
  ///   - frameNumber: Its number in the video.
  public init(
    id: Int, fileName: String = "", width: Int = 0, height: Int = 0, video: Int? = nil, frameNumber: Int? = nil
  ) {
    self.id = id
    self.fileName = fileName
    self.width = width
    self.height = height
    self.video = video
    self.frameNumber = frameNumber
  }
}

extension ImageRecord {
  /// The file's name without folder and suffix; the id where there is none.
  var stem: String {
    guard !fileName.isEmpty else { return String(id) }
    let name = fileName.split(separator: "/").last.map(String.init) ?? fileName
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return name }
    return String(name[..<point])
  }
}
