import Foundation
import TestSupport
import Testing

@testable import PictureTraining

/// What the motion detector's rules found in the pictures of films.
@Suite struct RuleFindingsTests {
  @Test func filmsFilesAreRead() throws {
    let folder = try ScratchFolder()
    #expect(try RuleFindings(folder: folder.path) == nil)
    let line = #"{"image":"a-000004.png","width":60,"height":40,"boxes":"#
    let box = #"{"class":"object","score":0.25,"cx":10.5,"cy":20,"w":8,"h":4,"angle":0.5}"#
    try folder.write("\(line)[\(box)]}\n\(line.replacingOccurrences(of: "0004", with: "0008"))[]}\n", to: "rules/val/a.jsonl")
    try folder.write("\(line.replacingOccurrences(of: "a-", with: "b-"))[\(box),\(box)]}\n", to: "rules/train/b.jsonl")
    let found = try #require(try RuleFindings(folder: folder.path))
    let first = try #require(found.picture("x/images/val/a-000004.png"))
    let only = try #require(first.boxes.first)
    #expect(first.film == "a" && first.boxes.count == 1)
    #expect(only.score == 0.25 && only.box.center.x == 10.5 && abs(only.box.angle - 0.5) < 1e-12)
    #expect(found.picture("a-000008.png")?.boxes.isEmpty == true)
    #expect(found.picture("b-000004.png")?.boxes.count == 2)
    #expect(found.picture("c-000004.png") == nil)
    try folder.write("\(line)[\(box.replacingOccurrences(of: "0.25", with: "7"))]}\n", to: "rules/val/a.jsonl")
    let fault = #expect(throws: PictureTrainingError.self) { try RuleFindings(folder: folder.path) }
    #expect(fault?.description.contains("a.jsonl: has a box of the score 7") == true)
  }
}
