import Foundation
import Splines

/// A model as a JSON file; `docs/identification.md` describes the format.
public enum ModelFile {
  /// The value of `format`, raised with every change that older programs cannot read.
  public static let format = "sextant-model/1"
  /// A longer file is no model.
  public static let maximumBytes = 1 << 24
  /// Deeper nesting is no model either.
  private static let maximumDepth = 32

  private struct Content: Codable {
    var format: String
    var model: StateSpaceModel
  }

  private struct FormatName: Codable {
    var format: String
  }

  /// The same model gives the same bytes.
  public static func encode(_ model: StateSpaceModel) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(Content(format: format, model: model))
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// - Throws: `IdentificationError.malformedModel` for anything that is not a model whose parts agree.
  public static func decode(_ data: Data) throws(IdentificationError) -> StateSpaceModel {
    guard data.count <= maximumBytes else { throw .malformedModel("it has more than \(maximumBytes) bytes") }
    guard depth(of: data) <= maximumDepth else { throw .malformedModel("it is nested more than \(maximumDepth) deep") }
    guard let name = try? JSONDecoder().decode(FormatName.self, from: data) else {
      throw .malformedModel("it is not JSON with a format; give a file that an identification has written")
    }
    guard name.format == format else { throw .malformedModel("its format is \(name.format.prefix(40)), not \(format)") }
    let model: StateSpaceModel
    do {
      model = try JSONDecoder().decode(Content.self, from: data).model
    } catch let error as SplineError {
      throw .malformedModel(error.description)
    } catch {
      throw .malformedModel("a part is missing or has another type")
    }
    try model.validate()
    return model
  }

  /// An upper bound of the nesting: brackets in strings count too, and a model's strings hold none.
  private static func depth(of data: Data) -> Int {
    var depth = 0
    var deepest = 0
    for byte in data {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        deepest = max(deepest, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return deepest
  }
}
