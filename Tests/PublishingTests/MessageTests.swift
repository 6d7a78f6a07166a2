import Foundation
import Records
import TestSupport
import Testing

@testable import Publishing

@Suite struct MessageTests {
  private static func frame(_ number: Int, at time: Double) -> FrameRecord { FrameRecord(frame: number, time: time, tracks: []) }

  /// 25 frames a second, four seconds: of each five frames the first.
  @Test func aRateTakesTheFirstFrameOfEachPartOfASecond() {
    var rate = PublishRate(5)
    let taken = (0..<100).filter { rate.takes(Double($0) / 25) }
    #expect(taken == Array(stride(from: 0, to: 100, by: 5)))
  }

  @Test(arguments: [0.2, 1, 5, 30, 1000])
  func aRateIsNeverExceeded(rate: Double) {
    var random = TestRandom(seed: 3)
    var limit = PublishRate(rate), none = PublishRate(0)
    var (time, taken) = (0.0, [Double]())
    for _ in 0..<5000 {
      time += random.uniform(0, 0.1)
      if limit.takes(time) { taken.append(time) }
      let isTaken = none.takes(time)
      #expect(!isTaken)
    }
    // A part of a second each, of which the first and the last may be begun only.
    #expect(Double(taken.count) <= time * rate + 1)
    // No part in which there was a frame goes without one: the frames are 0.1 s apart at most.
    #expect(Double(taken.count) >= min(time * rate, time / 0.1).rounded(.down) - 1)
  }

  @Test func everyMessageHasAKeyOfItsOwnThatARepeatedRunOfTheSameBeginningHasToo() throws {
    func messages() -> [Message] {
      var writer = MessageWriter(run: 1_700_000_000_123, camera: "gate", rate: 1000, classes: [])
      return (0..<20).flatMap { number -> [Message] in
        let time = Double(number) / 10
        let ends = (0..<number % 3).map { EventRecord.trackEnd(frame: number, time: time, id: $0, reason: "lost") }
        let cut = EventRecord(frame: nil, time: nil, kind: .cut)
        return [writer.message(Self.frame(number, at: time))].compactMap { $0 } + (ends + [cut]).map { writer.message($0) }
      }
    }
    let made = messages()
    #expect(Set(made.map(\.key)).count == made.count && Set(made.map(\.key.text)).count == made.count)
    #expect(messages() == made)
    #expect(made.contains { $0.key.text == "1700000000123/gate/7" })
    for channel in Message.Channel.allCases {
      // Redis takes ascending ids alone.
      let numbers = made.filter { $0.channel == channel }.compactMap { $0.key.entry.split(separator: "-").last.flatMap { Int($0) } }
      #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    }
  }

  @Test func aPayloadIsTheRecordWithItsKey() throws {
    var writer = MessageWriter(run: 5, camera: "gate", rate: 5, classes: ["car"])
    var end = EventRecord.trackEnd(frame: 9, time: 0.5, id: 3, reason: "left\tthe\npicture")
    end.details.append(FurtherKey("more", .text("ä\"")))
    let message = writer.message(end)
    let read = try #require(try JSONSerialization.jsonObject(with: Data(message.payload)) as? [String: Any])
    #expect(read["key"] as? String == "5/gate/9/1" && read["run"] as? Int == 5 && read["camera"] as? String == "gate")
    let event = try #require(read["record"] as? [String: Any])
    #expect(event["record"] as? String == "event" && event["id"] as? Int == 3 && event["reason"] as? String == "left\tthe\npicture")
    let told = writer.message(Self.frame(4, at: 1))
    let frame = try #require(told)
    let whole = try #require(try JSONSerialization.jsonObject(with: Data(frame.payload)) as? [String: Any])
    // A frame has a key and a camera of its own, which stay apart.
    let record = try #require(whole["record"] as? [String: Any])
    #expect(record["record"] as? String == "frame" && record["frame"] as? Int == 4 && whole["key"] as? String == "5/gate/4")
    #expect(Set(whole.keys) == ["key", "run", "camera", "record"])
    for message in [message, frame] { #expect(Message(line: message.line.dropLast()) == message) }
  }

  @Test(arguments: [
    "", "\t\t\t\t\t", "tracks\t1\tc\t0\t0\t{", "tracks\t-1\tc\t0\t0\t{}", "other\t1\tc\t0\t0\t{}",
    "tracks\t1\tc/d\t0\t0\t{}",
  ])
  func aLineThatIsNoMessageIsNone(line: String) { #expect(Message(line: Array(line.utf8)) == nil) }

  @Test func topicsAreJoinedAsEachBrokerJoinsThem() throws {
    let message = PublishedState.online.message(run: 1, camera: "gate")
    #expect(try BrokerAddress("mqtt://h/a/b").topic(of: message) == "a/b/gate/state")
    #expect(try BrokerAddress("nats://h/a/b").topic(of: message) == "a.b.gate.state")
    #expect(try BrokerAddress("redis://h/a/b").topic(of: message) == "a:b:gate:state")
  }
}
