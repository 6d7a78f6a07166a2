import Foundation
import TestSupport
import Testing

@testable import Publishing

@Suite struct BrokerAddressTests {
  @Test(arguments: [
    ("mqtt://h/a/b", BrokerAddress.Kind.mqtt, false, "h", 1883, ["a", "b"]),
    ("mqtts://h.example", .mqtt, true, "h.example", 8883, ["sextant"]),
    ("nats://h:1/x", .nats, false, "h", 1, ["x"]),
    ("tls://h/x", .nats, true, "h", 4222, ["x"]),
    ("redis://127.0.0.1:65535/site_1", .redis, false, "127.0.0.1", 65535, ["site_1"]),
    ("REDISS://[::1]:7/p", .redis, true, "::1", 7, ["p"]),
  ])
  func anAddressHasItsParts(
    text: String, kind: BrokerAddress.Kind, isEncrypted: Bool, host: String, port: Int, prefix: [String]
  ) throws {
    let (address, open) = (try BrokerAddress(text), try BrokerAddress("mqtt://h").credentials)
    #expect(address.kind == kind && address.isEncrypted == isEncrypted && address.host == host)
    #expect(address.port == port && address.prefix == prefix && address.credentials == open)
  }

  @Test(arguments: [
    "", "h", "mqtt:/h", "http://h", "mqtt://", "mqtt:///p", "mqtt://h:0/p", "mqtt://h:65536", "mqtt://h:x", "nats://h/a//b",
    "nats://h/a/",
    "mqtt://h/a+", "mqtt://h/#", "nats://h/a.b", "nats://h/a b", "redis://h\n/x", "redis://%zz@h", "mqtt://[::1/x",
  ])
  func aTextThatIsNoAddressIsRefused(text: String) {
    #expect(throws: BrokerAddressError.self) { try BrokerAddress(text) }
  }

  @Test func secretsAreReadAndNeverTold() throws {
    let address = try BrokerAddress("mqtts://us%40er:pa%3Ass%2F@h/p")
    #expect(address.credentials.user == "us@er" && address.credentials.password == "pa:ss/")
    #expect(address.text == "mqtts://h:8883/p")
    #expect(throws: BrokerAddressError.self) { try BrokerAddress("mqtt://user:secret@h:99999/p") }
    do { _ = try BrokerAddress("mqtt://user:secret@h:99999/p") } catch { #expect(!error.problem.contains("secret")) }
  }

  @Test func theEnvironmentCompletesWhatTheAddressLeavesOpen() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("from file\nmore\n", to: "password")
    let open = try BrokerAddress("mqtt://h").credentials, named = try BrokerAddress("mqtt://u@h").credentials
    let whole = try BrokerAddress("mqtt://u:p@h").credentials
    let both = ["SEXTANT_PUBLISH_USER": "e", "SEXTANT_PUBLISH_PASSWORD": "w", "SEXTANT_PUBLISH_PASSWORD_FILE": file]
    #expect(try open.completed(from: [:]) == open)
    #expect(try open.completed(from: both).user == "e" && open.completed(from: both).password == "w")
    #expect(try named.completed(from: both).user == "u")
    #expect(try whole.completed(from: both) == whole)
    #expect(try named.completed(from: ["SEXTANT_PUBLISH_PASSWORD_FILE": file]).password == "from file")
    #expect(throws: BrokerCredentialsError(path: folder.file("none"))) {
      try open.completed(from: ["SEXTANT_PUBLISH_PASSWORD_FILE": folder.file("none")])
    }
  }

  @Test(arguments: [
    ("rtsp://user:secret@cam.local:554/live/1?token=secret", "cam-local-554-live-1"), ("/data/gate 7.mp4", "gate-7"),
    ("/dev/video0", "video0"), ("ä.mp4", nil), ("", nil), ("north_gate.mkv", "north_gate"),
  ])
  func aCameraIsNamedAfterItsInputWithoutSecrets(input: String, name: String?) {
    #expect(BrokerName(ofInput: input)?.text == name)
  }
}
