import Foundation
import Testing

@testable import Pipeline

@Suite struct LaggedFeedbackTests {
  @Test func theFirstFramesHaveNoAnswerAndLaterOnesThatOfTheLag() {
    let feedback = LaggedFeedback<String>(lag: 2)
    #expect(feedback.value(for: 0) == nil)
    #expect(feedback.value(for: 1) == nil)
    feedback.publish("a", sequence: 0)
    feedback.publish("b", sequence: 1)
    #expect(feedback.value(for: 2) == "a")
    #expect(feedback.value(for: 3) == "b")
  }

  @Test func theReaderWaitsForTheValue() {
    let feedback = LaggedFeedback<Int>(lag: 1)
    let done = DispatchGroup()
    DispatchQueue.global().async(group: done) {
      for sequence in 1...1000 { #expect(feedback.value(for: sequence) == sequence - 1) }
    }
    for sequence in 0..<1000 { feedback.publish(sequence, sequence: sequence) }
    done.wait()
  }

  @Test func cancellingEndsTheWait() {
    let feedback = LaggedFeedback<Int>(lag: 1)
    let done = DispatchGroup()
    DispatchQueue.global().async(group: done) { #expect(feedback.value(for: 1) == nil) }
    feedback.cancel()
    done.wait()
  }
}
