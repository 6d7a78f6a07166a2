import Foundation

/// Sixteen channels of a square grid of complex numbers, row by row; the channels stand beside each other, so that one operation
/// works on all of them.
struct ChannelGrid {
  typealias Lanes = SIMD16<Float>
  var real: [Lanes]
  var imaginary: [Lanes]

  init(count: Int) {
    real = [Lanes](repeating: .zero, count: count)
    imaginary = real
  }

  init(real: [Lanes]) {
    self.real = real
    imaginary = [Lanes](repeating: .zero, count: real.count)
  }
}

/// The discrete Fourier transform of a square grid whose side is a power of two (Cooley and Tukey, 1965), all channels at once.
struct ChannelTransform {
  let side: Int
  private let cosines: [Float]
  private let sines: [Float]
  private let reversed: [Int]

  init(side: Int) {
    precondition(side >= 2 && side & (side - 1) == 0, "a power of two")
    self.side = side
    cosines = (0..<side / 2).map { Float(cos(2 * .pi * Double($0) / Double(side))) }
    sines = (0..<side / 2).map { Float(-sin(2 * .pi * Double($0) / Double(side))) }
    let bits = side.trailingZeroBitCount
    reversed = (0..<side).map { index in (0..<bits).reduce(0) { $0 | ((index >> $1) & 1) << (bits - 1 - $1) } }
  }

  /// Replaces the values by their transform.
  func forward(_ grid: inout ChannelGrid) { transform(&grid, isInverse: false) }

  /// Replaces a transform by the values, divided by their number.
  func inverse(_ grid: inout ChannelGrid) { transform(&grid, isInverse: true) }

  private func transform(_ grid: inout ChannelGrid, isInverse: Bool) {
    precondition(grid.real.count == side * side && grid.imaginary.count == side * side, "a grid of the transform's side")
    let factor = isInverse ? 1 / Float(side * side) : 1
    grid.real.withUnsafeMutableBufferPointer { real in
      grid.imaginary.withUnsafeMutableBufferPointer { imaginary in
        // Lines are `side` places apart by `stride`, all within side² by the precondition.
        for line in 0..<side { pass(real, imaginary, from: line * side, stride: 1, isInverse) }
        for line in 0..<side { pass(real, imaginary, from: line, stride: side, isInverse) }
        if isInverse {
          for index in real.indices {
            real[index] *= factor
            imaginary[index] *= factor
          }
        }
      }
    }
  }

  private func pass(
    _ real: UnsafeMutableBufferPointer<ChannelGrid.Lanes>, _ imaginary: UnsafeMutableBufferPointer<ChannelGrid.Lanes>,
    from start: Int,
    stride: Int, _ isInverse: Bool
  ) {
    for place in 0..<side where reversed[place] > place {
      real.swapAt(start + place * stride, start + reversed[place] * stride)
      imaginary.swapAt(start + place * stride, start + reversed[place] * stride)
    }
    var half = 1
    while half < side {
      let step = side / (2 * half)
      for block in Swift.stride(from: 0, to: side, by: 2 * half) {
        for place in 0..<half {
          let (cosine, sine) = (cosines[place * step], isInverse ? -sines[place * step] : sines[place * step])
          let (near, far) = (start + (block + place) * stride, start + (block + place + half) * stride)
          let (x, y) = (real[far], imaginary[far])
          let (turnedX, turnedY) = (x * cosine - y * sine, x * sine + y * cosine)
          (real[far], imaginary[far]) = (real[near] - turnedX, imaginary[near] - turnedY)
          (real[near], imaginary[near]) = (real[near] + turnedX, imaginary[near] + turnedY)
        }
      }
      half *= 2
    }
  }
}
