internal import Geometry
internal import Imaging
internal import ModelFiles

/// How the target looked when it was pointed at. A follower that learns finds again what it has learned, be it the target or not; what was pointed
/// at does not change.
struct TargetLooks {
  private let features = PatchFeatures()
  private let border: SIMD3<Float>
  private let cells: [ChannelGrid.Lanes]
  /// The cells of the target.
  private let inside: [Int]

  /// The patch's side in mean sides of the target, as the correlation filter has it.
  private static let padding = CorrelationFollower.padding
  /// The least side of a patch, pixels.
  private static let leastSide = 8.0
  /// Channels of edges (`PatchFeatures`).
  private static let edges = 0..<9

  /// - Parameters:
  ///   - picture: Blue, green and red.
  ///   - place: Where the target is in it.
  init(_ picture: Image, _ place: TargetPlace) throws {
    border = picture.meanColor
    cells = try TargetLooks.cells(picture, place, features, border)
    let scale = Double(PatchFeatures.cells) / TargetLooks.crop(place).side
    let (width, height, count) = (place.width * scale, place.height * scale, PatchFeatures.cells)
    func fromMiddle(_ place: Int) -> Double { abs(Double(place) - Double(count - 1) / 2) }
    let isSeen = TargetLooks.isSeen(picture, place)
    inside = (0..<count * count).filter {
      fromMiddle($0 % count) <= width / 2 && fromMiddle($0 / count) <= height / 2 && isSeen($0)
    }
  }

  private static func cells(
    _ picture: Image, _ place: TargetPlace, _ features: PatchFeatures, _ border: SIMD3<Float>
  ) throws -> [ChannelGrid.Lanes] {
    features.cells(try crop(place).planes(of: picture, size: PatchFeatures.side, border: border).values(Float.self) ?? [])
  }

  private static func crop(_ place: TargetPlace) -> SquareCrop {
    SquareCrop(around: place, side: max(leastSide, place.meanSide * padding))
  }

  /// Whether a cell lies wholly in the picture, whose border is no edge of the target.
  private static func isSeen(_ picture: Image, _ place: TargetPlace) -> (Int) -> Bool {
    let (crop, count) = (crop(place), PatchFeatures.cells)
    let side = crop.side / Double(count)
    // An edge is told from the next sample on either side.
    let margin = 1 + side / Double(PatchFeatures.cellSide)
    return { cell in
      let (x, y) = (crop.left + Double(cell % count) * side, crop.top + Double(cell / count) * side)
      return x >= margin && y >= margin && x + side <= Double(picture.width) - margin && y + side <= Double(picture.height) - margin
    }
  }

  /// How like the target what lies in a place is: the correlation of edges by their orientation, cell by cell, in −1…1, over
  /// the cells that are in the picture then and now; 0 where none is, or nothing stands out.
  func likeness(_ picture: Image, _ place: TargetPlace) throws -> Double {
    let now = try TargetLooks.cells(picture, place, features, border)
    let seen = inside.filter(TargetLooks.isSeen(picture, place))
    var product = 0.0, energies = (0.0, 0.0)
    for channel in TargetLooks.edges {
      let (a, b) = (seen.map { Double(cells[$0][channel]) }, seen.map { Double(now[$0][channel]) })
      let count = Double(max(1, seen.count))
      let means = (a.reduce(0, +) / count, b.reduce(0, +) / count)
      for (x, y) in zip(a, b) {
        product += (x - means.0) * (y - means.1)
        energies.0 += (x - means.0) * (x - means.0)
        energies.1 += (y - means.1) * (y - means.1)
      }
    }
    let energy = (energies.0 * energies.1).squareRoot()
    return energy > 0 ? product / energy : 0
  }
}
