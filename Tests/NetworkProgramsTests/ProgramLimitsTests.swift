import ModelFiles
import NetworkGraph
import NetworkPrograms
import Testing

/// Small files that ask for more numbers than a tensor may have: refused by a sentence before memory is taken.
@Suite(.serialized)
struct ProgramLimitsTests {
  private func sentence(_ make: (inout GraphMaker) throws -> Int, _ shape: [Int]) throws -> String? {
    var maker = GraphMaker(seed: 1)
    let made = try make(&maker)
    maker.output(made)
    let graph = maker.graph
    let inputs = try Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, try maker.numbers(shape)) })
    do {
      _ = try Program(graph).run(inputs)
      return nil
    } catch { return "\(error)" }
  }

  private func expectRefusal(
    _ shape: [Int], sourceLocation: SourceLocation = #_sourceLocation, _ make: (inout GraphMaker) throws -> Int
  )
    throws
  {
    let found = try sentence(make, shape)
    #expect(found?.contains("\(ModelLimits.elements)") == true, "\(found ?? "it ran")", sourceLocation: sourceLocation)
  }

  @Test(arguments: ["nearest", "linear"]) func resizing(mode: String) throws {
    try expectRefusal([1, 3, 8, 8]) { maker in
      let scales = maker.constant(try Tensor(shape: [4], [1, 1, 1e5, 1e5] as [Float]))
      let none = maker.constant(try Tensor(shape: [0], [Float]()))
      return maker.one("Resize", [maker.input(), none, scales], ["mode": .string(mode)])
    }
  }

  @Test func expanding() throws {
    try expectRefusal([1, 1]) { maker in maker.one("Expand", [maker.input(), maker.integers([1 << 20, 1 << 20])]) }
    try expectRefusal([1, 1]) { maker in maker.one("Expand", [maker.input(), maker.integers([40_000, 40_000])]) }
  }

  @Test func windowsWithWidePads() throws {
    let pads = Attribute.integers([100_000, 100_000, 100_000, 100_000])
    try expectRefusal([1, 1, 8, 8]) { maker in
      let weights = maker.constant(try maker.numbers([1, 1, 3, 3]))
      return maker.one("Conv", [maker.input(), weights], ["pads": pads])
    }
    try expectRefusal([1, 1, 8, 8]) { maker in
      maker.one("MaxPool", [maker.input()], ["kernel_shape": .integers([3, 3]), "pads": pads])
    }
    try expectRefusal([1, 1, 8, 8]) { maker in
      let weights = maker.constant(try maker.numbers([1, 1, 3, 3]))
      return maker.one("ConvTranspose", [maker.input(), weights], ["strides": .integers([30_000, 30_000])])
    }
    try expectRefusal([1, 1, 8, 8]) { maker in
      let input = maker.input()
      let wide = maker.one("Pad", [input, maker.integers([0, 0, 1 << 20, 1 << 20, 0, 0, 1 << 20, 1 << 20])])
      return maker.one("Conv", [wide, maker.constant(try maker.numbers([1, 1, 3, 3]))])
    }
  }

  @Test func productsOfAColumnAndARow() throws {
    for operation in ["Mul", "MatMul"] {
      try expectRefusal([100_000, 1]) { maker in
        let column = maker.input()
        return maker.one(operation, [column, maker.one("Transpose", [column])])
      }
    }
  }

  @Test func joining() throws {
    try expectRefusal([1, 1 << 24]) { maker in
      let input = maker.input()
      return maker.one("Concat", [Int](repeating: input, count: 20), ["axis": .integer(1)])
    }
  }
}
