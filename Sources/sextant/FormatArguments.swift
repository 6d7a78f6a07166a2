import Records

/// The name of a box format as an option gives it.
struct BoxFormatArgument {
  /// nil: to be guessed.
  let format: BoxFormat?

  init(_ name: String, option: String) throws {
    guard name != "auto" else {
      format = nil
      return
    }
    guard let known = BoxFormat(rawValue: name) else {
      let names = BoxFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandError.usage("\(option) \(name): there is no such format; there are auto, \(names).")
    }
    format = known
  }
}

/// A size in pixels, `640x512`.
struct ImageSizeArgument {
  let size: (width: Double, height: Double)

  init(_ text: String, option: String = "--image-size") throws {
    let sides = text.lowercased().split(separator: "x").compactMap { Double($0) }
    guard sides.count == 2, sides.allSatisfy({ $0.isFinite && $0 >= 1 && $0 <= 1e6 }) else {
      throw CommandError.usage("\(option) \(text): give width and height in pixels such as 640x512.")
    }
    size = (sides[0], sides[1])
  }
}

/// Names of class numbers, `0=car 1=person`.
struct ClassNameArguments {
  let names: [Int: String]

  init(_ texts: [String]) throws {
    var names: [Int: String] = [:]
    for text in texts.flatMap({ $0.split(separator: ",") }) {
      let sides = text.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let number = Int(sides[0]) else {
        throw CommandError.usage("--names \(text): write names as number=name such as 0=car.")
      }
      names[number] = String(sides[1])
    }
    self.names = names
  }
}
