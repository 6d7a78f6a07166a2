/// Reads json files of boxes; which of the formats a file has is told by the keys of its first entry.
enum JSONBoxes {
  /// - Parameter format: Only for the message where the file is none of them; the keys decide.
  static func read(_ reader: LineReader, _ format: BoxFormat, _ options: BoxReadingOptions) throws(RecordsError) -> BoxTable {
    let table = try dataset(reader, options).table
    return options.images.numbering == .byImage ? table : table.asOneSequence()
  }

  static func dataset(
    _ reader: LineReader, _ options: BoxReadingOptions, truth: COCODataset? = nil, keepsSegmentations: Bool = false
  ) throws(RecordsError) -> COCODataset {
    let text = try reader.readAll(limit: COCODataset.maximumBytes)
    do throws(JSONReader.Problem) {
      let json = try JSONReader(maximumBytes: max(1, text.count), maximumDepth: 32)
      return try text.withUnsafeBufferPointer { bytes in
        json.withRoot(of: bytes) { root in
          Result { () throws(JSONReader.Problem) in
            try parse(root, options, truth: truth, keepsSegmentations: keepsSegmentations)
          }
        }
      }.get().get()
    } catch {
      throw .malformed(path: reader.name, reason: error.reason)
    }
  }

  private static func parse(
    _ root: JSONView, _ options: BoxReadingOptions, truth: COCODataset?, keepsSegmentations: Bool
  ) throws(JSONReader.Problem) -> COCODataset {
    if FiftyOneParser.isVideo(root) {
      var parser = try FiftyOneParser(size: options.images.size, maximumRows: options.maximumRows)
      return COCODataset(table: try parser.parse(root))
    }
    let list = root.isArray ? root : root.member("frames") ?? root
    var entries = list.elements
    let first = entries.next()
    if list.isArray, let first {
      if first.member("labels") != nil || first.member("videoName") != nil || first.member("frameIndex") != nil {
        var parser = ScalabelParser(maximumRows: options.maximumRows)
        return COCODataset(table: try parser.parse(list))
      }
      if LabelStudioParser.isTask(first) {
        var parser = LabelStudioParser(size: options.images.size, maximumRows: options.maximumRows)
        return COCODataset(table: try parser.parse(list))
      }
      if first.member("image_id") == nil {
        let format: BoxFormat? = first.member("box") != nil ? .ultralytics : first.member("x_min") != nil ? .supervision : nil
        if let format {
          var parser = ObjectListParser(format, maximumRows: options.maximumRows)
          return COCODataset(table: try parser.parse(list))
        }
        guard first.member("bbox") != nil else { throw JSONReader.Problem(reason: unknown(first)) }
      }
    }
    guard root.isArray || root.isObject else {
      throw JSONReader.Problem(reason: "neither COCO annotations (an object) nor COCO results (a list)")
    }
    var parser = COCOParser(
      truth: truth, keepsSegmentations: keepsSegmentations, keepsMasks: options.keepsCorners, maximumRows: options.maximumRows)
    return try parser.parse(root)
  }

  private static func unknown(_ entry: JSONView) -> String {
    let keys = entry.members.prefix(8).map { "\"\($0.key.string.prefix(40))\"" }
    guard !keys.isEmpty else { return "a list whose entries are no objects; boxes in json are lists of objects" }
    return "a list of objects with \(keys.joined(separator: ", ")), which is none of COCO's results (\"image_id\"), "
      + "Scalabel's frames (\"labels\"), Label Studio's tasks (\"data\"), Ultralytics' (\"box\") or supervision's (\"x_min\")"
  }
}
