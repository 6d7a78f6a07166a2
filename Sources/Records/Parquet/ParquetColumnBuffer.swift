/// The values of one column of a row group, and the pages that they become.
struct ParquetColumnBuffer {
  /// A page as it lies in the file.
  struct Page {
    let bytes: [UInt8]
    /// With the page's head, before packing.
    let plainCount: Int
  }

  /// The pages of a column of a row group.
  struct Chunk {
    var dictionary: Page?
    let data: Page
    let encodings: [ParquetEncodings.Number]
    let count: Int
  }

  private enum Values {
    case integers([Int])
    case singles([UInt32])
    case doubles([UInt64])
    /// Places in the dictionary, and the dictionary in the order in which its texts came.
    case texts([Int], order: [String], places: [String: Int])
  }

  let name: String
  let kind: TableColumnKind
  private var isThere: [Bool] = []
  private var values: Values

  init(name: String, kind: TableColumnKind) {
    (self.name, self.kind) = (name, kind)
    switch kind {
    case .integer: values = .integers([])
    case .real(_, let isLong): values = isLong ? .doubles([]) : .singles([])
    case .text: values = .texts([], order: [], places: [:])
    }
  }

  var count: Int { isThere.count }

  /// The format's number of the type.
  var type: Int {
    switch kind {
    case .integer: 2
    case .real(_, let isLong): isLong ? 5 : 4
    case .text: 6
    }
  }

  /// Adds the value of a row; one of another kind than the column's counts as none.
  mutating func append(_ field: TableField) {
    switch (field, kind) {
    case (.integer(let value), .integer): append(value)
    case (.real(let value), .real): append(kind.rounded(value))
    case (.text(let text), .text): append(text)
    default: isThere.append(false)
    }
  }

  private mutating func append(_ value: Int) {
    guard case .integers(var list) = values else { return }
    values = .integers([])
    list.append(value)
    values = .integers(list)
    isThere.append(true)
  }

  private mutating func append(_ value: Double) {
    isThere.append(true)
    switch values {
    case .singles(var list):
      values = .singles([])
      list.append(Float(value).bitPattern)
      values = .singles(list)
    case .doubles(var list):
      values = .doubles([])
      list.append(value.bitPattern)
      values = .doubles(list)
    default: break
    }
  }

  private mutating func append(_ text: String) {
    guard case .texts(var list, var order, var places) = values else { return }
    values = .texts([], order: [], places: [:])
    let place = places[text] ?? order.count
    if place == order.count {
      order.append(text)
      places[text] = place
    }
    list.append(place)
    values = .texts(list, order: order, places: places)
    isThere.append(true)
  }

  // MARK: - Pages

  /// Gives out the pages and forgets the values.
  ///
  /// - Parameter order: The rows in the order in which they are written.
  mutating func takeChunk(order: [Int]) throws(RecordsError) -> Chunk {
    let levels = ParquetEncodings.runs(order.map { isThere[$0] ? 1 : 0 }, width: 1)
    var body: [UInt8] = []
    body.appendLittleEndian(UInt32(levels.count))
    body += levels
    let places = ranks(of: order)
    var dictionary: Page?
    let encoding: ParquetEncodings.Number
    switch values {
    case .integers(let list):
      encoding = .deltaBinaryPacked
      body += ParquetEncodings.deltaBinaryPacked(places.map { list[$0] })
    case .singles(let list):
      encoding = .byteStreamSplit
      body += ParquetEncodings.byteStreamSplit(places.map { list[$0] })
    case .doubles(let list):
      encoding = .byteStreamSplit
      body += ParquetEncodings.byteStreamSplit(places.map { list[$0] })
    case .texts(let list, let texts, _):
      encoding = .runLengthDictionary
      let width = max(1, Int.bitWidth - max(0, texts.count - 1).leadingZeroBitCount)
      body.append(UInt8(width))
      body += ParquetEncodings.runs(places.map { list[$0] }, width: width)
      dictionary = try ParquetColumnBuffer.dictionaryPage(texts)
    }
    let data = try ParquetColumnBuffer.dataPage(body, count: count, encoding)
    let chunk = Chunk(
      dictionary: dictionary, data: data,
      encodings: dictionary == nil ? [.runLength, encoding] : [.plain, .runLength, encoding], count: count)
    self = ParquetColumnBuffer(name: name, kind: kind)
    return chunk
  }

  /// Where the values of the rows that have one stand among the values, in the order of writing.
  private func ranks(of order: [Int]) -> [Int] {
    var rank = [Int](repeating: 0, count: count)
    var next = 0
    for row in isThere.indices where isThere[row] {
      rank[row] = next
      next += 1
    }
    return order.compactMap { isThere[$0] ? rank[$0] : nil }
  }

  private static func dataPage(_ body: [UInt8], count: Int, _ encoding: ParquetEncodings.Number) throws(RecordsError) -> Page {
    try page(body, type: 0) { head in
      head.structure(5) { data in
        data.integer32(1, count)
        data.integer32(2, encoding.rawValue)
        data.integer32(3, ParquetEncodings.Number.runLength.rawValue)
        data.integer32(4, ParquetEncodings.Number.runLength.rawValue)
      }
    }
  }

  private static func dictionaryPage(_ texts: [String]) throws(RecordsError) -> Page {
    var body: [UInt8] = []
    for text in texts {
      body.appendLittleEndian(UInt32(text.utf8.count))
      body += text.utf8
    }
    return try page(body, type: 2) { head in
      head.structure(7) { dictionary in
        dictionary.integer32(1, texts.count)
        dictionary.integer32(2, ParquetEncodings.Number.plain.rawValue)
      }
    }
  }

  private static func page(
    _ body: [UInt8], type: Int, _ describe: (inout ThriftCompactWriter) -> Void
  ) throws(RecordsError) -> Page {
    let packed = try ZstandardBlock.packed(body)
    var head = ThriftCompactWriter()
    head.integer32(1, type)
    head.integer32(2, body.count)
    head.integer32(3, packed.count)
    describe(&head)
    head.end()
    return Page(bytes: head.bytes + packed, plainCount: head.bytes.count + body.count)
  }
}
