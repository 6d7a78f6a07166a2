import Geometry
import ModelFiles
import NetworkDetection
import NetworkGraph
import Testing

/// Outputs of a few numbers, read by hand.
@Suite struct OutputReaderTests {
  /// An input of 32 by 32 has 16, 4 and 1 cells.
  private static let cells = 21

  @Test func readsAnchorsWithObjectness() throws {
    var values = [Float](repeating: 0, count: 3 * OutputReaderTests.cells * 7)
    values.replaceSubrange(14..<21, with: [16, 8, 6, 4, 0.5, 0.2, 0.9])
    let output = try Tensor(shape: [1, 63, 7], values)
    let found = try OutputReader(.yoloAnchors(classes: 2), width: 32, height: 32).boxes(output, minimumScore: 0.3)
    #expect(found.count == 1 && found[0].classIndex == 1 && abs(found[0].score - 0.45) < 1e-6)
    #expect(found[0].box == OrientedBox(center: Point(16, 8), width: 6, height: 4, angle: 0))
  }

  /// Behind the classes stand the coefficients of masks, which are no classes.
  @Test func readsAnchorsWithMasks() throws {
    var values = [Float](repeating: 0, count: 3 * OutputReaderTests.cells * 9)
    values.replaceSubrange(18..<27, with: [16, 8, 6, 4, 0.5, 0.2, 0.9, 3, -2])
    let output = try Tensor(shape: [1, 63, 9], values)
    let found = try OutputReader(.yoloAnchors(classes: 2, masks: 2), width: 32, height: 32).boxes(output, minimumScore: 0.3)
    #expect(found.count == 1 && found[0].classIndex == 1 && abs(found[0].score - 0.45) < 1e-6)
    #expect(found.first?.coefficients == [3, -2])
  }

  @Test func readsRowsThatAreFinished() throws {
    let upright = try Tensor(shape: [1, 2, 6], [2, 4, 10, 8, 0.9, 3, 0, 0, 0, 0, 0.9, 1] as [Float])
    let found = try OutputReader(.endToEnd, width: 32, height: 32).boxes(upright, minimumScore: 0.1)
    #expect(
      found == [
        NetworkBox(box: OrientedBox(center: Point(6, 6), width: 8, height: 4, angle: 0), score: Double(Float(0.9)), classIndex: 3)
      ])
    let oriented = try Tensor(shape: [1, 1, 7], [6, 7, 8, 4, 0.5, 2, 0.25] as [Float])
    let turned = try OutputReader(.endToEndOriented, width: 32, height: 32).boxes(oriented, minimumScore: 0.1)
    #expect(
      turned == [NetworkBox(box: OrientedBox(center: Point(6, 7), width: 8, height: 4, angle: 0.25), score: 0.5, classIndex: 2)])
  }

  /// Numbers from a network are input: none may end the program.
  @Test(arguments: [Float.nan, .infinity, -.infinity, 3e38, -3e38]) func leavesOutWhatIsNoBox(number: Float) throws {
    for layout in [OutputLayout.yolo(classes: 2, more: 0), .yoloOriented(classes: 1)] {
      let output = try Tensor(shape: [1, 6, 21], [Float](repeating: number, count: 126))
      #expect(
        try OutputReader(layout, width: 32, height: 32).boxes(output, minimumScore: 0.1).allSatisfy { $0.box.center.x.isFinite })
    }
    let rows = try Tensor(shape: [1, 3, 6], [Float](repeating: number, count: 18))
    #expect(try OutputReader(.endToEnd, width: 32, height: 32).boxes(rows, minimumScore: 0.1).isEmpty)
    let cells = try Tensor(shape: [1, 21, 6], [Float](repeating: number, count: 126))
    _ = try OutputReader(.yolox(classes: 1, isDecoded: false), width: 32, height: 32).boxes(cells, minimumScore: 0.1)
    let grid = try Tensor(shape: [1, 6, 2, 2], [Float](repeating: number, count: 24))
    _ = try OutputReader(.fastestDet(classes: 1), width: 32, height: 32).boxes(grid, minimumScore: 0.1)
  }

  @Test func refusesOutputsOfAnotherShape() throws {
    let output = try Tensor(shape: [1, 6, 20], [Float](repeating: 0, count: 120))
    #expect(throws: NetworkError.self) {
      try OutputReader(.yolo(classes: 2, more: 0), width: 32, height: 32).boxes(output, minimumScore: 0.1)
    }
  }

  @Test func tellsLayoutsByShapes() throws {
    var graph = Graph(name: "made", operatorSets: ["": 17])
    func layout(_ shapes: [[Int]]) throws -> OutputLayout { try OutputLayout(graph, shapes: shapes, input: (640, 640)) }
    #expect(try layout([[1, 84, 8400]]) == .yolo(classes: 80, more: 0))
    #expect(try layout([[1, 116, 8400], [1, 32, 160, 160]]) == .yolo(classes: 80, more: 32))
    #expect(try layout([[1, 25200, 85]]) == .yoloAnchors(classes: 80))
    #expect(try layout([[1, 25200, 117], [1, 32, 160, 160]]) == .yoloAnchors(classes: 80, masks: 32))
    #expect(try layout([[1, 8400, 85]]) == .yolox(classes: 80, isDecoded: false))
    #expect(try layout([[1, 300, 6]]) == .endToEnd)
    #expect(try layout([[1, 300, 7]]) == .endToEndOriented)
    #expect(try layout([[1, 300, 38], [1, 32, 160, 160]]) == .endToEnd)
    #expect(try layout([[1, 85, 40, 40]]) == .fastestDet(classes: 80))
    for wrong in [[], [[1, 1000]], [[2, 84, 8400]], [[1, 4, 8400]], [[1, 300, 5]]] as [[[Int]]] {
      #expect(throws: NetworkError.self) { try layout(wrong) }
    }
    graph.metadata = ["task": "obb"]
    #expect(try layout([[1, 20, 8400]]) == .yoloOriented(classes: 15))
  }

  @Test func readsPythonsDictionariesOfNames() {
    #expect(ClassNames.parsed("{0: 'person', 1: 'bicycle'}") == ["person", "bicycle"])
    #expect(ClassNames.parsed(#"{'0': "it's", "1": 'a \'b\', c'}"#) == ["it's", "a 'b', c"])
    for wrong in ["", "{}", "[1]", "{0 'a'}", "{0: a}", "{0: 'a', 2: 'b'}", "{9999999999999999999: 'a'}", "{0: 'a", "{-1: 'a'}"] {
      #expect(ClassNames.parsed(wrong) == nil, "\(wrong)")
    }
    #expect(ClassNames.coco.count == 80 && ClassNames.coco[79] == "toothbrush" && ClassNames.assumed(2) == ["class 0", "class 1"])
  }
}
