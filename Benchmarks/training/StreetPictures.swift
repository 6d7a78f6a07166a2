import Foundation
import Records
import Video

/// Road scenes with a class for each pixel (CamVid in eleven classes), at half their size, in memory.
struct StreetPictures {
  /// A picture with its labels.
  struct Scene {
    /// Half-size planes blue, green, red, each 2 × 2 pixels' mean.
    let planes: [UInt8]
    /// Half-size labels: of each 2 × 2 pixels the first one's.
    let labels: [UInt8]
    /// The labels at full size, for the test.
    let fullLabels: [UInt8]
  }
  static let classes = [
    "Sky", "Building", "Pole", "Road", "Pavement", "Tree", "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist",
  ]
  /// The label of pixels that do not count.
  static let void: UInt8 = 11
  static let (width, height) = (480, 360)
  static let (halfWidth, halfHeight) = (width / 2, height / 2)
  let scenes: [Scene]

  /// - Parameters:
  ///   - folder: With `images` and `labels` of equal names.
  ///   - isChosen: Of a name DRIVE_FRAME.
  init(_ folder: String, where isChosen: (String) -> Bool) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/images").sorted()
      .filter { $0.hasSuffix(".webp") }.map { String($0.dropLast(5)) }.filter(isChosen)
    scenes = try names.map { name in
      let pixels = try StreetPictures.pixels(folder + "/images/" + name + ".webp")
      let labels = try LabelImageReader.read(path: folder + "/labels/" + name + ".png")
      guard labels.width == StreetPictures.width, labels.height == StreetPictures.height else { throw Fault.size(name) }
      return Scene(
        planes: StreetPictures.halved(pixels), labels: StreetPictures.halved(labels: labels.labels), fullLabels: labels.labels)
    }
  }

  enum Fault: Error { case size(String) }

  private static func pixels(_ path: String) throws -> [UInt8] {
    let source = try VideoSources.open(path)
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      let picture = try frame.bgr()
      guard picture.width == width, picture.height == height else { throw Fault.size(path) }
      return picture.pixels
    }
    throw Fault.size(path)
  }

  private static func halved(_ pixels: [UInt8]) -> [UInt8] {
    (0..<3).flatMap { channel in
      (0..<halfWidth * halfHeight).map { place -> UInt8 in
        let first = (place / halfWidth * 2 * width + place % halfWidth * 2) * 3 + channel
        let sum = [0, 3, 3 * width, 3 * width + 3].reduce(0) { $0 + Int(pixels[first + $1]) }
        return UInt8((sum + 2) / 4)
      }
    }
  }

  private static func halved(labels: [UInt8]) -> [UInt8] {
    (0..<halfWidth * halfHeight).map { labels[$0 / halfWidth * 2 * width + $0 % halfWidth * 2] }
  }

  /// For each place of a half-size picture the class that is there most often.
  var prior: [UInt8] {
    (0..<StreetPictures.halfWidth * StreetPictures.halfHeight).map { place in
      var counts = [Int](repeating: 0, count: StreetPictures.classes.count)
      for scene in scenes where scene.labels[place] < StreetPictures.void { counts[Int(scene.labels[place])] += 1 }
      return UInt8(counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0)
    }
  }

  /// Root of the median frequency over the class's own: rare classes weigh more, by less than their rarity.
  var classWeights: [Float] {
    var (pixels, present) = ([Double](repeating: 0, count: 11), [Double](repeating: 0, count: 11))
    for scene in scenes {
      var counts = [Double](repeating: 0, count: 12)
      for label in scene.labels { counts[Int(min(label, StreetPictures.void))] += 1 }
      for place in 0..<11 where counts[place] > 0 {
        pixels[place] += counts[place]
        present[place] += Double(scene.labels.count)
      }
    }
    let frequencies = zip(pixels, present).map { $1 > 0 ? $0 / $1 : 1 }
    let median = frequencies.sorted()[5]
    return frequencies.map { Float((median / $0).squareRoot()) }
  }
}

/// What was found where, over whole sets of pictures.
struct Confusion {
  private var counts = [Int](repeating: 0, count: 121)
  private static let size = StreetPictures.classes.count

  /// Void pixels are left out.
  mutating func add(truth: [UInt8], found: (Int) -> UInt8) {
    for (place, label) in truth.enumerated() where label < StreetPictures.void {
      counts[Int(label) * Confusion.size + Int(found(place))] += 1
    }
  }

  /// Hits over hits, misses and false ones, of each class.
  var overlaps: [Double] {
    (0..<Confusion.size).map { place in
      let hits = counts[place * Confusion.size + place]
      let truth = (0..<Confusion.size).reduce(0) { $0 + counts[place * Confusion.size + $1] }
      let found = (0..<Confusion.size).reduce(0) { $0 + counts[$1 * Confusion.size + place] }
      return Double(hits) / Double(max(1, truth + found - hits))
    }
  }

  var mean: Double { overlaps.reduce(0, +) / Double(Confusion.size) }

  /// A row of a table.
  func row(_ name: String) -> String {
    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    return "| \(name) | **\(text(mean))** | " + overlaps.map(text).joined(separator: " | ") + " |"
  }
}
