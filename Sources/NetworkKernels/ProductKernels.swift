import ModelFiles

/// Matrix products.
extension Kernels {
  static let products: [String: Kernel] = [
    "MatMul": .one { call in
      let (left, right) = (try call.input(0), try call.input(1))
      let product = try multiply(call, left, right, left.elements.doubles, right.elements.doubles)
      return try call.result(product.shape, product.values, type: left.type)
    },
    "MatMulInteger": .one { call in
      let (left, right) = (try call.input(0), try call.input(1))
      let product = try multiply(
        call, left, right, try rowsCentred(call, left, zero: call.optional(2)),
        try centred(call, right, zero: call.optional(3), axis: right.rank - 1))
      return try call.result(product.shape, product.values, type: .int32)
    },
    "QLinearMatMul": .one { call in
      let (left, right) = (try call.input(0), try call.input(3))
      let product = try multiply(
        call, left, right, try rowsCentred(call, left, zero: call.optional(2)),
        try centred(call, right, zero: call.optional(5), axis: right.rank - 1))
      return try requantized(
        call, product.shape, product.values, channelAxis: max(0, product.shape.count - 1),
        scales: (try call.input(1), try call.input(4), try call.input(6)), zero: try call.input(7))
    },
    "Gemm": .one { call in try gemm(call) },
    "Einsum": .one { call in try Einsum(call).result(call) },
  ]

  /// A zero point may be one number or one for each row.
  private static func rowsCentred(_ call: KernelCall, _ tensor: Tensor, zero: Tensor?) throws -> [Double] {
    try centred(call, tensor, zero: zero, axis: max(0, tensor.rank - 2))
  }

  /// NumPy's matmul: leading axes broadcast, a list is a row on the left and a column on the right.
  private static func multiply(
    _ call: KernelCall, _ left: Tensor, _ right: Tensor, _ leftValues: [Double], _ rightValues: [Double]
  ) throws -> (shape: [Int], values: [Double]) {
    guard left.rank > 0, right.rank > 0 else { throw call.fault("needs matrices") }
    let leftShape = left.rank == 1 ? [1] + left.shape : left.shape
    let rightShape = right.rank == 1 ? right.shape + [1] : right.shape
    let (rows, inner) = (leftShape[leftShape.count - 2], leftShape[leftShape.count - 1])
    let columns = rightShape[rightShape.count - 1]
    guard inner == rightShape[rightShape.count - 2],
      let batch = Broadcasting.shape([Array(leftShape.dropLast(2)), Array(rightShape.dropLast(2))])
    else { throw call.fault("multiplies \(Tensor.text(left.shape)) by \(Tensor.text(right.shape)), which do not fit") }
    var values = [Double](repeating: 0, count: try call.count(batch + [rows, columns]))
    let leftPlaces = Broadcasting.places(Array(leftShape.dropLast(2)), to: batch)
    let rightPlaces = Broadcasting.places(Array(rightShape.dropLast(2)), to: batch)
    for index in leftPlaces.indices {
      let (from, to) = (rightPlaces[index] * inner * columns, index * rows * columns)
      for row in 0..<rows {
        for middle in 0..<inner {
          let factor = leftValues[(leftPlaces[index] * rows + row) * inner + middle]
          for column in 0..<columns {
            values[to + row * columns + column] += factor * rightValues[from + middle * columns + column]
          }
        }
      }
    }
    var shape = batch
    if left.rank > 1 { shape.append(rows) }
    if right.rank > 1 { shape.append(columns) }
    return (shape, values)
  }

  private static func gemm(_ call: KernelCall) throws -> Tensor {
    let (left, right) = (try call.input(0), try call.input(1))
    let (alpha, beta) = (try call.float("alpha", default: 1), try call.float("beta", default: 1))
    guard left.rank == 2, right.rank == 2 else { throw call.fault("needs two matrices") }
    let a = try call.flag("transA") ? transposed(left) : left
    let b = try call.flag("transB") ? transposed(right) : right
    let product = try multiply(call, a, b, a.elements.doubles, b.elements.doubles)
    guard let addend = call.optional(2) else {
      return try call.result(product.shape, product.values.map { alpha * $0 }, type: left.type)
    }
    // Before version 7 an addend was broadcast only when asked; the result is the same.
    guard Broadcasting.shape([addend.shape, product.shape]) == product.shape else {
      throw call.fault("adds \(Tensor.text(addend.shape)) to \(Tensor.text(product.shape)), which do not fit")
    }
    let extra = addend.elements.doubles
    let values = zip(product.values, Broadcasting.places(addend.shape, to: product.shape)).map { alpha * $0 + beta * extra[$1] }
    return try call.result(product.shape, values, type: left.type)
  }

