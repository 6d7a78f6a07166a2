internal import Geometry
public import ModelFiles
internal import Models
public import NetworkTraining
internal import Records

/// Squares of pictures, changed at random, with the class of each place.
public struct SegmenterExamples: ExampleSource {
  private let pictures: [SegmentedPicture]
  private let source: any SegmentedSource
  private let augmentation: Augmentation
  private let side: Int
  private let classCount: Int

  /// One for each picture and epoch.
  public var count: Int { pictures.count }

  /// - Parameter side: Of the squares in pixels, a multiple of 32.
  public init(
    _ pictures: [SegmentedPicture], from source: any SegmentedSource, augmentation: Augmentation, side: Int, classCount: Int
  ) {
    (self.pictures, self.source, self.augmentation) = (pictures, source, augmentation)
    (self.side, self.classCount) = (side, classCount)
  }

  /// The inputs of `SegmenterLoss.network`; the same for the same places and seed.
  public func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    let (size, cells) = (3 * side * side, side / SegmenterModel.stride)
    var pixels = [Float](repeating: 0, count: places.count * size)
    var shares = [Float](repeating: 0, count: places.count * classCount * cells * cells)
    for (number, place) in places.enumerated() {
      // Each picture has random numbers of its own, whatever else is in the batch.
      var random = SplitMix64(seed: SplitMix64.mixed(seed &+ UInt64(place)))
      let (seen, labels) = (try source.pixels(of: pictures[place]), try source.labels(of: pictures[place]))
      let change = PictureChange(augmentation, boxes: [], width: seen.width, height: seen.height, side: side, &random)
      pixels.withUnsafeMutableBufferPointer { room in
        let part = UnsafeMutableBufferPointer(rebasing: room[number * size..<(number + 1) * size])
        PictureSampler.fill(part, seen, change, width: side, height: side, &random)
      }
      mark(&shares, from: number * classCount * cells * cells, labels, change)
    }
    return [
      "pictures": try Tensor(shape: [places.count, 3, side, side], pixels),
      "classes": try Tensor(shape: [places.count, classCount, cells, cells], shares),
    ]
  }

  /// Writes 1 for the class of each place; nothing outside the picture, and where nobody knows.
  private func mark(_ shares: inout [Float], from start: Int, _ labels: LabelImage, _ change: PictureChange) {
    let (origin, right, down) = change.source(width: side, height: side)
    let stride = SegmenterModel.stride
    let cells = side / stride
    for row in 0..<cells {
      for column in 0..<cells {
        let place =
          origin + right * (Double(column * stride) + Double(stride) / 2) + down * (Double(row * stride) + Double(stride) / 2)
        guard place.x >= 0, place.y >= 0, place.x < Double(labels.width), place.y < Double(labels.height) else { continue }
        // Bounded: by the guard above.
        let label = Int(labels.labels[Int(place.y) * labels.width + Int(place.x)])
        if label < classCount { shares[start + (label * cells + row) * cells + column] = 1 }
      }
    }
  }
}
