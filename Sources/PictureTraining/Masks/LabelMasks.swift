internal import Geometry
internal import Records

/// The masks of labels, brought to pixels.
enum LabelMasks {
  /// Reads COCO's annotations with the masks of their rows: run lengths as they are, polygons filled in the size of their picture.
  ///
  /// - Parameter sizes: Of the pictures by name.
  static func coco(
    _ path: String, _ options: BoxReadingOptions, sizes: [String: (width: Double, height: Double)]
  ) throws(RecordsError) -> BoxTable {
    let found = try COCODataset.read(path: path, keepsSegmentations: true, options: options)
    var table = found.table
    guard found.segmentations.contains(where: { $0 != nil }) else { return table }
    table.masks = table.frames.indices.map { row -> RunLengthMask? in
      guard found.segmentations.indices.contains(row), let shape = found.segmentations[row] else { return nil }
      switch shape {
      case .mask(let mask): return mask
      case .polygons(let polygons):
        // An empty list is how writers say that there is none.
        guard !polygons.isEmpty, table.images.indices.contains(Int(table.frames[row])),
          let size = sizes[table.images[Int(table.frames[row])]]
        else { return nil }
        // Bounded: sides of pictures that were decoded.
        return RunLengthMask(
          width: Int(bounded: size.width, in: 0...Int(Int32.max)), height: Int(bounded: size.height, in: 0...Int(Int32.max)),
          polygons: polygons)
      }
    }
    return table
  }
}
