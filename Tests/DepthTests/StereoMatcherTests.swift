import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Depth

@Suite struct StereoMatcherTests {
  /// A textured card at disparity 12 before a textured wall at 5, each pixel of the left picture's own.
  private struct Cards {
    let width = 160, height = 96
    var left: Image
    var right: Image
    var truth: [Float]
    var isVisible: [Bool]

    init(seed: UInt64) {
      var random = TestRandom(seed: seed)
      let (width, height) = (width, height)
      let texture = (0..<2).map { _ in (0..<3 * height * (width + 32)).map { _ in UInt8(random.index(below: 256)) } }
      func isCard(_ x: Int, _ y: Int) -> Bool { (60..<110).contains(x) && (25..<70).contains(y) }
      func color(_ surface: Int, _ x: Int, _ y: Int) -> ArraySlice<UInt8> {
        let start = 3 * (y * (width + 32) + x)
        return texture[surface][start..<start + 3]
      }
      var (a, b): ([UInt8], [UInt8]) = ([], [])
      truth = []
      isVisible = []
      for y in 0..<height {
        for x in 0..<width {
          let card = isCard(x, y)
          a += color(card ? 1 : 0, x, y)
          // The right picture shows at x what the left one has at x + d, the card first.
          b += isCard(x + 12, y) ? color(1, x + 12, y) : color(0, x + 5, y)
          truth.append(card ? 12 : 5)
          isVisible.append(x >= 12 && (card || !isCard(x - 5 + 12, y)))
        }
      }
      left = Image(width: width, height: height, channels: 3, pixels: a)
      right = Image(width: width, height: height, channels: 3, pixels: b)
    }
  }

  @Test func cardsLieAtTheirDisparities() throws {
    let cards = Cards(seed: 1)
    let map = try StereoMatcher(disparities: 24).match(left: cards.left, right: cards.right)
    let bad = map.values.indices.count { cards.isVisible[$0] && !(abs(map.values[$0] - cards.truth[$0]) <= 1) }
    #expect(Double(bad) < 0.01 * Double(map.values.count))
    // What only the left picture sees is not measured: at least half of the strip beside the card.
    let hidden = map.values.indices.filter { !cards.isVisible[$0] && $0 % cards.width >= 12 }
    #expect(hidden.count { map.isMeasured[$0] } * 2 < hidden.count)
  }

  @Test func aShiftOfAFractionIsMeasured() throws {
    // A smooth texture, seen 6.4 pixels further left.
    func level(_ x: Double, _ y: Double) -> UInt8 {
      UInt8(127 + 50 * sin(x / 3 + y / 7) + 40 * cos(x / 5 - y / 4) + 30 * sin(x / 11 + y / 2))
    }
    let (width, height) = (160, 80)
    func image(_ shift: Double) -> Image {
      Image(
        width: width, height: height, channels: 1,
        pixels: (0..<width * height).map { level(Double($0 % width) + shift, Double($0 / width)) })
    }
    let map = try StereoMatcher(disparities: 16).match(left: image(0), right: image(6.4))
    let inside = map.values.indices.filter { $0 % width >= 20 && map.isMeasured[$0] }
    #expect(inside.count > width * height / 2)
    let mean = inside.reduce(0) { $0 + Double(map.values[$1]) } / Double(inside.count)
    // Costs that are summed over supports pull towards whole pixels; 0.4 is what whole pixels miss by.
    #expect(abs(mean - 6.4) < 0.25)
  }

  @Test(arguments: [0, 200]) func aConstantPictureHasNoDisparity(_ level: UInt8) throws {
    let image = Image(width: 40, height: 30, channels: 1, pixels: [UInt8](repeating: level, count: 1200))
    let map = try StereoMatcher(disparities: 8).match(left: image, right: image)
    #expect(map.measuredShare == 0 && map.values.allSatisfy(\.isNaN))
  }

  @Test func swappedPicturesAgreeLess() throws {
    let cards = Cards(seed: 2)
    let matcher = StereoMatcher(disparities: 24)
    let right = try matcher.match(left: cards.left, right: cards.right).measuredShare
    let swapped = try matcher.match(left: cards.right, right: cards.left).measuredShare
    #expect(right > 0.85 && swapped < right)
  }

  @Test func otherSizesAndTooManyCostsAreRefused() {
    let image = Image(width: 40, height: 30, channels: 1)
    #expect(throws: DepthError.sizesDiffer(left: "40×30", right: "30×40")) {
      try StereoMatcher(disparities: 8).match(left: image, right: Image(width: 30, height: 40, channels: 1))
    }
    #expect(throws: DepthError.self) { try StereoMatcher(disparities: 200_000).match(left: image, right: image) }
  }

  /// The share of visible pixels that are off by more than one, by the protocol in the data's README.
  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [("tsukuba", 16, Float(16), 0.04), ("venus", 32, Float(8), 0.02)])
  func middleburysPairsAreMatched(_ name: String, _ disparities: Int, _ scale: Float, _ most: Double) throws {
    func load(_ file: String) throws -> Image {
      try ImageFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: SharedData.path("middlebury/\(name)/\(file).png")))))
    }
    let (left, right, truth) = (try load("left"), try load("right"), try load("disp").grey())
    let map = try StereoMatcher(disparities: disparities).match(left: left, right: right)
    let share = MiddleburyScore.badShare(map, truth: truth.pixels.map { Float($0) / scale })
    print("\(name): \(share)")
    #expect(share <= most)
  }
}

/// The protocol of the data's README: hidden pixels are left out, a pixel is bad without an answer or off by more than one.
enum MiddleburyScore {
  static func badShare(_ map: DisparityMap, truth: [Float]) -> Double {
    var (visible, bad) = (0, 0)
    for y in 0..<map.height {
      let row = y * map.width..<(y + 1) * map.width
      var nearest = [Int: Float]()
      let targets = row.map { index -> Int? in
        guard truth[index] > 0 else { return nil }
        let target = Int((Float(index - row.lowerBound) - truth[index]).rounded(.toNearestOrEven))
        if target >= 0 { nearest[target] = max(nearest[target] ?? 0, truth[index]) }
        return target
      }
      for (index, target) in zip(row, targets) {
        guard let target, target >= 0, let winner = nearest[target], winner - truth[index] < 1 else { continue }
        visible += 1
        if !(abs(map.values[index] - truth[index]) <= 1) { bad += 1 }
      }
    }
    return Double(bad) / Double(visible)
  }
}
