import Foundation
internal import Geometry

/// What a siamese head says of a search region, and how the best box is chosen (the authors' post-processing, SiamBAN's).
package struct SiameseResponse: Sendable {
  /// Cells along each side.
  package let cells: Int
  private let classes: [Float]
  private let sides: [Float]

  /// - Parameters:
  ///   - classes: [2, cells, cells], background first.
  ///   - sides: [4, cells, cells]: how far the left, top, right and bottom side lie from the cell's centre, pixels of the search crop.
  package init(cells: Int, classes: [Float], sides: [Float]) {
    precondition(classes.count == 2 * cells * cells && sides.count == 4 * cells * cells, "two classes and four sides a cell")
    (self.cells, self.classes, self.sides) = (cells, classes, sides)
  }

  /// A cell's box, in pixels of the search crop from its middle, and its score.
  package struct Candidate: Equatable, Sendable {
    package var x: Double
    package var y: Double
    package var width: Double
    package var height: Double
    /// The softmax of the two classes, in [0, 1].
    package var score: Double
    /// What the change of size and shape leaves of it, in (0, 1].
    package var penalty: Double
  }

  /// The weights of the choice.
  package struct Choice: Sendable, Equatable {
    /// How strongly a change of size and shape counts against a box.
    package var penalty: Double
    /// The share of the window, which favours the middle.
    package var window: Double
  }

  /// A cell's candidate; nil for one whose numbers are no box.
  ///
  /// - Parameters:
  ///   - width: Expected, pixels of the search crop.
  ///   - height: Likewise.
  package func candidate(_ cell: Int, expectedWidth width: Double, height: Double, choice: Choice) -> Candidate? {
    let count = cells * cells
    let (column, row) = (cell % cells, cell / cells)
    let middle = Double(cells / 2)
    let x = (Double(column) - middle) * Double(SiameseNetwork.stride)
    let y = (Double(row) - middle) * Double(SiameseNetwork.stride)
    let (left, top) = (x - Double(sides[cell]), y - Double(sides[count + cell]))
    let (right, bottom) = (x + Double(sides[2 * count + cell]), y + Double(sides[3 * count + cell]))
    let score = 1 / (1 + exp(Double(classes[cell] - classes[count + cell])))
    guard right > left, bottom > top, (right - left + bottom - top).isFinite, score.isFinite else { return nil }
    let (w, h) = (right - left, bottom - top)
    let change = SiameseResponse.change(SiameseResponse.square(w, h) / SiameseResponse.square(width, height))
    let bend = SiameseResponse.change((width / height) / (w / h))
    return Candidate(
      x: (left + right) / 2, y: (top + bottom) / 2, width: w, height: h, score: score,
      penalty: exp(-(bend * change - 1) * choice.penalty))
  }

  /// The best candidate by penalised score and window.
  package func best(expectedWidth width: Double, height: Double, choice: Choice) -> Candidate? {
    var best: (value: Double, candidate: Candidate)?
    for cell in 0..<cells * cells {
      guard let candidate = candidate(cell, expectedWidth: width, height: height, choice: choice) else { continue }
      let window = SiameseResponse.hann(cell % cells, cells) * SiameseResponse.hann(cell / cells, cells)
      let value = candidate.penalty * candidate.score * (1 - choice.window) + window * choice.window
      if value > best?.value ?? -.infinity { best = (value, candidate) }
    }
    return best?.candidate
  }

  private static func hann(_ place: Int, _ count: Int) -> Double {
    0.5 - 0.5 * cos(2 * .pi * Double(place) / Double(count - 1))
  }

  /// A ratio or its inverse, whichever is above 1.
  private static func change(_ ratio: Double) -> Double { max(ratio, 1 / ratio) }

  /// The side of the square crop that belongs to a box: √((w + q)(h + q)) with q = (w + h)/2.
  package static func square(_ width: Double, _ height: Double) -> Double {
    let margin = (width + height) / 2
    return ((width + margin) * (height + margin)).squareRoot()
  }
}
