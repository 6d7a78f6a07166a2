public import Geometry
public import Imaging
internal import NetworkPrograms

/// What the looks of a detection are made of.
public enum AppearanceKind: Sendable {
  /// Histograms of hue and value in three stripes.
  case stripes
  /// A network's.
  case network(EmbedderNetwork)

  /// Numbers of an embedding.
  public var dimension: Int {
    switch self {
    case .stripes: StripeHistogram.dimension
    case .network(let network): network.dimension
    }
  }
}

/// Makes the embeddings of the detections of a picture: unit vectors that are the nearer to each other the more alike the objects look. One thread
/// at a time may use it.
///
/// ```swift
/// let embedder = try AppearanceEmbedder(.stripes)
/// let looks = try embedder.embeddings(of: detections.map(\.box), in: picture)
/// ```
public struct AppearanceEmbedder {
  private let kind: AppearanceKind
  /// Numbers of an embedding.
  package var dimension: Int { kind.dimension }
  private let program: Program?
  /// Of the crops, pixels.
  package let size: (width: Int, height: Int)

  /// The most crops that a network is given at once; a picture's are given in powers of two, so that few plans serve any number.
  private static let largestBatch = 16

  /// - Parameter threads: Of a network's kernels; their number changes no result.
  /// - Throws: `NetworkError` for a network that cannot be run.
  public init(_ kind: AppearanceKind, threads: Int = 1) throws {
    self.kind = kind
    switch kind {
    case .stripes: (program, size) = (nil, (StripeHistogram.width, StripeHistogram.height))
    case .network(let network):
      (program, size) = (try Program(network.graph, threads: threads), (network.width, network.height))
    }
  }

  /// The embeddings of boxes in a picture of blue, green and red, in their order; nil for a box of which nothing is in the picture.
  ///
  /// - Throws: `NetworkError` or `ImagingError` for what fails.
  public func embeddings(of boxes: [GaussianBox], in picture: Image) throws -> [[Float]?] {
    let frame = AxisBox(left: 0, top: 0, width: Double(picture.width), height: Double(picture.height))
    let crops = boxes.map { box -> BoxCrop? in
      guard let crop = BoxCrop(box), box.orientedBox.hull.coveredShare(by: frame) > 0 else { return nil }
      return crop
    }
    let found = try embeddings(of: crops.compactMap { $0 }, in: picture)
    var next = 0
    return crops.map { crop in
      guard crop != nil else { return nil }
      next += 1
      return found[next - 1]
    }
  }

  /// The embedding of a whole picture, nil where the network told none.
  ///
  /// - Throws: As `embeddings(of:in:)`.
  public func embedding(ofWhole picture: Image) throws -> [Float]? {
    try embeddings(of: [BoxCrop(whole: picture)], in: picture.bgr())[0]
  }

  private func embeddings(of crops: [BoxCrop], in picture: Image) throws -> [[Float]?] {
    try embeddings(ofCrops: crops.map { try $0.picture(from: picture, width: size.width, height: size.height) })
  }

  /// The embeddings of crops of blue, green and red of `size`.
  ///
  /// - Throws: As `embeddings(of:in:)`.
  package func embeddings(ofCrops pictures: [Image]) throws -> [[Float]?] {
    guard case .network(let network) = kind, let program else { return pictures.map(StripeHistogram.embedding) }
    var found: [[Float]?] = []
    while found.count < pictures.count {
      let left = pictures.count - found.count
      let batch = network.takesBatches ? min(Self.largestBatch, 1 << (Int.bitWidth - 1 - left.leadingZeroBitCount)) : 1
      found += try network.embeddings(of: pictures[found.count..<found.count + batch], by: program)
    }
    return found
  }
}
