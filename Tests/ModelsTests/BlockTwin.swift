import Foundation

@testable import Models

/// A transformer block of one picture by loops over numbers, as its papers write it.
struct BlockTwin {
  private let parameters: [String: [Double]]
  private let width: Int

  init(_ parameters: [String: [Double]], width: Int) { (self.parameters, self.width) = (parameters, width) }

  private func parameter(_ name: String) -> [Double] { parameters["block.\(name)"] ?? [] }

  /// - Parameter map: [width, rows, columns].
  func block(_ map: [Double], _ rows: Int, _ columns: Int, _ kind: CoarseBlocks) -> [Double] {
    let count = rows * columns
    // Cells with their channels side by side.
    var cells = (0..<count).map { cell in (0..<width).map { map[$0 * count + cell] } }
    let moved = placed(cells, rows, columns)
    let attended = attention(moved.map { norm($0, "norm1") })
    cells = zip(moved, attended).map { zip($0, $1).map(+) }
    let second = cells.map { half(norm($0, "norm2"), kind) }
    cells = zip(cells, second).map { zip($0, $1).map(+) }
    return (0..<width).flatMap { channel in cells.map { $0[channel] } }
  }

  private func placed(_ cells: [[Double]], _ rows: Int, _ columns: Int) -> [[Double]] {
    let (weight, bias) = (parameter("place.weight"), parameter("place.bias"))
    return cells.indices.map { cell in
      (0..<width).map { channel in
        var sum = cells[cell][channel] + bias[channel]
        for y in -1...1 {
          for x in -1...1 {
            let (row, column) = (cell / columns + y, cell % columns + x)
            guard (0..<rows).contains(row), (0..<columns).contains(column) else { continue }
            sum += weight[channel * 9 + (y + 1) * 3 + x + 1] * cells[row * columns + column][channel]
          }
        }
        return sum
      }
    }
  }

  private func norm(_ cell: [Double], _ name: String) -> [Double] {
    let mean = cell.reduce(0, +) / Double(cell.count)
    let variance = cell.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(cell.count)
    let (scale, shift) = (parameter("\(name).scale"), parameter("\(name).shift"))
    return cell.indices.map { scale[$0] * (cell[$0] - mean) / (variance + Double(Float(1e-5))).squareRoot() + shift[$0] }
  }

  /// W x + b with W by rows.
  private func linear(_ cell: [Double], _ name: String) -> [Double] {
    let (weight, bias) = (parameter("\(name).weight"), parameter("\(name).bias"))
    return bias.indices.map { row in cell.indices.reduce(bias[row]) { $0 + weight[row * cell.count + $1] * cell[$1] } }
  }

  private func attention(_ cells: [[Double]]) -> [[Double]] {
    let all = cells.map { linear($0, "attention.in") }
    let size = 32
    return all.map { query in
      var mixed = [Double](repeating: 0, count: width)
      for head in 0..<width / size {
        let range = head * size..<(head + 1) * size
        let scores = all.map { key in
          exp(range.reduce(0) { $0 + query[$1] * key[width + $1] } / Double(size).squareRoot())
        }
        let sum = scores.reduce(0, +)
        for (other, score) in zip(all, scores) { for place in range { mixed[place] += score / sum * other[2 * width + place] } }
      }
      return linear(mixed, "attention.out")
    }
  }

  private func half(_ cell: [Double], _ kind: CoarseBlocks) -> [Double] {
    switch kind {
    case .conv, .vit: return linear(linear(cell, "wide").map { max(0, $0) }, "narrow")
    case .kan:
      let (weight, bias) = (parameter("functions.coefficients"), parameter("functions.bias"))
      return bias.indices.map { to in
        var sum = bias[to]
        for (from, x) in cell.enumerated() {
          for k in 0..<7 { sum += weight[(from * 7 + k) * width + to] * spline(k, x) }
        }
        return sum
      }
    case .mix:
      let inside = cell.map { 1 / (1 + exp(-$0)) }
      let both = inside + inside.map { 1 - $0 }
      let parts = ["first", "second", "share"].map { name in
        let weight = parameter("mix.\(name)").map { exp($0) }
        return (0..<width).map { to -> Double in
          let (top, bottom) = both.indices.reduce((0.0, 0.0)) {
            ($0.0 + weight[$1 * width + to] * both[$1], $0.1 + weight[$1 * width + to])
          }
          return (0..<3).reduce(top / bottom) { t, _ in t * t * (3 - 2 * t) }
        }
      }
      let mixed = (0..<width).map { parts[0][$0] + (parts[1][$0] - parts[0][$0]) * parts[2][$0] }
      return linear(norm(mixed, "norm3"), "narrow")
    }
  }

  /// The k-th cubic B-spline over cells of one from −2 to 2, by the recursion of Cox and de Boor; straight beyond.
  private func spline(_ k: Int, _ x: Double) -> Double {
    func value(_ start: Int, _ degree: Int, _ x: Double) -> Double {
      let knot = Double(start)
      if degree == 0 { return x >= knot && x < knot + 1 ? 1 : 0 }
      return (x - knot) / Double(degree) * value(start, degree - 1, x)
        + (knot + Double(degree) + 1 - x) / Double(degree) * value(start + 1, degree - 1, x)
    }
    let start = k - 5
    guard x < -2 || x > 2 else { return value(start, 3, x) }
    let end = x < 0 ? -2.0 : 2
    // B' is the difference of the splines of one degree less.
    let slope = value(start, 2, end) - value(start + 1, 2, end)
    return value(start, 3, end) + slope * (x - end)
  }
}
