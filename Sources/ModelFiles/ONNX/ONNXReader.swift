import Foundation

/// Reads ONNX files: models, and single tensors (`.pb`) as ONNX's own conformance cases store them.
public enum ONNXReader {
  /// Reads a model's file.
  ///
  /// - Throws: `ModelFileError` for a file that is missing, damaged, or above the limits.
  public static func model(path: String) throws -> ONNXModel { try model(FileBytes(path: path)) }

  /// Reads a model's bytes.
  ///
  /// - Throws: `ModelFileError` for bytes that are no ONNX model, are damaged, or are above the limits.
  public static func model(_ file: FileBytes) throws -> ONNXModel {
    guard file.region.count > 0 else { throw ModelFileError.malformed("\(file.name): is empty; give an ONNX file.") }
    var model = ONNXModel()
    var hasGraph = false
    var reader = try ProtobufReader(file.region)
    try reader.readEach { field, message in
      switch field.number {
      case 1: model.irVersion = try message.integer(field)
      case 2: model.producer = try message.text(field)
      case 7:
        model.graph = try graph(message.nested(message.region(field)))
        hasGraph = true
      case 8:
        let (domain, version) = try operatorSet(message.nested(message.region(field)))
        model.operatorSets[domain] = version
      case 14:
        let (key, value) = try entry(message.nested(message.region(field)))
        model.metadata[key] = value
      case 25: model.functionCount += 1
      default: break
      }
    }
    guard hasGraph else { throw ModelFileError.malformed("\(file.name): holds no graph; give an ONNX model.") }
    return model
  }

  /// Reads a file that holds one tensor.
  public static func tensor(path: String) throws -> Tensor {
    let file = try FileBytes(path: path)
    return try tensor(ProtobufReader(file.region)).tensor(folder: ExternalData(folder: nil))
  }

