import Foundation

/// The image files that a folder, a glob or a numbered pattern stands for, in natural order.
enum ImageListing {
  /// What counts as an image in a folder, in lower case. A glob or pattern takes any name that fits.
  static let extensions: Set<String> = [
    "bmp", "dpx", "exr", "gif", "j2k", "jp2", "jpeg", "jpg", "pam", "pbm", "pgm", "png", "pnm", "ppm", "tif", "tiff", "webp",
  ]

  /// What counts as a video in a folder or among the files of a glob, in lower case.
  static let videoExtensions: Set<String> = [
    "264", "265", "3gp", "asf", "avi", "dav", "flv", "h264", "h265", "hevc", "ivf", "m2ts", "m4v", "mjpeg", "mjpg", "mkv", "mov",
    "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "ts", "vob", "webm", "wmv", "y4m",
  ]

  static func isImage(_ path: String) -> Bool { extensions.contains(suffix(of: path)) }

  static func isVideo(_ path: String) -> Bool { videoExtensions.contains(suffix(of: path)) }

  /// The videos of a folder, which are no pictures of it.
  static func videos(in path: String) throws(VideoError) -> [String] { paths(try names(in: path).filter(isVideo), in: path) }

  private static func suffix(of path: String) -> String { URL(fileURLWithPath: path).pathExtension.lowercased() }

  static var extensionsText: String { extensions.sorted().joined(separator: ", ") }

  /// The image files of a folder, not of the folders in it; hidden ones are left out.
  static func folder(_ path: String) throws(VideoError) -> [String] {
    let names = try names(in: path).filter(isImage)
    return paths(names, in: path)
  }

  /// The files whose last component fits the pattern, by their number.
  static func numbered(_ pattern: String) throws(VideoError) -> [String]? {
    let (folder, name) = split(pattern)
    guard let pattern = FramePattern(name) else { return nil }
    return paths(try names(in: folder).filter { pattern.number(in: $0) != nil }, in: folder)
  }

  /// The files that a shell's glob stands for.
  static func matching(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    // glob(3) fills gl_pathc entries of gl_pathv with strings that live until globfree.
    let found = (0..<Int(result.gl_pathc)).compactMap { index in result.gl_pathv[index].map { String(cString: $0) } }
    return found.filter { !isFolder($0) }.sorted(by: NaturalOrder.precedes)
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func names(in folder: String) throws(VideoError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch {
      guard isFolder(folder) else { throw VideoError.notFound(input: folder) }
      throw VideoError.accessDenied(input: folder, reason: "the folder cannot be listed")
    }
  }

  private static func paths(_ names: [String], in folder: String) -> [String] {
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return names.sorted(by: NaturalOrder.precedes).map { folder == "." ? $0 : base + $0 }
  }

  /// The folder ("." where none is named) and the last component.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }
}
