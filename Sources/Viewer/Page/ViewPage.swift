import Foundation
import Records

/// The page as one text of HTML.
public struct ViewPage: Sendable {
  /// Where the page finds the video.
  public enum Video: Sendable {
    case none
    /// Bytes within the page, with their type such as `video/mp4`.
    case embedded(Data, type: String)
    /// An address relative to the page's.
    case linked(String)
  }

  /// What a served page asks its server for, all relative to its own address.
  struct Served {
    var data: String?
    var growth: String?
    var review: String?
    /// How far the parts are that it makes, and those by their names.
    var parts: String?
    var copy: String?
    var mosaic: String?
    /// The WebSocket of a tracker that is running.
    var live: String?
  }

  /// Videos up to this size stand in the page itself, bytes.
  public static let greatestEmbeddedVideo = 20_000_000

  /// A page that needs nothing else, but for a linked video.
  public static func selfContained(_ data: ViewData, video: Video, mosaic: PageMosaic? = nil) -> Data {
    var blocks = block("data", Data(data.bytes))
    if case .embedded(let bytes, _) = video { blocks += block("video-data", bytes) }
    if let mosaic { blocks += block("mosaic-data", Data(mosaic.jpeg)) }
    return html(config(video, mosaic: mosaic), blocks: blocks, policy: policy(video: "blob: file: 'self'", connect: "'none'"))
  }

  /// A page that asks its server.
  static func served(_ served: Served, video: Video, nonce: String) -> Data {
    html(config(video, served: served), blocks: "", policy: policy(video: "'self'", connect: "'self'", nonce: nonce), nonce: nonce)
  }

  /// What the browser may load and run; nothing from elsewhere.
  static func policy(video: String, connect: String, nonce: String = fileNonce) -> String {
    "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; "
      + "media-src \(video); connect-src \(connect); base-uri 'none'; form-action 'none'"
  }

  /// A page that was saved has no secrets: its scripts are those of this program, and data stand in blocks that are no scripts.
  private static let fileNonce = "sextant"

  private static func block(_ id: String, _ bytes: Data) -> String {
    "<script type=\"text/plain\" id=\"\(id)\">\(bytes.base64EncodedString())</script>\n"
  }

  private static func config(_ video: Video, mosaic: PageMosaic? = nil, served: Served? = nil) -> JSONValue {
    var pairs: [(String, JSONValue)] = []
    switch video {
    case .none: break
    case .embedded(_, let type): pairs += [("embedsVideo", .flag(true)), ("videoType", .text(type))]
    case .linked(let address): pairs.append(("video", .text(address)))
    }
    if let mosaic { pairs.append(("mosaicPlace", .object(mosaic.facts))) }
    let places = [
      ("data", served?.data), ("growth", served?.growth), ("review", served?.review), ("parts", served?.parts),
      ("copy", served?.copy), ("mosaic", served?.mosaic), ("live", served?.live),
    ]
    pairs += places.compactMap { name, place in place.map { (name, .text($0)) } }
    return .object(pairs)
  }

  private static func html(_ config: JSONValue, blocks: String, policy: String, nonce: String = fileNonce) -> Data {
    // Within a script's block only "<" could end it.
    let safeConfig = config.json.replacingOccurrences(of: "<", with: "\\u003c")
    let parts = [
      "POLICY": policy, "NONCE": nonce, "STYLE": PageFiles.style, "CONFIG": safeConfig, "BLOCKS": blocks,
      "SCRIPT": PageFiles.script,
    ]
    // In one pass, so that nothing is looked for in what was put in.
    var page = Data()
    for (index, piece) in PageFiles.template.split(separator: "@", omittingEmptySubsequences: false).enumerated() {
      page.append(Data((index % 2 == 0 ? String(piece) : parts[String(piece)] ?? "@\(piece)@").utf8))
    }
    return page
  }
}
