/// The places of image files in their sequence.
enum ImageNumbers {
  /// Places from 0: by the numbers at the end of the names, so that a picture that is missing leaves its own place empty.
  ///
  /// That holds where the names are alike but for their number and more than half of the numbers from the first to the last are there;
  /// otherwise (every tenth frame, time stamps) the numbers count something else, and the places are those in the list.
  ///
  /// - Parameter files: In natural order.
  static func places(of files: [String]) -> [Int] {
    let byOrder = Array(files.indices)
    let split = files.map(parts)
    guard let first = split.first, split.allSatisfy({ $0.prefix == first.prefix }), let start = first.number else { return byOrder }
    let numbers = split.compactMap(\.number)
    guard numbers.count == files.count, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }), let last = numbers.last,
      last - start < 2 * files.count - 1
    else { return byOrder }
    return numbers.map { $0 - start }
  }

  /// What stands before the digits at the end of a name, and their number; the extension does not count.
  private static func parts(_ path: String) -> (prefix: Substring, number: Int?) {
    var name = path[...]
    if let slash = path.lastIndex(of: "/") { name = path[path.index(after: slash)...] }
    if let point = name.lastIndex(of: "."), point != name.startIndex { name = name[..<point] }
    let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
    return (name.dropLast(digits), Int(name.suffix(digits)))
  }
}
