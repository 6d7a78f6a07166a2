import ModelFiles

/// Resize and its predecessor Upsample: separable interpolation, axis by axis.
extension Kernels {
  static func resized(_ call: KernelCall) throws -> Tensor {
    let input = try call.input(0)
    let plan = try ResizePlan(call, shape: input.shape)
    _ = try call.count(plan.output)
    if plan.isNearest {
      let strides = Strides.of(input.shape)
      var places = [0]
      for axis in input.shape.indices {
        let sources = plan.axes[axis].nearest
        // −1 marks what lies outside and takes the extrapolation value.
        places = places.flatMap { place in sources.map { place < 0 || $0 < 0 ? -1 : place + $0 * strides[axis] } }
      }
      let fill = Elements.from([plan.extrapolation], type: input.type)
      guard let elements = input.elements.taking(places, fill: fill) else { throw call.fault("has a wrong type") }
      return try Tensor(shape: plan.output, elements: elements)
    }
    var values = input.elements.doubles
    var shape = input.shape
    for axis in shape.indices where !plan.axes[axis].isIdentity {
      let view = AxisView(shape, axis: axis)
      let taps = plan.axes[axis].taps
      var next = [Double](repeating: 0, count: view.outer * taps.count * view.inner)
      for outer in 0..<view.outer {
        for (target, tap) in taps.enumerated() {
          for inner in 0..<view.inner {
            var sum = tap.isOutside ? plan.extrapolation : 0
            for (place, weight) in tap.weights { sum += values[(outer * view.size + place) * view.inner + inner] * weight }
            next[(outer * taps.count + target) * view.inner + inner] = sum
          }
        }
      }
      shape[axis] = taps.count
      values = next
    }
    return try call.result(plan.output, values, type: input.type)
  }
}

/// What a Resize node asks for, axis by axis.
package struct ResizePlan {
  package let output: [Int]
  package let axes: [ResizeAxis]
  package let isNearest: Bool
  let extrapolation: Double

  package init(_ call: KernelCall, shape: [Int]) throws {
    let rank = shape.count
    let isModern = call.version >= 11 && call.node.operation == "Resize"
    let named = isModern && call.version >= 18 ? try call.ints("axes") : nil
    let axes = try call.axes(named ?? Array(0..<rank), rank: rank)
    var scales = [Double](repeating: 1, count: rank)
    var output = shape
    var isAsked = [Bool](repeating: false, count: rank)
    let scaleInput = isModern ? call.optional(2) : call.optional(1)
    let attribute = call.node.operation == "Upsample" && call.version < 9 ? try call.floats("scales") : nil
    if isModern, let sizes = call.optional(3), sizes.count > 0 {
      let asked = try ResizePlan.sizes(call, shape: axes.map { shape[$0] })
      guard asked.count == axes.count else { throw call.fault("has \(asked.count) sizes for \(axes.count) axes") }
      for (axis, size) in zip(axes, asked) {
        output[axis] = size
        scales[axis] = Double(size) / Double(shape[axis])
        isAsked[axis] = true
      }
      if let shared = try ResizePlan.sharedScale(call, sizes: call.integers(3), shape: axes.map { shape[$0] }) {
        for axis in axes { scales[axis] = shared }
      }
    } else if let given = attribute ?? scaleInput?.elements.doubles, given.count == axes.count {
      for (axis, scale) in zip(axes, given) {
        let size = (Double(shape[axis]) * scale).rounded(.down)
        guard scale > 0, size <= Double(ModelLimits.elements) else { throw call.fault("has a scale of \(scale)") }
        scales[axis] = scale
        // Bounded: by the guard.
        output[axis] = Int(size)
      }
    } else {
      throw call.fault("has neither sizes nor scales for its \(axes.count) axes")
    }
    let method = try ResizeMethod(call, isModern: isModern)
    isNearest = method.mode == "nearest"
    extrapolation = method.extrapolation
    let region = isModern ? call.optional(1)?.elements.doubles ?? [] : []
    self.output = output
    self.axes = try (0..<rank).map { axis in
      let place = axes.firstIndex(of: axis)
      let isCrop = method.transform == "tf_crop_and_resize"
      guard !isCrop || place == nil || region.count == 2 * axes.count else { throw call.fault("has a region that does not fit") }
      let crop = isCrop ? place.map { (region[$0], region[$0 + axes.count]) } : nil
      guard shape[axis] > 0 || output[axis] == 0 else { throw call.fault("enlarges an empty axis") }
      return try ResizeAxis(
        input: shape[axis], output: output[axis], scale: scales[axis], method: method, crop: crop,
        isTouched: crop != nil || output[axis] != shape[axis] || scales[axis] != 1, call)
    }
  }

  private static func sizes(_ call: KernelCall, shape: [Int]) throws -> [Int] {
    let sizes = try call.integers(3)
    guard sizes.allSatisfy({ 0...ModelLimits.elements ~= $0 }), !shape.contains(0) || sizes.allSatisfy({ $0 == 0 }) else {
      throw call.fault("has sizes \(sizes)")
    }
    guard let scale = try sharedScale(call, sizes: sizes, shape: shape) else { return sizes }
    // Bounded: the scale is a ratio of a size and an extent, both at most `ModelLimits.elements`, 2³¹.
    return shape.map { Int((Double($0) * scale).rounded()) }
  }

  /// The one scale that keeps the picture's proportions, where the node asks for it.
  private static func sharedScale(_ call: KernelCall, sizes: [Int], shape: [Int]) throws -> Double? {
    let scales = zip(sizes, shape).map { Double($0) / Double($1) }
    switch try call.string("keep_aspect_ratio_policy", default: "stretch") {
    case "not_larger": return scales.min()
    case "not_smaller": return scales.max()
    default: return nil
    }
  }
}