  private static func transposed(_ matrix: Tensor) throws -> Tensor {
    let places = Strides.places([matrix.shape[1], matrix.shape[0]], strides: [1, matrix.shape[1]])
    return try Tensor(shape: [matrix.shape[1], matrix.shape[0]], elements: matrix.elements.taking(places))
  }
}

/// Einstein's sum: letters name axes, letters that are not in the result are summed over.
private struct Einsum {
  private let terms: [[String]]
  private let output: [String]
  private let sizes: [String: Int]
  private let summed: [String]

  init(_ call: KernelCall) throws {
    let equation = try call.string("equation", default: "").filter { $0 != " " }
    let sides = equation.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let operands = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard operands.count == call.inputs.count else {
      throw call.fault("has an equation '\(equation)' for \(call.inputs.count) inputs")
    }
    var terms: [[String]] = []
    var free: [String] = []
    var sizes: [String: Int] = [:]
    for (index, operand) in operands.enumerated() {
      let rank = try call.input(index).rank
      let letters = operand.replacingEllipsis(count: rank - operand.filter(\.isLetter).count)
      guard let letters, letters.count == rank else { throw call.fault("has a term '\(operand)' for \(rank) axes") }
      terms.append(letters)
      let dots = letters.filter { $0.hasPrefix(".") }
      if dots.count > free.count { free = dots }
    }
    for (index, letters) in terms.enumerated() {
      for (letter, size) in zip(letters, try call.input(index).shape) {
        let known = sizes[letter] ?? 1
        guard known == size || known == 1 || (size == 1 && letter.hasPrefix(".")) else {
          throw call.fault("has two sizes, \(known) and \(size), for '\(letter)'")
        }
        sizes[letter] = max(known, size)
        if size == 0 { sizes[letter] = 0 }
      }
    }
    if sides.count == 2 {
      guard let letters = String(sides[1].dropFirst()).replacingEllipsis(count: free.count),
        letters.allSatisfy({ [sizes] in sizes[$0] != nil })
      else { throw call.fault("has an equation '\(equation)' that cannot be read") }
      output = letters
    } else {
      // Without an arrow: the letters that occur once, in alphabetical order.
      let all = terms.flatMap { $0 }.filter { !$0.hasPrefix(".") }
      output = free + Set(all.filter { letter in all.count { $0 == letter } == 1 }).sorted()
    }
    self.sizes = sizes
    self.terms = terms
    let kept = Set(output)
    summed = sizes.keys.filter { !kept.contains($0) }.sorted()
  }

  func result(_ call: KernelCall) throws -> Tensor {
    let axes = output + summed
    let space = axes.map { sizes[$0] ?? 1 }
    let count = try call.count(space)
    let shape = output.map { sizes[$0] ?? 1 }
    var products = [Double](repeating: 1, count: count)
    for (index, letters) in terms.enumerated() {
      let tensor = try call.input(index)
      let strides = Strides.of(tensor.shape)
      let steps = axes.map { axis in
        letters.indices.reduce(0) { $0 + (letters[$1] == axis && tensor.shape[$1] != 1 ? strides[$1] : 0) }
      }
      let values = tensor.elements.doubles
      for (place, source) in Strides.places(space, strides: steps).enumerated() { products[place] *= values[source] }
    }
    let inner = summed.reduce(1) { $0 * (sizes[$1] ?? 1) }
    let results = (0..<shape.reduce(1, *)).map { place in products[place * inner..<(place + 1) * inner].reduce(0, +) }
    return try call.result(shape, results, type: try call.input(0).type)
  }
}

extension String {
  /// The letters of a term, an ellipsis replaced by `count` axes named from the last one backwards.
  fileprivate func replacingEllipsis(count: Int) -> [String]? {
    guard count >= 0, count <= ModelLimits.rank else { return nil }
    var letters: [String] = []
    var rest = Substring(self)
    while let letter = rest.first {
      if rest.hasPrefix("...") {
        letters += (0..<count).reversed().map { ".\($0)" }
        rest = rest.dropFirst(3)
      } else {
        guard letter.isLetter else { return nil }
        letters.append(String(letter))
        rest = rest.dropFirst()
      }
    }
    return letters
  }
}
