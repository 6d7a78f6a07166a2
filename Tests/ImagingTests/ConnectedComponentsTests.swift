import Testing

@testable import Imaging

@Suite("Connected components and morphology")
struct ConnectedComponentsTests {
  /// A random mask from a seed.
  static func mask(seed: UInt64, width: Int, height: Int, density: UInt64) -> Image {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var image = Image(width: width, height: height, channels: 1)
    for i in image.pixels.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      image.pixels[i] = (state >> 33) % 100 < density ? 255 : 0
    }
    return image
  }

  /// Labels by flood fill, in the order of first pixels.
  static func flooded(_ image: Image) -> [Int32] {
    var labels = [Int32](repeating: 0, count: image.pixels.count)
    var next: Int32 = 0
    for start in labels.indices where image.pixels[start] != 0 && labels[start] == 0 {
      next += 1
      var open = [start]
      labels[start] = next
      while let i = open.popLast() {
        let (x, y) = (i % image.width, i / image.width)
        for row in max(0, y - 1)...min(image.height - 1, y + 1) {
          for column in max(0, x - 1)...min(image.width - 1, x + 1) {
            let k = row * image.width + column
            if image.pixels[k] != 0, labels[k] == 0 {
              labels[k] = next
              open.append(k)
            }
          }
        }
      }
    }
    return labels
  }

  @Test("labels and measures agree with a flood fill", arguments: [3, 15, 35, 50, 80] as [UInt64])
  func agreesWithFloodFill(density: UInt64) throws {
    for (seed, size) in [(1, 40), (2, 37), (3, 8), (4, 1)] as [(UInt64, Int)] {
      let image = Self.mask(seed: seed, width: size, height: size + 3, density: density)
      let found = try ConnectedComponents(of: image)
      let labels = Self.flooded(image)
      #expect(found.labels == labels)
      #expect(found.components.count == Int(labels.max() ?? 0))
      for part in found.components {
        let places = labels.indices.filter { labels[$0] == part.label }
        #expect(part.area == places.count)
        #expect(part.left == places.map { $0 % size }.min() && part.top == places.map { $0 / size }.min())
        #expect(part.left + part.width - 1 == places.map { $0 % size }.max())
        #expect(part.top + part.height - 1 == places.map { $0 / size }.max())
      }
    }
  }

  @Test("a walk over a component visits the pixels with its label", arguments: [15, 50] as [UInt64])
  func walk(density: UInt64) throws {
    let image = Self.mask(seed: 6, width: 31, height: 24, density: density)
    let found = try ConnectedComponents(of: image)
    for part in found.components {
      var visited: [Int] = []
      found.forEachPixel(of: part) { x, y, index in
        #expect(index == y * 31 + x)
        visited.append(index)
      }
      #expect(visited == found.labels.indices.filter { found.labels[$0] == part.label })
    }
  }

  @Test("joined components have one label, their common hull and the sum of their areas")
  func joined() throws {
    var image = Image(width: 12, height: 8, channels: 1)
    for (x, y) in [(1, 1), (2, 1), (6, 3), (6, 4), (10, 6)] { image[x, y] = 255 }
    var found = try ConnectedComponents(of: image)
    found.join(0, to: 1)
    #expect(found.components.map(\.area) == [4, 1])
    #expect(found.components[0].columns == 1..<7 && found.components[0].rows == 1..<5)
    #expect(found.labels.filter { $0 == found.components[0].label }.count == 4)
    #expect(found.labels.filter { $0 != 0 }.count == 5)
  }

  @Test("small components are left out of the list")
  func minimumArea() throws {
    var image = Image(width: 10, height: 5, channels: 1)
    image[1, 1] = 1
    for x in 4..<9 { image[x, 3] = 1 }
    let found = try ConnectedComponents(of: image, minimumArea: 3)
    #expect(found.components.map(\.area) == [5])
    #expect(found.components.map(\.label) == [2])
  }

  @Test("morphology agrees with minima and maxima over squares", arguments: [1, 3, 5])
  func morphology(side: Int) throws {
    let image = Self.mask(seed: 9, width: 23, height: 17, density: 60)
    let eroded = try image.morphed(.erosion, .square(side))
    let dilated = try image.morphed(.dilation, .square(side))
    let reach = side / 2
    for y in 0..<17 {
      for x in 0..<23 {
        var values: [UInt8] = []
        for row in max(0, y - reach)...min(16, y + reach) {
          for column in max(0, x - reach)...min(22, x + reach) { values.append(image[column, row]) }
        }
        #expect(eroded[x, y] == values.min() && dilated[x, y] == values.max())
      }
    }
    #expect(try image.morphed(.closing, .square(side)) == dilated.morphed(.erosion, .square(side)))
  }

  @Test("elements that are even or too large are refused", arguments: [0, 2, 64, 65])
  func refusedElements(side: Int) {
    #expect(throws: ImagingError.self) { try Image(width: 8, height: 8, channels: 1).morphed(.opening, .disk(side)) }
  }
}
