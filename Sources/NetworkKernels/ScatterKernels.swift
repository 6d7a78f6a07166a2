import ModelFiles

/// Operations that put elements at places given by indices.
extension Kernels {
  static let scatters: [String: Kernel] = [
    "ScatterElements": .one { try scatterElements($0) },
    "Scatter": .one { try scatterElements($0) },
    "ScatterND": .one { call in
      let (data, indices, updates) = (try call.input(0), try call.input(1), try call.input(2))
      guard let depth = indices.shape.last, depth <= data.rank,
        updates.shape == Array(indices.shape.dropLast()) + Array(data.shape[depth...])
      else { throw call.fault("has indices or updates that do not fit \(Tensor.text(data.shape))") }
      let run = data.shape[depth...].reduce(1, *)
      let places = try tuplePlaces(call, data: data, indices: indices).flatMap { $0..<$0 + run }
      return try put(call, data, places, updates)
    },
  ]

  private static func scatterElements(_ call: KernelCall) throws -> Tensor {
    let (data, indices, updates) = (try call.input(0), try call.input(1), try call.input(2))
    guard updates.shape == indices.shape else { throw call.fault("has updates of another shape than its indices") }
    let places = try elementPlaces(call, data: data, indices: indices, axis: try call.int("axis", default: 0))
    return try put(call, data, places, updates)
  }

  private static func put(_ call: KernelCall, _ data: Tensor, _ places: [Int], _ updates: Tensor) throws -> Tensor {
    let reduction = try call.string("reduction", default: "none")
    if reduction == "none" {
      guard let elements = data.elements.replacing(places, with: updates.elements) else {
        throw call.fault("has updates of another type")
      }
      return try Tensor(shape: data.shape, elements: elements)
    }
    guard data.type == updates.type else { throw call.fault("has updates of another type") }
    if var values = data.elements.integers, let news = updates.elements.integers {
      for (place, new) in zip(places, news) {
        switch reduction {
        case "add": values[place] = values[place] &+ new
        case "mul": values[place] = values[place] &* new
        case "max": values[place] = max(values[place], new)
        case "min": values[place] = min(values[place], new)
        default: throw call.unsupported("has the reduction '\(reduction)'")
        }
      }
      return try Tensor(shape: data.shape, elements: .from(values, type: data.type))
    }
    var values = data.elements.doubles
    for (place, new) in zip(places, updates.elements.doubles) {
      switch reduction {
      case "add": values[place] += new
      case "mul": values[place] *= new
      case "max": values[place] = max(values[place], new)
      case "min": values[place] = min(values[place], new)
      default: throw call.unsupported("has the reduction '\(reduction)'")
      }
    }
    return try call.result(data.shape, values, type: data.type)
  }
}
