import Foundation

/// The part of JSON Schema that docs/schema.json uses.
struct MiniSchema {
  let root: [String: Any]

  /// All names under `properties` anywhere.
  var propertyNames: Set<String> { names(in: root) }

  private func names(in value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(names(in: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    let own = (object["properties"] as? [String: Any]).map { Set($0.keys) } ?? []
    return object.values.reduce(into: own) { $0.formUnion(names(in: $1)) }
  }

  func problems(of value: Any) -> [String] { check(value, root, at: "$") }

  private func check(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    var problems: [String] = []
    if let reference = schema["$ref"] as? String, let target = resolve(reference) { problems += check(value, target, at: place) }
    for part in schema["allOf"] as? [[String: Any]] ?? [] { problems += check(value, part, at: place) }
    if let condition = schema["if"] as? [String: Any], let then = schema["then"] as? [String: Any],
      check(value, condition, at: place).isEmpty
    {
      problems += check(value, then, at: place)
    }
    if let constant = schema["const"] as? String, value as? String != constant { problems.append("\(place) is not \(constant)") }
    if let allowed = schema["enum"] as? [String], !allowed.contains(value as? String ?? "") {
      problems.append("\(place) is none of \(allowed)")
    }
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { matches(value, $0) }) { problems.append("\(place) is no \(types)") }
    if matches(value, "number"), let number = value as? Double {
      if let low = schema["minimum"] as? Double, number < low { problems.append("\(place) < \(low)") }
      if let high = schema["maximum"] as? Double, number > high { problems.append("\(place) > \(high)") }
    }
    if let list = value as? [Any] { problems += checkList(list, schema, at: place) }
    if let object = value as? [String: Any] { problems += checkObject(object, schema, at: place) }
    return problems
  }

  private func checkList(_ list: [Any], _ schema: [String: Any], at place: String) -> [String] {
    var problems: [String] = []
    if let count = schema["minItems"] as? Int, list.count < count { problems.append("\(place) is too short") }
    if let count = schema["maxItems"] as? Int, list.count > count { problems.append("\(place) is too long") }
    if let items = schema["items"] as? [String: Any] {
      for (index, element) in list.enumerated() { problems += check(element, items, at: "\(place)[\(index)]") }
    }
    return problems
  }

  private func checkObject(_ object: [String: Any], _ schema: [String: Any], at place: String) -> [String] {
    var problems = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(place).\($0) is missing" }
    for (key, rule) in schema["properties"] as? [String: [String: Any]] ?? [:] {
      if let value = object[key] { problems += check(value, rule, at: "\(place).\(key)") }
    }
    return problems
  }

  private func resolve(_ reference: String) -> [String: Any]? {
    (root["$defs"] as? [String: Any])?[String(reference.dropFirst("#/$defs/".count))] as? [String: Any]
  }

  private func matches(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "null": value is NSNull
    case "string": value is String
    case "array": value is [Any]
    case "object": value is [String: Any]
    case "boolean": (value as? NSNumber)?.isFlag ?? false
    case "number": (value as? NSNumber).map { !$0.isFlag } ?? false
    case "integer": (value as? NSNumber).map { !$0.isFlag && $0.doubleValue == $0.doubleValue.rounded() } ?? false
    default: false
    }
  }
}

extension NSNumber {
  /// Whether this is true or false, which Foundation keeps in the same type as numbers.
  fileprivate var isFlag: Bool { String(cString: objCType) == "c" }
}