/// How coordinates and samples are found; names as in ONNX.
struct ResizeMethod {
  let mode: String
  let transform: String
  let nearest: String
  let cubic: Double
  let isExclusive: Bool
  let isAntialiased: Bool
  let extrapolation: Double

  init(_ call: KernelCall, isModern: Bool) throws {
    let mode = try call.string("mode", default: "nearest")
    guard ["nearest", "linear", "bilinear", "cubic"].contains(mode) else { throw call.unsupported("has the mode '\(mode)'") }
    self.mode = mode == "bilinear" ? "linear" : mode
    transform = isModern ? try call.string("coordinate_transformation_mode", default: "half_pixel") : "asymmetric"
    nearest = isModern ? try call.string("nearest_mode", default: "round_prefer_floor") : "floor"
    cubic = try call.float("cubic_coeff_a", default: -0.75)
    isExclusive = try call.flag("exclude_outside")
    isAntialiased = try call.flag("antialias")
    extrapolation = try call.float("extrapolation_value", default: 0)
  }
}

/// Along one axis: for each output the inputs that it is made of.
package struct ResizeAxis {
  struct Tap {
    var weights: [(place: Int, weight: Double)]
    var isOutside = false
  }
  private(set) var taps: [Tap] = []
  /// The input nearest to each output; −1 outside the picture.
  package private(set) var nearest: [Int] = []
  package let isIdentity: Bool

  init(
    input: Int, output: Int, scale: Double, method: ResizeMethod, crop: (Double, Double)?, isTouched: Bool, _ call: KernelCall
  ) throws {
    isIdentity = !isTouched
    for index in 0..<output {
      guard isTouched else {
        nearest.append(index)
        continue
      }
      let x = try ResizeAxis.coordinate(index, input, output, scale, method.transform, crop, call)
      let isOutside = crop != nil && (x < 0 || x > Double(input - 1))
      if method.mode == "nearest" {
        nearest.append(isOutside ? -1 : try ResizeAxis.nearest(x, input, method.nearest, call))
      } else if isOutside {
        taps.append(Tap(weights: [], isOutside: true))
      } else {
        taps.append(Tap(weights: ResizeAxis.weights(x, input, scale, method)))
      }
    }
  }

  private static func coordinate(
    _ index: Int, _ input: Int, _ output: Int, _ scale: Double, _ transform: String, _ crop: (Double, Double)?, _ call: KernelCall
  ) throws -> Double {
    let i = Double(index)
    switch transform {
    case "half_pixel": return (i + 0.5) / scale - 0.5
    case "pytorch_half_pixel": return output > 1 ? (i + 0.5) / scale - 0.5 : 0
    case "asymmetric": return i / scale
    case "align_corners":
      // With scales the output's length counts unrounded, as in ONNX's reference.
      let length = scale * Double(input)
      return output > 1 && length > 1 ? i * Double(input - 1) / (length - 1) : 0
    case "half_pixel_symmetric":
      let adjustment = Double(output) / (scale * Double(input))
      return Double(input) / 2 * (1 - adjustment) + (i + 0.5) / scale - 0.5
    case "tf_half_pixel_for_nn": return (i + 0.5) / scale
    case "tf_crop_and_resize":
      guard let (start, end) = crop else { return i }
      let last = Double(input - 1)
      return output > 1 ? start * last + i * (end - start) * last / Double(output - 1) : 0.5 * (start + end) * last
    default: throw call.unsupported("has the coordinates '\(transform)'")
    }
  }

  private static func nearest(_ x: Double, _ input: Int, _ mode: String, _ call: KernelCall) throws -> Int {
    // Coordinates are computed from 32-bit scales: what lies this near to a tie is one.
    let x = abs((x * 2).rounded() / 2 - x) < 1e-6 * max(1, abs(x)) ? (x * 2).rounded() / 2 : x
    let rounded: Double
    switch mode {
    case "round_prefer_floor": rounded = (x - 0.5).rounded(.up)
    case "round_prefer_ceil": rounded = (x + 0.5).rounded(.down)
    case "floor": rounded = x.rounded(.down)
    case "ceil": rounded = x.rounded(.up)
    default: throw call.unsupported("has the rounding '\(mode)'")
    }
    // Bounded: inside the axis.
    return Int(min(max(rounded, 0), Double(input - 1)))
  }

  private static func weights(_ x: Double, _ input: Int, _ scale: Double, _ method: ResizeMethod) -> [(place: Int, weight: Double)]
  {
    let isCubic = method.mode == "cubic"
    // An antialiased kernel is as much wider as the picture becomes smaller; never more than the picture.
    let factor = method.isAntialiased && scale < 1 ? scale : 1
    let reach = min((isCubic ? 2 : 1) / factor, Double(input) + 2)
    // Bounded: within twice the axis and a margin.
    let low = Int(min(max((x - reach).rounded(.down) + 1, -Double(input) - 4), 2 * Double(input) + 4))
    // Bounded: as the lower end.
    let high = Int(min(max((x + reach).rounded(.up) - 1, Double(low)), 2 * Double(input) + 4))
    var result: [(place: Int, weight: Double)] = []
    for place in low...high {
      let distance = abs(x - Double(place)) * factor
      var weight = isCubic ? cubic(distance, method.cubic) : max(0, 1 - distance)
      let isOutside = place < 0 || place >= input
      if isOutside, method.isExclusive { weight = 0 }
      if weight != 0 { result.append((min(max(place, 0), input - 1), weight)) }
    }
    let sum = result.reduce(0) { $0 + $1.weight }
    return sum == 0 ? result : result.map { ($0.place, $0.weight / sum) }
  }

  /// Source: Keys, "Cubic convolution interpolation for digital image processing", 1981, equation 15 with free a.
  private static func cubic(_ d: Double, _ a: Double) -> Double {
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }
}
