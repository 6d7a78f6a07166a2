import Foundation
internal import ModelFiles

/// What a patch of a picture looks like, cell by cell in sixteen channels: nine orientations of edges (as in Dalal and Triggs, 2005), the
/// brightness, and six of colour.
struct PatchFeatures {
  /// Cells along each side.
  static let cells = 64
  /// Pixels of a cell.
  static let cellSide = 4
  /// Pixels along each side of the patch.
  static let side = cells * cellSide
  private static let orientations = 9

  private let window: [Float]

  init() {
    let hann = (0..<Self.cells).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(Self.cells)) }
    window = (0..<Self.cells * Self.cells).map { Float(hann[$0 / Self.cells] * hann[$0 % Self.cells]) }
  }

  /// - Parameter planes: [1, 3, side, side] of blue, green and red, 0…255.
  /// - Returns: The cells row by row, weighed by a Hann window.
  func cells(_ planes: [Float]) -> [ChannelGrid.Lanes] {
    precondition(planes.count == 3 * Self.side * Self.side, "a patch of the features' side")
    var cells = [ChannelGrid.Lanes](repeating: .zero, count: Self.cells * Self.cells)
    addEdges(planes, to: &cells)
    normalise(&cells)
    addColors(planes, to: &cells)
    for index in cells.indices { cells[index] *= window[index] }
    return cells
  }

  /// Sums the strength of edges in each cell by their orientation, shared between the two nearest of the nine.
  private func addEdges(_ planes: [Float], to cells: inout [ChannelGrid.Lanes]) {
    let (side, area) = (Self.side, Self.side * Self.side)
    let grey = (0..<area).map { 0.114 * planes[$0] + 0.587 * planes[area + $0] + 0.299 * planes[2 * area + $0] }
    var sums = [Float](repeating: 0, count: cells.count * 16)
    grey.withUnsafeBufferPointer { grey in
      sums.withUnsafeMutableBufferPointer { sums in
        // Pixels stay one from the border, so that their neighbours are in the patch; a bin is below nine of sixteen.
        for y in 1..<side - 1 {
          for x in 1..<side - 1 {
            let index = y * side + x
            let (dx, dy) = (grey[index + 1] - grey[index - 1], grey[index + side] - grey[index - side])
            let strength = (dx * dx + dy * dy).squareRoot()
            guard strength > 1e-3 else { continue }
            let place = Self.orientation(dx, dy)
            // Bounded: an orientation is at most nine.
            let bin = min(Int(place), Self.orientations - 1)
            let share = min(1, place - Float(bin))
            let cell = ((y / Self.cellSide) * Self.cells + x / Self.cellSide) * 16
            sums[cell + bin] += strength * (1 - share)
            sums[cell + (bin == Self.orientations - 1 ? 0 : bin + 1)] += strength * share
          }
        }
        for cell in cells.indices { for bin in 0..<Self.orientations { cells[cell][bin] = sums[cell * 16 + bin] } }
      }
    }
  }

  /// The direction of a gradient without its sign, in ninths of half a turn; within 0.02 of the exact one.
  private static func orientation(_ dx: Float, _ dy: Float) -> Float {
    let (x, y) = (abs(dx), abs(dy))
    let ratio = min(x, y) / max(x, y)
    // The arc tangent on [0, 1], within 0.005 radians (Rajan et al., IEEE Signal Processing Magazine, 2006).
    var angle = ratio * (0.97239411 - 0.19194795 * ratio * ratio)
    if y > x { angle = .pi / 2 - angle }
    if (dx < 0) != (dy < 0) { angle = .pi - angle }
    return angle * Float(orientations) / .pi
  }

  /// Divides each cell's edges by their energy in the nine cells around it, so that neither light nor contrast counts.
  private func normalise(_ cells: inout [ChannelGrid.Lanes]) {
    let count = Self.cells
    let energy = cells.map { ($0 * $0).sum() }
    for y in 0..<count {
      for x in 0..<count {
        var sum: Float = 0
        for row in max(0, y - 1)...min(count - 1, y + 1) {
          for column in max(0, x - 1)...min(count - 1, x + 1) { sum += energy[row * count + column] }
        }
        let scaled = cells[y * count + x] * (Self.edgeWeight / ((sum / 9).squareRoot() + Self.leastEnergy))
        cells[y * count + x] = scaled.replacing(with: Self.edgeWeight, where: scaled .> Self.edgeWeight)
      }
    }
  }

  /// Grey levels times pixels; edges weaker than noise are not blown up.
  private static let leastEnergy: Float = 30
  /// Of edges beside brightness and colours; also the most that one strong edge counts.
  private static let edgeWeight: Float = 0.5

  /// Adds the cells' means of brightness, of two differences of colours, and of four hues.
  private func addColors(_ planes: [Float], to cells: inout [ChannelGrid.Lanes]) {
    let (side, area) = (Self.side, Self.side * Self.side)
    let share = 1 / (255 * Float(Self.cellSide * Self.cellSide))
    for cell in cells.indices {
      let (left, top) = (cell % Self.cells * Self.cellSide, cell / Self.cells * Self.cellSide)
      var (blue, green, red) = (Float(0), Float(0), Float(0))
      for y in top..<top + Self.cellSide {
        for x in left..<left + Self.cellSide {
          blue += planes[y * side + x]
          green += planes[area + y * side + x]
          red += planes[2 * area + y * side + x]
        }
      }
      (blue, green, red) = (blue * share, green * share, red * share)
      let (warm, yellow) = (red - green, (red + green) / 2 - blue)
      cells[cell][9] = (red + green + blue) / 3 - 0.5
      cells[cell][10] = warm
      cells[cell][11] = yellow
      cells[cell][12] = max(0, warm) + max(0, yellow) / 2
      cells[cell][13] = max(0, -warm)
      cells[cell][14] = max(0, -yellow)
      cells[cell][15] = max(red, green, blue) - min(red, green, blue)
    }
  }
}
