internal import CSimdjson

/// A value in the text that a reader parsed last; valid inside the closure that lent it.
struct JSONView {
  let value: sx_json_value

  var integer: Int? {
    var number: Int64 = 0
    return sx_json_integer(value, &number) == 1 ? Int(number) : nil
  }

  /// Any number as a real one.
  var real: Double? {
    var number = 0.0
    return sx_json_real(value, &number) == 1 ? number : nil
  }

  var flag: Bool? {
    sx_json_kind_of(value) == SX_JSON_BOOLEAN ? sx_json_boolean(value) == 1 : nil
  }

  var isNull: Bool { sx_json_kind_of(value) == SX_JSON_NULL }
  var isObject: Bool { sx_json_kind_of(value) == SX_JSON_OBJECT }
  var isArray: Bool { sx_json_kind_of(value) == SX_JSON_ARRAY }

  /// The UTF-8 bytes of a string.
  var stringBytes: UnsafeBufferPointer<UInt8>? {
    var bytes: UnsafePointer<CChar>?
    var length = 0
    guard sx_json_string(value, &bytes, &length) == 1 else { return nil }
    // The C face gives `length` bytes that live as long as the parsed text; CChar and UInt8 have one layout.
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: length)
  }

  var string: String? { stringBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The children of an array.
  var elements: Children { Children(cursor: sx_json_children(value)) }

  /// The members of an object.
  var members: Members { Members(cursor: sx_json_children(value)) }

  /// The children in order; none for a value that is no array.
  struct Children: Sequence, IteratorProtocol {
    var cursor: sx_json_cursor

    /// No children.
    static var none: Children { Children(cursor: sx_json_cursor()) }

    mutating func next() -> JSONView? {
      var child = sx_json_value()
      return sx_json_next(&cursor, nil, nil, &child) == 1 ? JSONView(value: child) : nil
    }
  }

  /// Keys and values in order; none for a value that is no object.
  struct Members: Sequence, IteratorProtocol {
    var cursor: sx_json_cursor

    mutating func next() -> (key: JSONKey, value: JSONView)? {
      var child = sx_json_value()
      var key: UnsafePointer<CChar>?
      var length = 0
      guard cursor.isObject == 1, sx_json_next(&cursor, &key, &length, &child) == 1 else { return nil }
      let bytes = UnsafeBufferPointer(
        start: UnsafeRawPointer(key)?.assumingMemoryBound(to: UInt8.self), count: length)
      return (JSONKey(bytes: bytes), JSONView(value: child))
    }
  }

  /// The value of a key; nil where this is no object or has no such key.
  func member(_ name: StaticString) -> JSONView? {
    for (key, value) in members where name ~= key { return value }
    return nil
  }

  /// The same for a name that is made while the program runs.
  func member(named name: String) -> JSONView? {
    for (key, value) in members where key.bytes.elementsEqual(name.utf8) { return value }
    return nil
  }

  /// A whole number or a text as text, for names that some writers put down as numbers; nil for other values.
  var label: String? { integer.map(String.init) ?? string }

  /// A number, or a text that is one; nil for what is not finite.
  var looseReal: Double? { (real ?? string.flatMap(Double.init)).flatMap { $0.isFinite ? $0 : nil } }

  /// The value as one that owns its content; nested no deeper than the parser's limit.
  var owned: JSONValue {
    switch sx_json_kind_of(value) {
    case SX_JSON_BOOLEAN: .flag(flag ?? false)
    case SX_JSON_INTEGER: .integer(integer ?? 0)
    case SX_JSON_REAL: .real(real ?? 0)
    case SX_JSON_STRING: .text(string ?? "")
    case SX_JSON_ARRAY: .list(elements.map(\.owned))
    case SX_JSON_OBJECT: .object(members.map { ($0.key.string, $0.value.owned) })
    default: .null
    }
  }
}