  private static func operatorSet(_ message: ProtobufReader) throws -> (String, Int) {
    var domain = ""
    var version = 0
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: domain = try message.text(field)
      case 2: version = Int(truncatingIfNeeded: try message.integer(field))
      default: break
      }
    }
    return (domain == "ai.onnx" ? "" : domain, version)
  }

  private static func entry(_ message: ProtobufReader) throws -> (String, String) {
    var key = ""
    var value = ""
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: key = try message.text(field)
      case 2: value = try message.text(field)
      default: break
      }
    }
    return (key, value)
  }

  private static func graph(_ message: ProtobufReader) throws -> ONNXGraph {
    var graph = ONNXGraph()
    var entries = 0
    var reader = message
    try reader.readEach { field, message in
      entries += 1
      guard entries <= ModelLimits.entries else {
        throw ModelFileError.tooLarge("A graph has more than \(ModelLimits.entries) entries.")
      }
      switch field.number {
      case 1: graph.nodes.append(try node(message.nested(message.region(field))))
      case 2: graph.name = try message.text(field)
      case 5: graph.initializers.append(try tensor(message.nested(message.region(field))))
      case 11: graph.inputs.append(try valueInfo(message.nested(message.region(field))))
      case 12: graph.outputs.append(try valueInfo(message.nested(message.region(field))))
      case 15: graph.sparseInitializerCount += 1
      default: break
      }
    }
    return graph
  }

  private static func node(_ message: ProtobufReader) throws -> ONNXNode {
    var node = ONNXNode()
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: node.inputs.append(try message.text(field))
      case 2: node.outputs.append(try message.text(field))
      case 3: node.name = try message.text(field)
      case 4: node.operation = try message.text(field)
      case 5: node.attributes.append(try attribute(message.nested(message.region(field))))
      case 7:
        let domain = try message.text(field)
        node.domain = domain == "ai.onnx" ? "" : domain
      default: break
      }
    }
    return node
  }

  private static func attribute(_ message: ProtobufReader) throws -> ONNXAttribute {
    var fields = AttributeFields()
    var reader = message
    try reader.readEach { field, message in try fields.take(field, message) }
    return ONNXAttribute(name: fields.name, value: fields.value)
  }

  /// Every field of an attribute that was there.
  private struct AttributeFields {
    var name = ""
    private var kind: Int64?
    private var float: Float?
    private var integer: Int64?
    private var string: String?
    private var tensor: ONNXTensor?
    private var graph: ONNXGraph?
    private var floats: [Float] = []
    private var integers: [Int64] = []
    private var strings: [String] = []

    mutating func take(_ field: ProtobufReader.Field, _ message: ProtobufReader) throws {
      switch field.number {
      case 1: name = try message.text(field)
      case 2: float = try message.float(field)
      case 3: integer = try message.integer(field)
      case 4: string = try message.text(field)
      case 5: tensor = try ONNXReader.tensor(message.nested(message.region(field)))
      case 6: graph = try ONNXReader.graph(message.nested(message.region(field)))
      case 7: try message.append(field, to: &floats)
      case 8: try message.append(field, to: &integers)
      case 9: strings.append(try message.text(field))
      case 20: kind = try message.integer(field)
      default: break
      }
    }

    /// What the attribute holds. Protobuf leaves zeros out: a field that is not there is zero or empty.
    var value: ONNXAttribute.Value {
      switch kind ?? kindOfField {
      case 1: .float(float ?? 0)
      case 2: .integer(integer ?? 0)
      case 3: .string(string ?? "")
      case 4: .tensor(tensor ?? ONNXTensor())
      case 5: .graph(graph ?? ONNXGraph())
      case 6: .floats(floats)
      case 7: .integers(integers)
      case 8: .strings(strings)
      case let other: .other(other)
      }
    }

    /// An attribute without `type`, as old files have it, is of the kind of its one filled field.
    private var kindOfField: Int64 {
      if float != nil { return 1 }
      if integer != nil { return 2 }
      if string != nil { return 3 }
      if tensor != nil { return 4 }
      if graph != nil { return 5 }
      if !floats.isEmpty { return 6 }
      if !integers.isEmpty { return 7 }
      return strings.isEmpty ? 0 : 8
    }
  }

  private static func tensor(_ message: ProtobufReader) throws -> ONNXTensor {
    var tensor = ONNXTensor()
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: try message.append(field, to: &tensor.shape)
      case 2: tensor.dataType = try message.integer(field)
      case 4: try message.append(field, to: &tensor.floats)
      case 5, 7, 11: try message.append(field, to: &tensor.integers)
      case 6: tensor.stringCount += 1
      case 8: tensor.name = try message.text(field)
      case 9: tensor.raw = try message.region(field)
      case 10: try message.append(field, to: &tensor.doubles)
      case 13:
        let (key, value) = try entry(message.nested(message.region(field)))
        tensor.external[key] = value
      case 14: tensor.isExternal = try message.integer(field) == 1
      default: break
      }
    }
    return tensor
  }

  private static func valueInfo(_ message: ProtobufReader) throws -> ONNXValueInfo {
    var info = ONNXValueInfo()
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: info.name = try message.text(field)
      case 2:
        var type = try message.nested(message.region(field))
        try type.readEach { field, message in
          guard field.number == 1 else { return }
          try tensorType(message.nested(message.region(field)), into: &info)
        }
        info.isUnread = info.type == nil
      default: break
      }
    }
    return info
  }

  private static func tensorType(_ message: ProtobufReader, into info: inout ONNXValueInfo) throws {
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1: info.type = ONNXTensor.elementType(try message.integer(field))
      case 2:
        var sizes: [ONNXValueInfo.Size] = []
        var shape = try message.nested(message.region(field))
        try shape.readEach { field, message in
          guard field.number == 1 else { return }
          sizes.append(try size(message.nested(message.region(field))))
        }
        info.shape = sizes
      default: break
      }
    }
  }

  private static func size(_ message: ProtobufReader) throws -> ONNXValueInfo.Size {
    var size = ONNXValueInfo.Size.symbol("")
    var reader = message
    try reader.readEach { field, message in
      switch field.number {
      case 1:
        guard let value = Int(exactly: try message.integer(field)), value >= 0 else { return }
        size = .fixed(value)
      case 2: size = .symbol(try message.text(field))
      default: break
      }
    }
    return size
  }
}
