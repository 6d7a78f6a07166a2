/// A walk over a shape in row-major order, with the place in several tensors that broadcast to it.
///
/// Neighbouring axes that all tensors step through alike are joined, so that the innermost run is as long as it can be.
struct Walk {
  /// Sizes of the joined axes, outermost first; at least one.
  private(set) var sizes: [Int] = []
  /// For each tensor its steps along them; 0 where it is repeated.
  private(set) var steps: [[Int]]

  /// - Parameters:
  ///   - shape: What is walked over.
  ///   - shapes: Each broadcasts to `shape`; the tensors are row-major.
  init(_ shape: [Int], _ shapes: [[Int]]) {
    let all = shapes.map { Walk.strides($0, to: shape) }
    steps = all.map { _ in [] }
    for axis in shape.indices where shape[axis] != 1 {
      let last = sizes.count - 1
      if last >= 0, all.indices.allSatisfy({ steps[$0][last] == all[$0][axis] * shape[axis] }) {
        sizes[last] *= shape[axis]
        for tensor in all.indices { steps[tensor][last] = all[tensor][axis] }
      } else {
        sizes.append(shape[axis])
        for tensor in all.indices { steps[tensor].append(all[tensor][axis]) }
      }
    }
    if sizes.isEmpty {
      sizes = [1]
      steps = all.map { _ in [0] }
    }
  }

  private static func strides(_ shape: [Int], to target: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: target.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 { strides[target.count - shape.count + axis] = stride }
      stride *= shape[axis]
    }
    return strides
  }

  var runLength: Int { sizes[sizes.count - 1] }
  /// The steps within a run.
  var runSteps: [Int] { steps.map { $0[sizes.count - 1] } }

  /// Calls `body` with the first place of every run in each tensor.
  func forEachRun(_ body: (_ places: [Int]) -> Void) {
    let outer = sizes.count - 1
    var position = [Int](repeating: 0, count: outer)
    var places = [Int](repeating: 0, count: steps.count)
    while true {
      body(places)
      var axis = outer - 1
      while axis >= 0 {
        position[axis] += 1
        for tensor in steps.indices { places[tensor] += steps[tensor][axis] }
        if position[axis] < sizes[axis] { break }
        for tensor in steps.indices { places[tensor] -= steps[tensor][axis] * sizes[axis] }
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// Sums of 32-bit floats.
enum Sums {
  /// Numbers that are summed in 32 bits before the sum goes on in 64.
  private static let block = 4096

  /// The sum of `count` numbers.
  static func run(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
    var total = 0.0
    var start = 0
    while start < count {
      let end = min(count, start + block)
      var lanes = SIMD16<Float>()
      var place = start
      // Reads 16 numbers at a time below `end`, at most `count`.
      while place + 16 <= end {
        lanes += UnsafeRawPointer(numbers + place).loadUnaligned(as: SIMD16<Float>.self)
        place += 16
      }
      var sum = lanes.sum()
      while place < end {
        sum += numbers[place]
        place += 1
      }
      total += Double(sum)
      start = end
    }
    return Float(total)
  }

  /// Adds a source of shape `shape` to a target of a shape that broadcasts to it, which is zero before.
  static func add(_ walk: Walk, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    let length = walk.runLength
    let isKept = walk.runSteps[1] != 0
    // A walk's places and runs stay inside the shapes that it was made of.
    walk.forEachRun { places in
      let (from, to) = (source + places[0], target + places[1])
      if isKept {
        for place in 0..<length { to[place] += from[place] }
      } else {
        to[0] += run(from, length)
      }
    }
  }
}
