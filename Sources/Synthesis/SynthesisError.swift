/// Why a scene cannot be rendered or its truth cannot be written.
public enum SynthesisError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A value of a scene is out of its range.
  case scene(name: String, field: String, problem: String)
  /// No preset has this name.
  case unknownPreset(String)
  /// A frame in which the camera's picture plane does not see the ground as a plane from above.
  case camera(frame: Int, problem: String)

  /// One sentence: what was done, on what, what is wrong.
  public var description: String {
    switch self {
    case .scene(let name, let field, let problem):
      "cannot render the scene \"\(name)\": \(field) \(problem)"
    case .unknownPreset(let name):
      "there is no preset \"\(name)\"; the presets are \(ScenePreset.allCases.map(\.rawValue).joined(separator: ", "))"
    case .camera(let frame, let problem):
      "cannot render frame \(frame): \(problem)"
    }
  }
}
