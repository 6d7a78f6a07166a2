import Foundation

/// Which file a name leads to, whatever names and links lead there: its device and inode.
public struct FileIdentity: Hashable, Sendable, Codable {
  private let device: UInt64
  private let inode: UInt64
  private let kind: UInt32

  /// The file that a path leads to, through links; nil where there is none.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The file of an open descriptor.
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    (device, inode, kind) = (UInt64(status.st_dev), UInt64(status.st_ino), status.st_mode & S_IFMT)
  }

  /// Whether it is an ordinary file.
  public var isRegular: Bool { kind == S_IFREG }
  /// Whether it is a folder.
  public var isFolder: Bool { kind == S_IFDIR }
}
