internal import Geometry
public import ModelFiles
internal import Models
public import NetworkTraining

/// Squares of annotated pictures, changed at random, with what a detector should tell of them.
public struct DetectorExamples: ExampleSource {
  private let composer: SquareComposer
  private let side: Int
  private let classCount: Int
  private let tellsObjects: Bool
  private let hasMasks: Bool
  private let looksBack: Bool
  private let hasLooks: Bool

  /// One for each picture and epoch.
  public var count: Int { composer.pictures.count }

  /// - Parameters:
  ///   - side: Of the squares in pixels, a multiple of 32.
  ///   - tellsObjects: Whether the inputs of `BoxLoss.piou` are made too.
  ///   - hasMasks: Whether masks are learned too.
  ///   - looksBack: Whether the squares of the frames before are made too.
  ///   - hasLooks: Whether looks are learned too, for which some pictures are shown a second time (`EmbeddingTargets.views`).
  public init(
    _ pictures: [AnnotatedPicture], from source: any PictureSource, augmentation: Augmentation, side: Int, classCount: Int,
    tellsObjects: Bool = false, hasMasks: Bool = false, looksBack: Bool = false, hasLooks: Bool = false
  ) {
    composer = SquareComposer(pictures: pictures, source: source, augmentation: augmentation, side: side)
    (self.side, self.classCount, self.tellsObjects, self.hasMasks) = (side, classCount, tellsObjects, hasMasks)
    (self.looksBack, self.hasLooks) = (looksBack, hasLooks)
  }

  /// The inputs of `DetectorLoss.network`; the same for the same places and seed.
  public func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    let size = 3 * side * side
    let views = hasLooks ? EmbeddingTargets.views(of: places.count) : 0
    let count = places.count + views
    var pixels = [Float](repeating: 0, count: count * size)
    var former = [Float](repeating: 0, count: looksBack ? count * size : 0)
    var (shown, targets, masks) = ([SquareComposer.Labels](), [DetectorTargets](), [MaskTargets]())
    for number in 0..<count {
      // Each picture has random numbers of its own, whatever else is in the batch; second views follow the places.
      let (place, isSecond) = (places[number % places.count], number >= places.count)
      var random = SplitMix64(seed: SplitMix64.mixed(seed &+ UInt64(place)))
      if isSecond { random = SplitMix64(seed: random.next()) }
      let square = number * size..<(number + 1) * size
      let labels = try pixels.withUnsafeMutableBufferPointer { room in
        try former.withUnsafeMutableBufferPointer { before in
          let now = UnsafeMutableBufferPointer(rebasing: room[square])
          let before = looksBack ? UnsafeMutableBufferPointer(rebasing: before[square]) : nil
          return isSecond
            ? try composer.fillAgain(now, before: before, shown[number - places.count], place: place, &random)
            : try composer.fill(now, before: before, place: place, &random)
        }
      }
      let told = DetectorTargets(labels.boxes, in: labels.parts, side: side, classes: classCount)
      targets.append(told)
      if hasMasks { masks.append(MaskTargets(labels, told, side: side, &random)) }
      if hasLooks { shown.append(labels) }
    }
    var tensors = try tensors(targets)
    if tellsObjects { tensors.merge(try objects(targets)) { first, _ in first } }
    if hasMasks { try tensors.merge(self.tensors(masks)) { first, _ in first } }
    if hasLooks {
      var random = SplitMix64(seed: SplitMix64.mixed(seed))
      let looks = EmbeddingTargets(zip(shown, targets).map { ($0, $1) }, views: views, &random)
      try tensors.merge(looks.tensors) { first, _ in first }
    }
    tensors["pictures"] = try Tensor(shape: [count, 3, side, side], pixels)
    if looksBack { tensors[TimeMix.pictureName] = try Tensor(shape: [count, 3, side, side], former) }
    return tensors
  }

  private func tensors(_ masks: [MaskTargets]) throws -> [String: Tensor] {
    let (count, cells) = (masks.count, side / PyramidSize.decoderStride * (side / PyramidSize.decoderStride))
    return [
      "claims": try Tensor(shape: [count, cells, MaskLoss.objects], masks.flatMap(\.claims)),
      "masks": try Tensor(shape: [count, MaskLoss.objects, cells], masks.flatMap(\.masks)),
      "regions": try Tensor(shape: [count, MaskLoss.objects, cells], masks.flatMap(\.regions)),
    ]
  }

  private func tensors(_ targets: [DetectorTargets]) throws -> [String: Tensor] {
    let cells = side / PyramidSize.decoderStride
    func tensor(_ channels: Int, _ values: [Float]) throws -> Tensor {
      try Tensor(shape: [targets.count, channels, cells, cells], values)
    }
    return [
      "centres": try tensor(classCount, targets.flatMap(\.centres)),
      "background": try tensor(classCount, targets.flatMap(\.background)),
      "boxes": try tensor(DetectorModel.boxChannels, targets.flatMap(\.boxes)),
      "weights": try tensor(1, targets.flatMap(\.weights)),
    ]
  }

  private func objects(_ targets: [DetectorTargets]) throws -> [String: Tensor] {
    let count = DetectorLoss.greatestObjectCount
    var (cells, weights) = ([Int64](), [Float]())
    for target in targets {
      let known = target.objects.prefix(count)
      let rest = count - known.count
      cells += known.map { Int64($0.cell) } + [Int64](repeating: 0, count: rest)
      weights += known.map(\.weight) + [Float](repeating: 0, count: rest)
    }
    let shape = [targets.count, 1, count]
    return [
      DetectorLoss.objectInputNames[0]: try Tensor(shape: shape, cells),
      DetectorLoss.objectInputNames[1]: try Tensor(shape: shape, weights),
    ]
  }
}
