internal import Geometry
internal import ModelFiles
internal import Models
internal import NetworkTraining

/// Squares of pictures, changed at random, of which patches are hidden.
struct HiddenSquare {
  /// [3, side, side] in 0…1, whole.
  let pixels: [Float]
  /// The same with grey in the place of what is hidden.
  let seen: [Float]
  /// 1 for each hidden patch, by rows.
  let masks: [Float]
  let side: Int

  /// The share of patches that are hidden (Wei et al. 2022, section 4.1: 40 % of a picture).
  static let hiddenShare = 0.4
  /// What is seen in the place of hidden pixels.
  private static let grey: Float = 0.5

  init(_ picture: TrainingPixels, _ augmentation: Augmentation, side: Int, _ random: inout SplitMix64) {
    let change = PictureChange(augmentation, boxes: [], width: picture.width, height: picture.height, side: side, &random)
    var pixels = [Float](repeating: 0, count: 3 * side * side)
    pixels.withUnsafeMutableBufferPointer { PictureSampler.fill($0, picture, change, width: side, height: side, &random) }
    let row = side / BackboneModel.patch
    let masks = Self.masks(row * row, &random)
    var seen = pixels
    for y in 0..<side {
      for x in 0..<side where masks[y / BackboneModel.patch * row + x / BackboneModel.patch] > 0 {
        for channel in 0..<3 { seen[(channel * side + y) * side + x] = Self.grey }
      }
    }
    (self.pixels, self.seen, self.masks, self.side) = (pixels, seen, masks, side)
  }

  private static func masks(_ count: Int, _ random: inout SplitMix64) -> [Float] {
    var places = Array(0..<count)
    for last in places.indices.dropFirst().reversed() { places.swapAt(last, random.next(below: last + 1)) }
    var masks = [Float](repeating: 0, count: count)
    // Bounded: at most all patches.
    for place in places.prefix(max(1, Int((hiddenShare * Double(count)).rounded()))) { masks[place] = 1 }
    return masks
  }

  /// The masks of the cells of the histograms, by rows.
  var cellMasks: [Float] {
    let (row, patches) = (side / OrientedGradients.cell, side / BackboneModel.patch)
    let step = BackboneModel.patch / OrientedGradients.cell
    return (0..<row * row).map { masks[$0 / row / step * patches + $0 % row / step] }
  }

  /// The histograms of the mean of the colours, cell after cell by rows.
  func histograms() throws -> [Float] {
    let count = side * side
    let grey = (0..<count).map { (pixels[$0] + pixels[count + $0] + pixels[2 * count + $0]) / 3 }
    return try OrientedGradients.histograms(grey, width: side, height: side)
  }
}

/// What a backbone learns from.
struct BackboneExamples: ExampleSource {
  let pictures: [AnnotatedPicture]
  let source: any PictureSource
  let augmentation: Augmentation
  let side: Int
  let aim: BackboneAim

  /// One for each picture and epoch.
  var count: Int { pictures.count }

  /// The inputs of `BackboneLoss.network`; the same for the same places and seed.
  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    // Each picture has random numbers of its own, whatever else is in the batch.
    func square(_ place: Int, view: UInt64) throws -> HiddenSquare {
      var random = SplitMix64(seed: SplitMix64.mixed(SplitMix64.mixed(seed &+ UInt64(place)) &+ view))
      return HiddenSquare(try source.pixels(of: pictures[place]), augmentation, side: side, &random)
    }
    let views: [UInt64] = aim == .hog ? [0] : [0, 1]
    let squares = try views.flatMap { view in try places.map { try square($0, view: view) } }
    func tensor(_ shape: [Int], _ values: [Float]) throws -> Tensor { try Tensor(shape: [squares.count] + shape, values) }
    var inputs = ["pictures": try tensor([3, side, side], squares.flatMap(\.seen))]
    switch aim {
    case .hog:
      let row = side / OrientedGradients.cell
      inputs["masks"] = try tensor([row * row], squares.flatMap(\.cellMasks))
      inputs["targets"] = try tensor([row * row, OrientedGradients.bins], squares.flatMap { try $0.histograms() })
    case .dino:
      let row = side / BackboneModel.patch
      inputs["masks"] = try tensor([row * row], squares.flatMap(\.masks))
      inputs["views"] = try tensor([3, side, side], squares.flatMap(\.pixels))
    }
    return inputs
  }
}
