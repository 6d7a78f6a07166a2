/// The names of a detector's classes.
package enum ClassNames {
  /// Names of an export's metadata, `{0: 'person', 1: 'bicycle'}` as Python writes a dictionary; nil for anything else.
  package static func parsed(_ text: String?) -> [String]? {
    guard let text, text.first == "{", text.last == "}" else { return nil }
    var rest = Substring(text).dropFirst().dropLast()
    var names: [Int: String] = [:]
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "," }
      if rest.isEmpty { break }
      guard let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon].filter { !"'\" ".contains($0) }),
        (0..<limit).contains(number)
      else { return nil }
      rest = rest[rest.index(after: colon)...].drop(while: \.isWhitespace)
      guard let name = quoted(&rest) else { return nil }
      names[number] = name
    }
    guard !names.isEmpty, names.keys.max() == names.count - 1 else { return nil }
    return (0..<names.count).map { names[$0] ?? "" }
  }

  /// Names as an export's metadata have them; `parsed` gives them back.
  package static func text(_ names: [String]) -> String {
    let entries = names.enumerated().map { number, name in
      let escaped = name.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
      return "\(number): '\(String(escaped))'"
    }
    return "{\(entries.joined(separator: ", "))}"
  }

  /// The first name that a list has a second time: of two classes of one name only the first would be learned.
  package static func repeated(in names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  /// More classes than any known list has.
  private static let limit = 100_000

  /// A text in quotes at the beginning of the rest.
  private static func quoted(_ rest: inout Substring) -> String? {
    guard let quote = rest.popFirst(), quote == "'" || quote == "\"" else { return nil }
    var name = ""
    while let character = rest.popFirst() {
      if character == quote { return name }
      name.append(character == "\\" ? rest.popFirst() ?? character : character)
    }
    return nil
  }

  /// The names where a file has none: COCO's for 80 classes, numbers for others.
  package static func assumed(_ count: Int) -> [String] { count == coco.count ? coco : (0..<count).map { "class \($0)" } }

  /// The 80 classes of COCO's detection task in the order that its detectors use.
  package static let coco = """
    person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,\
    horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,\
    baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,\
    orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,\
    cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush
    """.split(separator: ",").map(String.init)
}
