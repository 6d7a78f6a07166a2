import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import NetworkTraining

private func rows(_ rows: [[Double]]) throws -> Tensor { try Tensor(shape: [rows.count, rows[0].count], rows.flatMap { $0 }) }
private func list(_ numbers: [Double]) -> Tensor { Tensor(list: numbers) }

/// The gradient of what `make` builds over one of the inputs.
private func gradient(
  _ inputs: [Tensor], over place: Int, _ make: (inout GraphBuilder, [Int]) throws -> Int
) throws -> [Double] {
  try numbers(inputs) { builder, x in
    let loss = builder.sum(try make(&builder, x))
    return try #require(try Differentiation.gradients(of: loss, over: [x[place]], in: &builder)[0])
  }
}

/// The expected numbers are worked out from the formulas with numpy, gradients in closed form.
@Suite("Losses of views, patches and pairs have the values of their formulas")
struct SelfDistillationTests {
  @Test func twoViewsOfOnePicture() throws {
    let views = [[1, 2, 0.5], [0.3, 1.5, 1], [0.5, 1, 0], [0.2, 0.9, 0.4]]
    let inputs = try views.map { try rows([$0]) } + [list([0.2, 0.4, 0.1])]
    func loss(_ builder: inout GraphBuilder, _ x: [Int]) throws -> Int {
      try builder.selfDistillation(
        teachers: Array(x[..<2]), students: Array(x[2..<4]), center: x[4], teacherTemperature: 0.5, studentTemperature: 0.1)
    }
    for (teacher, student, expected) in [(0, 3, 1.451876), (1, 2, 4.093851)] {
      expectNear(
        try numbers(inputs) {
          $0.centredEntropy(
            teacher: $1[teacher], student: $1[student], center: $1[4], teacherTemperature: 0.5, studentTemperature: 0.1)
        }, [expected])
    }
    expectNear(try numbers(inputs, loss), [2.772864])
    expectNear(try gradient(inputs, over: 2, loss), [-0.341291, 2.197234, -1.855943])
    expectNear(try numbers(inputs) { try $0.movedCenter($1[4], teachers: Array($1[..<2])) }, [0.245, 0.535, 0.165])
    #expect(throws: TrainingError.self) {
      try numbers(inputs) { try $0.selfDistillation(teachers: [$1[0]], students: [$1[1]], center: $1[4]) }
    }
  }

  @Test func maskedPatches() throws {
    let t = [1, 0, 0.5, 0.2, 0.8, 0.1, -0.5, 1, 0.3]
    let s = [0.4, 0.1, 0.2, 0.3, 0.5, 0.2, 0, 0.7, 0.1]
    // The second sample has no masked patch.
    let inputs = [
      try Tensor(shape: [2, 3, 3], t + t), try Tensor(shape: [2, 3, 3], s + s), try rows([[1, 0, 1], [0, 0, 0]]),
      list([0.1, 0.2, 0.1]),
    ]
    func loss(_ builder: inout GraphBuilder, _ x: [Int]) -> Int {
      builder.patchDistillation(
        teacher: x[0], student: x[1], masks: x[2], center: x[3], patches: 3, teacherTemperature: 0.5, studentTemperature: 0.1)
    }
    expectNear(
      try numbers(inputs) {
        $0.centredEntropy(teacher: $1[0], student: $1[1], center: $1[3], teacherTemperature: 0.5, studentTemperature: 0.1)
      }, [0.892224, 1.152032, 1.642760, 0.892224, 1.152032, 1.642760])
    expectNear(try numbers(inputs) { loss(&$0, $1) }, [1.267492 / 2])
    let slopes = try gradient(inputs, over: 1) { loss(&$0, $1) }
    expectNear(Array(slopes[..<3]).map { 2 * $0 }, [0.837585, -0.164618, -0.672967])
    #expect(slopes[3..<6].allSatisfy { $0 == 0 } && slopes[9...].allSatisfy { $0 == 0 })
  }

  @Test func histogramsOfGradients() throws {
    // I = 2x + y + 5 [x > 4]: bins 0, 1 and 4 hold 178.634533, 107.331263 and 24.
    let pixels = (0..<64).map { place -> Float in
      let (x, y) = (place % 8, place / 8)
      return Float(2 * x + y + (x > 4 ? 5 : 0))
    }
    let found: [Double] = try OrientedGradients.histograms(pixels, width: 8, height: 8).map { Double($0) }
    expectNear(found, [0.851546, 0.511645, 0, 0, 0.114407, 0, 0, 0, 0], within: 1e-6)
    #expect(
      try OrientedGradients.histograms([Float](repeating: 3, count: 64), width: 8, height: 8) == [Float](repeating: 0, count: 9))
    let prediction = [Double](repeating: 0.1, count: 9)
    let inputs = [try Tensor(shape: [1, 1, 9], prediction), try Tensor(shape: [1, 1, 9], found), try rows([[1]])]
    let loss = try numbers(inputs) { $0.maskedFeatures($1[0], $1[1], masks: $1[2], patches: 1) }
    expectNear(loss, [0.0882756], within: 1e-6)
    // Three channels of 32×16 pixels: two patches with 2·2 cells, 3 channels and 9 bins each.
    let planes = (0..<3 * 512).map { Float($0 * $0 % 97) }
    let targets = try OrientedGradients.targets(planes, channels: 3, width: 32, height: 16)
    #expect(targets.count == 2 * 108)
    let second = try OrientedGradients.histograms(Array(planes[512..<1024]), width: 32, height: 16)
    // The second patch's second channel begins behind 108 + 36 numbers with the cell of row 0, column 2.
    #expect(Array(targets[144..<153]) == Array(second[18..<27]))
    #expect(throws: TrainingError.self) { try OrientedGradients.histograms(pixels, width: 7, height: 8) }
  }

  @Test func gradientsOfPairsAndOfATeacher() throws {
    let s = try rows([[0.9, 0.1], [0.3, 0.6]])
    let inputs = [s, try rows([[1, 0], [0, 1]]), Tensor(scalar: log(10.0)), Tensor(scalar: -10.0)]
    expectNear(
      try gradient(inputs, over: 0) { $0.infoNCE($1[0], identity: $1[1], count: 2, temperature: 0.1) },
      [-0.001677, 0.001677, 0.237129, -0.237129])
    for (place, expected) in [(0, [-3.655293, 0.000617, 0.004555, -4.910069]), (2, [-6.234377]), (3, [-0.856019])] {
      expectNear(
        try gradient(inputs, over: place) { $0.sigmoidPairs($1[0], identity: $1[1], count: 2, logarithm: $1[2], bias: $1[3]) },
        expected)
    }
    let pair = [try rows([[1, 0.5, -1]]), try rows([[2, 1, -2]])]
    func soft(_ builder: inout GraphBuilder, _ x: [Int], _ temperature: Double) -> Int {
      builder.distillation(student: x[0], teacher: x[1], hard: builder.constant(0), temperature: temperature, share: 1, classes: 3)
    }
    expectNear(try numbers(pair) { soft(&$0, $1, 4) }, [0.2709556])
    expectNear(try gradient(pair, over: 0) { soft(&$0, $1, 4) }, [-0.256289, -0.032953, 0.289242])
    // Towards an infinite temperature: (centred z_s − centred z_t)/K.
    expectNear(try gradient(pair, over: 0) { soft(&$0, $1, 1e4) }, [-0.277778, -0.111111, 0.388889], within: 1e-4)
    #expect(
      try gradient(pair, over: 0) {
        $0.distillation(student: $1[0], teacher: $1[1], hard: $0.constant(0), temperature: 4, share: 0, classes: 3)
      } == [0, 0, 0])
  }

  @Test func weightsOfNestedMixesAreTheSlopes() throws {
    let losses = [0.9, 0.4, 1.6, 0.2].map { Tensor(scalar: $0) }
    let weights = [0.4, 0.3, 0.15, 0.15]
    for (place, weight) in weights.enumerated() {
      expectNear(try gradient(losses, over: place) { try $0.mixed($1, weights: weights) }, [weight], within: 1e-12)
    }
  }

  @Test func softPixelsOfOrientedBoxes() throws {
    let (a, b) = ([55.445, 41.304, 37.556, 9.082, -0.249], [56.63, 39.02, 24.371, 17.019, -0.146])
    let boxes = [try rows([a]), try rows([b])]
    func overlap(_ builder: inout GraphBuilder, _ x: [Int], _ sharpness: Double, pitch: Double = 1) throws -> Int {
      let pixels = try builder.pixelCentres(x: 25...90, y: 15...65, pitch: pitch)
      return builder.pixelOverlap(x[0], x[1], pixels: pixels, sharpness: sharpness)
    }
    for (sharpness, expected) in [(2.0, 0.413285), (5, 0.416625), (10, 0.415375), (20, 0.413851)] {
      expectNear(try numbers(boxes) { try overlap(&$0, $1, sharpness) }, [expected])
    }
    // Against the exact overlap of the polygons.
    expectNear(try numbers(boxes) { try overlap(&$0, $1, 10, pitch: 0.1) }, [0.417216], within: 5e-6)
    expectNear(try gradient(boxes, over: 0) { try overlap(&$0, $1, 10) }, [-0.001508, -0.001133, -0.007230, 0.035097, -0.052264])
    expectNear(
      try numbers([boxes[0], boxes[0]]) { builder, x in
        let pixels = try builder.pixelCentres(x: 25...90, y: 15...65)
        return builder.pixelOverlapLoss(x[0], x[1], pixels: pixels, sharpness: 10)
      }, [-log(0.946)], within: 1e-3)
  }

  @Test func centralDifferencesOfAllOfThem() throws {
    var check = GradientCheck(seed: 22)
    let (a, b) = (try check.tensor([2, 3, 4], -2...2), try check.tensor([2, 3, 4], -2...2))
    let masks = try rows([[1, 0, 1], [1, 1, 0]])
    // The teacher's gradient is zero by intent, so that only the student's is looked at.
    #expect(
      try check.error(of: [a]) { builder, x in
        let (teacher, center) = (builder.constant(b), builder.constant(list([0.1, -0.2, 0, 0.3])))
        return builder.patchDistillation(
          teacher: teacher, student: x[0], masks: builder.constant(masks), center: center, patches: 3)
      } < 1e-6)
    #expect(
      try check.error(of: [a]) { builder, x in
        builder.maskedFeatures(x[0], builder.constant(b), masks: builder.constant(masks), patches: 3)
      } < 1e-7)
    let boxes = [try rows([[9.3, 8.1, 8.2, 4.7, 0.3]]), try rows([[10.2, 9.4, 6.1, 5.3, 0.8]])]
    #expect(
      try check.error(of: boxes) { builder, x in
        let pixels = try builder.pixelCentres(x: 0...20, y: 0...18)
        return builder.pixelOverlapLoss(x[0], x[1], pixels: pixels, sharpness: 2)
      } < 1e-6)
  }
}
