import Foundation
import Records

/// The files that a list of a broadcast (HLS) names, as far as they lie on this machine.
enum PlayList {
  /// Longer lists are not looked through, nor more than so many lists.
  private static let greatestBytes = 4 << 20
  private static let mostLists = 64
  private static let signature = Data("#EXTM3U".utf8)

  /// The files that a list names and those that the lists among them name; none for a file that is no list.
  static func files(of path: String) -> [String] {
    var found: [String] = []
    var waiting = [path]
    var lists: Set<FileIdentity> = []
    while let list = waiting.popLast(), lists.count < mostLists {
      guard let identity = FileIdentity(path: list), identity.isRegular, lists.insert(identity).inserted else { continue }
      let named = names(in: list)
      found += named
      waiting += named
    }
    return found
  }

  private static func names(in path: String) -> [String] {
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size <= greatestBytes,
      // By its first bytes, for the name may be any; the rest is read for lists alone.
      let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: signature.count), start == signature,
      let rest = try? file.readToEnd()
    else { return [] }
    let folder = FilePlace.parent(of: path)
    // A line of its own, or an attribute such as URI="key.bin".
    return String(decoding: rest, as: UTF8.self).split { $0.isNewline || $0 == "\"" }.map(String.init).compactMap { word in
      let name = word.hasPrefix("file:") ? String(word.dropFirst(5)) : word
      let file = name.hasPrefix("/") ? name : folder + "/" + name
      return FileIdentity(path: file)?.isRegular ?? false ? file : nil
    }
  }
}
