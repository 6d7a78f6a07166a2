import Publishing
import Records

extension TrackSetting {
  /// What a broker is told.
  static let publishing = [
    TrackSetting(
      name: "publish", section: .output, form: .value("address"), place: .absent,
      help: """
        Tell a broker what is found while the run goes: mqtt://HOST/PREFIX, nats://… or redis://… (mqtts, tls: encrypted). User and password \
        come from SEXTANT_PUBLISH_USER and SEXTANT_PUBLISH_PASSWORD.
        """, defaultText: nil,
      assign: { texts, request in
        do throws(BrokerAddressError) {
          request.publishing.address = try BrokerAddress(texts[0])
        } catch {
          // The address may hold a password.
          throw TrackSettingError(
            setting: "publish", problem: "names no broker: its address \(error.problem); give such as mqtt://HOST/PREFIX")
        }
      }, value: { $0.publishing.address.map { .text($0.text) } ?? .null }),
    number(
      "publish_rate", .output, \.publishing.rate, in: 0...1000, unit: "messages a second", place: .absent,
      "Messages with tracks a second; events are always told."),
    TrackSetting(
      name: "publish_name", section: .output, form: .value("name"), place: .absent,
      help: "The camera's name in topics and keys; by default made of the input.", defaultText: nil,
      assign: { texts, request in
        guard let name = BrokerName(texts[0]), name.text == texts[0] else {
          throw TrackSettingError(setting: "publish_name", problem: "\(texts[0]) is no name: take letters, digits, - and _")
        }
        request.publishing.camera = name
      }, value: { $0.publishing.camera.map { .text($0.text) } ?? .null }),
    file(
      "publish_spool", .output, \.publishing.spool, word: "folder",
      "Where messages wait while the broker is away; by default beside the stream, OUTPUT.spool."),
    file("publish_ca", .output, \.publishing.authorities, "Certificates that are trusted for TLS; by default the system's."),
  ]
}
