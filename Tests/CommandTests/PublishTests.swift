import Foundation
import Testing

/// `sextant track --publish`, without a broker: what is mistaken is told before the run begins.
@Suite struct PublishTests {
  private let folder: TemporaryFolder
  /// A port on which nobody listens.
  private static let nobody = "127.0.0.1:9"

  init() throws { folder = try TemporaryFolder() }

  private func track(_ arguments: [String], variables: [String: String] = [:]) throws -> ProgramRun {
    try ProgramRun(
      ["track", "lavfi:testsrc=size=64x48:rate=2", "--live", "all", "--max-frames", "2", "-q"] + arguments, in: folder.url,
      variables: variables)
  }

  @Test(arguments: [
    (["-o", "t", "--publish", "http://user:secret@h/p"], 64, "mqtt://"),
    (["-o", "t", "--publish", "mqtt://user:secret@h/a+b"], 64, "prefix"),
    (["--publish", "mqtt://h/p"], 64, "--publish-spool"), (["-o", "/dev/null", "--publish", "mqtt://h/p"], 64, "--publish-spool"),
    (["-o", "t", "--publish", "nats://h/p", "--checkpoint", "c"], 64, "checkpoint"),
    (["-o", "t", "--publish", "nats://h/p", "--publish-name", "a/b"], 64, "a/b"),
    (["-o", "t", "--publish", "nats://h/p", "--publish-rate", "-1"], 64, "-1"),
    (["-o", "t", "--publish", "redis://\(nobody)/p", "--publish-spool", "/proc/none"], 73, "--publish-spool"),
    (["-o", "t", "--publish", "mqtt://user:secret@\(nobody)/p"], 69, "nobody answers"),
    (["-o", "t", "--publish", "nats://user:secret@\(nobody)/p"], 69, "nobody answers"),
    (["-o", "t", "--publish", "redis://user:secret@\(nobody)/p"], 69, "nobody answers"),
    (["-o", "t", "--publish", "rediss://user:secret@\(nobody)/p"], 69, "stunnel"),
  ])
  func mistakesAreToldInOneSentenceWithoutSecrets(arguments: [String], code: Int32, words: String) throws {
    let run = try track(arguments)
    #expect(run.exitCode == code && run.errors.contains(words), "\(run.exitCode) \(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1 && !run.errors.contains("secret"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("t").path))
  }

  @Test func aPasswordThatCannotBeReadIsToldOf() throws {
    let run = try track(
      ["-o", "t", "--publish", "mqtt://\(Self.nobody)/p"], variables: ["SEXTANT_PUBLISH_PASSWORD_FILE": folder.file("none").path])
    #expect(run.exitCode == 66 && run.errors.contains("SEXTANT_PUBLISH_PASSWORD_FILE"), "\(run.errors)")
  }

  /// A folder that the loader searches first, in which each client library is none.
  @Test(arguments: [
    ("mqtt", "libmosquitto.so.1", "libmosquitto1"), ("nats", "libnats.so.3.4", "libnats3.4"),
    ("redis", "libhiredis.so.0.14", "libhiredis0.14"),
  ])
  func aLibraryThatIsNotThereIsToldWithItsPackage(kind: String, library: String, package: String) throws {
    _ = try folder.write("x", "libraries/" + library)
    let run = try track(
      ["-o", "t", "--publish", "\(kind)://\(Self.nobody)/p"], variables: ["LD_LIBRARY_PATH": folder.file("libraries").path])
    #expect(
      run.exitCode == 69 && run.errors.contains(library) && run.errors.contains("install Debian's \(package)"), "\(run.errors)")
    // Nothing else needs them.
    #expect(try track(["-o", "u"], variables: ["LD_LIBRARY_PATH": folder.file("libraries").path]).exitCode == 0)
  }

  @Test func aPlanIsNotPublished() throws {
    let plan = try ProgramRun(
      ["batch", "plan", ".", "--out", "r", "--", "--publish", "mqtt://h/p", "--publish-spool", "/s"], in: folder.url)
    #expect(plan.exitCode == 64 && plan.errors.split(separator: "\n").count == 1, "\(plan.errors)")
  }
}

/// With the real servers, which are killed; the script installs them, for which it must be root.
@Suite struct PublishSlowTests {
  @Test(.enabled(if: getuid() == 0, "needs to be root, to install the brokers"))
  func brokersMayGoAway() throws {
    let (code, said) = try Process(script: "test-brokers").runToEnd()
    #expect(code == 0, "\(said)")
  }

  @Test(.enabled(if: getuid() == 0, "needs to be root, to install the brokers"))
  func encryptedBrokersAreKnownByTheirAuthority() throws {
    let (code, said) = try Process(script: "test-broker-encryption").runToEnd()
    #expect(code == 0, "\(said)")
  }
}
