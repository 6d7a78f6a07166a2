import Foundation

/// Programs and sockets on 127.0.0.1 that stand in for cameras and servers.
enum LoopbackRig {
  static let hasSender = find("ffmpeg") != nil
  static let senderMissing = "the ffmpeg command is not there: install Debian's ffmpeg"

  /// The RTSP server of Benchmarks/live, built once; nil without a C compiler and GStreamer's RTSP library.
  static let rtspServer: String? = {
    guard let compiler = find("cc") ?? find("clang"), let packages = find("pkg-config") else { return nil }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let flags = output(of: packages, ["--cflags", "--libs", "gstreamer-rtsp-server-1.0"])
    guard let flags, !flags.isEmpty else { return nil }
    let program = FileManager.default.temporaryDirectory.appendingPathComponent("rtsp-server-\(getpid())").path
    let arguments = [root.appendingPathComponent("Benchmarks/live/rtsp-server.c").path, "-o", program]
    let built = output(of: compiler, arguments + flags.split { $0.isWhitespace }.map(String.init))
    return built == nil ? nil : program
  }()
  static let rtspServerMissing =
    "no RTSP server can be built: install libgstrtspserver-1.0-dev and gstreamer1.0-plugins-{base,good,bad,ugly}"

  /// A program of the search path.
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// What a program writes; nil if it fails.
  private static func output(of program: String, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// A port that nobody listens on at the moment.
  static func freePort() -> Int { ListeningSocket(backlog: nil).port }
}

/// A program that runs until it is stopped or this object goes.
final class RunningProgram {
  private let process = Process()

  init(_ program: String, _ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { kill() }

  /// ffmpeg sending a test picture at its native rate.
  static func sender(_ output: [String], seconds: Int = 60) throws -> RunningProgram {
    try RunningProgram(
      LoopbackRig.find("ffmpeg") ?? "ffmpeg",
      [
        "-v", "quiet", "-re", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=30", "-t", "\(seconds)", "-c:v", "libx264", "-preset",
        "ultrafast", "-tune", "zerolatency", "-g", "10", "-f", "mpegts",
      ] + output)
  }

  func wait() { process.waitUntilExit() }

  /// Stops the program as a crash would.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

/// A TCP socket on 127.0.0.1 that lets others connect and says nothing unless asked to answer.
final class ListeningSocket: Sendable {
  private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  let port: Int

  /// - Parameter backlog: nil: the port is taken but nobody listens, so connections are refused.
  init(backlog: Int32? = 8) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    // Both calls get the structure with its own size.
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(descriptor, address, length)
        if let backlog { _ = listen(descriptor, backlog) }
        _ = getsockname(descriptor, address, &length)
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// Ends a waiting `answerOnce`.
  func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Answers one HTTP request with a file, whole; false once stopped.
  func answerOnce(_ body: [UInt8]) -> Bool {
    let client = accept(descriptor, nil, nil)
    guard client >= 0 else { return false }
    var request = [UInt8](repeating: 0, count: 4096)
    _ = recv(client, &request, request.count, 0)
    var rest = (Array("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { break }
      rest = rest.dropFirst(sent)
    }
    close(client)
    return true
  }
}
