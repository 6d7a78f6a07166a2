extension Elements {
  /// The type that all elements have.
  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .uint64: .uint64
    case .bool: .bool
    }
  }

  /// The number of elements.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .float16(let values): values.count
    case .bfloat16(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .uint8(let values): values.count
    case .uint16(let values): values.count
    case .uint32(let values): values.count
    case .uint64(let values): values.count
    case .bool(let values): values.count
    }
  }

  /// Every element as a 64-bit float; true is one. 64-bit integers above 2⁵³ are rounded.
  public var doubles: [Double] {
    switch self {
    case .float32(let values): values.map { Double($0) }
    case .float64(let values): values
    case .float16(let values): values.map { Double($0) }
    case .bfloat16(let values): values.map { Double($0.float) }
    case .int8(let values): values.map { Double($0) }
    case .int16(let values): values.map { Double($0) }
    case .int32(let values): values.map { Double($0) }
    case .int64(let values): values.map { Double($0) }
    case .uint8(let values): values.map { Double($0) }
    case .uint16(let values): values.map { Double($0) }
    case .uint32(let values): values.map { Double($0) }
    case .uint64(let values): values.map { Double($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// Every element as a 32-bit float, rounded to nearest.
  public var floats: [Float] {
    switch self {
    case .float32(let values): values
    case .float64(let values): values.map { Float($0) }
    case .float16(let values): values.map { Float($0) }
    case .bfloat16(let values): values.map { $0.float }
    case .int8(let values): values.map { Float($0) }
    case .int16(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    case .uint8(let values): values.map { Float($0) }
    case .uint16(let values): values.map { Float($0) }
    case .uint32(let values): values.map { Float($0) }
    case .uint64(let values): values.map { Float($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// Integers and booleans as 64-bit integers (unsigned 64-bit ones by their bits); nil for float types.
  public var integers: [Int64]? {
    switch self {
    case .float32: nil
    case .float64: nil
    case .float16: nil
    case .bfloat16: nil
    case .int8(let values): values.map { Int64($0) }
    case .int16(let values): values.map { Int64($0) }
    case .int32(let values): values.map { Int64($0) }
    case .int64(let values): values
    case .uint8(let values): values.map { Int64($0) }
    case .uint16(let values): values.map { Int64($0) }
    case .uint32(let values): values.map { Int64($0) }
    case .uint64(let values): values.map { Int64(bitPattern: $0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// The elements at the given places, in their order.
  public func taking(_ places: [Int]) -> Elements {
    switch self {
    case .float32(let values): .float32(places.map { values[$0] })
    case .float64(let values): .float64(places.map { values[$0] })
    case .float16(let values): .float16(places.map { values[$0] })
    case .bfloat16(let values): .bfloat16(places.map { values[$0] })
    case .int8(let values): .int8(places.map { values[$0] })
    case .int16(let values): .int16(places.map { values[$0] })
    case .int32(let values): .int32(places.map { values[$0] })
    case .int64(let values): .int64(places.map { values[$0] })
    case .uint8(let values): .uint8(places.map { values[$0] })
    case .uint16(let values): .uint16(places.map { values[$0] })
    case .uint32(let values): .uint32(places.map { values[$0] })
    case .uint64(let values): .uint64(places.map { values[$0] })
    case .bool(let values): .bool(places.map { values[$0] })
    }
  }

  /// The elements at the given places; `fill`, of the same type and with one element, where a place is negative.
  public func taking(_ places: [Int], fill: Elements) -> Elements? {
    switch (self, fill) {
    case (.float32(let values), .float32(let fill)) where fill.count == 1: .float32(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.float64(let values), .float64(let fill)) where fill.count == 1: .float64(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.float16(let values), .float16(let fill)) where fill.count == 1: .float16(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.bfloat16(let values), .bfloat16(let fill)) where fill.count == 1: .bfloat16(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.int8(let values), .int8(let fill)) where fill.count == 1: .int8(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.int16(let values), .int16(let fill)) where fill.count == 1: .int16(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.int32(let values), .int32(let fill)) where fill.count == 1: .int32(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.int64(let values), .int64(let fill)) where fill.count == 1: .int64(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.uint8(let values), .uint8(let fill)) where fill.count == 1: .uint8(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.uint16(let values), .uint16(let fill)) where fill.count == 1: .uint16(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.uint32(let values), .uint32(let fill)) where fill.count == 1: .uint32(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.uint64(let values), .uint64(let fill)) where fill.count == 1: .uint64(places.map { $0 < 0 ? fill[0] : values[$0] })
    case (.bool(let values), .bool(let fill)) where fill.count == 1: .bool(places.map { $0 < 0 ? fill[0] : values[$0] })
    default: nil
    }
  }

  /// A copy in which `places` hold `updates`, which are of the same type, in their order; nil for another type or number.
  public func replacing(_ places: [Int], with updates: Elements) -> Elements? {
    guard updates.count == places.count else { return nil }
    switch self {
    case .float32(let values): return replaced(values, places, updates)
    case .float64(let values): return replaced(values, places, updates)
    case .float16(let values): return replaced(values, places, updates)
    case .bfloat16(let values): return replaced(values, places, updates)
    case .int8(let values): return replaced(values, places, updates)
    case .int16(let values): return replaced(values, places, updates)
    case .int32(let values): return replaced(values, places, updates)
    case .int64(let values): return replaced(values, places, updates)
    case .uint8(let values): return replaced(values, places, updates)
    case .uint16(let values): return replaced(values, places, updates)
    case .uint32(let values): return replaced(values, places, updates)
    case .uint64(let values): return replaced(values, places, updates)
    case .bool(let values): return replaced(values, places, updates)
    }
  }

  private func replaced<Element: TensorElement>(_ values: [Element], _ places: [Int], _ updates: Elements) -> Elements? {
    guard let updates = Element.unwrap(updates) else { return nil }
    var values = values
    for (index, place) in places.enumerated() { values[place] = updates[index] }
    return Element.wrap(values)
  }

  /// The elements of all parts, which are of one type, behind one another; nil for mixed types.
  public static func joined(_ parts: [Elements]) -> Elements? {
    guard let first = parts.first else { return nil }
    switch first {
    case .float32: return joined(parts, Float.self)
    case .float64: return joined(parts, Double.self)
    case .float16: return joined(parts, Float16.self)
    case .bfloat16: return joined(parts, BFloat16.self)
    case .int8: return joined(parts, Int8.self)
    case .int16: return joined(parts, Int16.self)
    case .int32: return joined(parts, Int32.self)
    case .int64: return joined(parts, Int64.self)
    case .uint8: return joined(parts, UInt8.self)
    case .uint16: return joined(parts, UInt16.self)
    case .uint32: return joined(parts, UInt32.self)
    case .uint64: return joined(parts, UInt64.self)
    case .bool: return joined(parts, Bool.self)
    }
  }

  private static func joined<Element: TensorElement>(_ parts: [Elements], _: Element.Type) -> Elements? {
    var values: [Element] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts {
      guard let next = Element.unwrap(part) else { return nil }
      values += next
    }
    return Element.wrap(values)
  }
}
