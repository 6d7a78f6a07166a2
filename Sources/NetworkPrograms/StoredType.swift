internal import COneDNN
internal import NetworkGraph

/// What the numbers of a buffer are stored as.
enum StoredType: Equatable {
  case float32, bfloat16
  /// Bytes that stand for numbers of a grid.
  case bytes(ByteGrid)

  var handle: onednn_type {
    switch self {
    case .float32: ONEDNN_F32
    case .bfloat16: ONEDNN_BF16
    case .bytes(let grid): grid.isSigned ? ONEDNN_S8 : ONEDNN_U8
    }
  }

  /// The type behind a handle; bytes stand for themselves.
  init(_ handle: onednn_type) {
    switch handle {
    case ONEDNN_BF16: self = .bfloat16
    case ONEDNN_U8: self = .bytes(.plain)
    case ONEDNN_S8: self = .bytes(.plainSigned)
    default: self = .float32
    }
  }

  var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .bytes: 1
    }
  }

  /// The grid of bytes; nil for floats.
  var grid: ByteGrid? { if case .bytes(let grid) = self { grid } else { nil } }
}
