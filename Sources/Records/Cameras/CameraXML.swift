extension CameraDocument {
  /// A file of OpenCV's XML: each element is a map of its children, or its text.
  ///
  /// - Throws: `CameraDocument.Problem` with the line.
  static func parse(xml bytes: [UInt8]) throws(Problem) -> CameraDocument {
    var scanner = XMLScanner(bytes)
    var open: [(name: String, entries: [String: CameraDocument], text: String)] = []
    do throws(XMLScanner.Problem) {
      while let event = try scanner.next() {
        switch event {
        case .start(let name, _): open.append((name, [:], ""))
        case .text(let text): if !open.isEmpty { open[open.count - 1].text += text }
        case .end(let name):
          let element = open.removeLast()
          let value = element.entries.isEmpty ? CameraDocument.text(element.text) : .map(element.entries)
          if open.isEmpty { return value }
          open[open.count - 1].entries[name] = value
        }
      }
    } catch {
      throw Problem(line: error.line, reason: error.reason)
    }
    throw Problem(line: scanner.line, reason: "there is no element in it")
  }
}
