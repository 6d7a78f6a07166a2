import Testing

@testable import MaskEvaluation

@Suite struct ClassConfusionTests {
  @Test func handMadeLabelsHaveTheirValues() {
    var confusion = ClassConfusion(classCount: 3, voidLabels: [])
    //                     a hit, a as b, b hit, void truth, b as no class
    confusion.add(truth: [0, 0, 1, 11, 1], result: [0, 1, 1, 0, 200])
    #expect(confusion.iou(0) == 0.5)
    #expect(confusion.iou(1) == 1.0 / 3)
    #expect(confusion.iou(2) == nil)
    #expect(confusion.classesInTruth == [0, 1])
    #expect(confusion.meanIoU == (0.5 + 1.0 / 3) / 2)
    #expect(confusion.pixelAccuracy == 0.5)
    #expect(confusion.meanAccuracy == 0.5)
  }

  @Test func aClassOnlyInTheResultHurtsTheOthersAndIsNoPartOfTheMean() {
    var confusion = ClassConfusion(classCount: 3)
    confusion.add(truth: [0, 0], result: [0, 2])
    #expect(confusion.meanIoU == 0.5)
    #expect(confusion.iou(2) == 0)
  }

  @Test func confusionsAddUp() {
    var first = ClassConfusion(classCount: 2, voidLabels: [1])
    var second = first
    first.add(truth: [0, 1, 0], result: [0, 0, 1])
    second.add(truth: [0], result: [0])
    first.add(second)
    #expect(first[0, 0] == 2)
    #expect(first.pixels(ofTruth: 0) == 3)
  }
}
