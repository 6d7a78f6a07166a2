/// The elements of a tensor, of one type, in row-major order.
public enum Elements: Sendable, Equatable {
  case float32([Float]), float64([Double]), float16([Float16]), bfloat16([BFloat16])
  case int8([Int8]), int16([Int16]), int32([Int32]), int64([Int64])
  case uint8([UInt8]), uint16([UInt16]), uint32([UInt32]), uint64([UInt64])
  case bool([Bool])
}
