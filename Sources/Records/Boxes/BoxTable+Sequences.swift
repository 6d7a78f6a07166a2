extension BoxTable {
  /// The table's videos as sequences of frames; the table itself where it does not list images.
  ///
  /// Frames are numbered as the images say: by the number of the frame in its video, else by the number at the end of the file's name,
  /// else by the image's id; from 0 in formats that count so, else from 1 unless one is 0.
  public func sequences() -> [BoxSequence] {
    guard !imageRecords.isEmpty else { return [BoxSequence(name: nil, table: self)] }
    let numbering = ImageNumbering(imageRecords, countsFromZero: format != .coco)
    guard videos.count > 1 else {
      return [BoxSequence(name: nil, table: sequence(numbering, video: nil))]
    }
    return videos.indices.map { BoxSequence(name: videos[$0].name, table: sequence(numbering, video: $0)) }
  }

  /// The table as one sequence: several videos follow one another, each with identities of its own, and the warnings say so.
  public func asOneSequence() -> BoxTable {
    let parts = sequences()
    guard let first = parts.first, parts.count > 1 else { return parts.first?.table ?? self }
    var whole = first.table
    var places: [String] = ["\(first.name ?? "") from frame \(whole.firstFrame)"]
    for part in parts.dropFirst() {
      let shift = Int32(clamping: whole.frameCount)
      let highest = whole.ids.max() ?? 0
      places.append("\(part.name ?? "") from frame \(shift + whole.firstFrame)")
      whole.append(part.table, frames: shift, identities: max(0, highest))
    }
    whole.warnings.append(
      "\(parts.count) videos follow one another as one sequence, with identities of their own: \(places.prefix(20).joined(separator: ", "))"
    )
    return whole
  }

  private func sequence(_ numbering: ImageNumbering, video: Int?) -> BoxTable {
    var table = self
    let isKept = frames.map { video == nil || imageRecords[Int($0)].video == video }
    if isKept.contains(false) { table.keep(isKept) }
    for row in table.frames.indices { table.frames[row] = numbering.frames[Int(table.frames[row])] }
    table.firstFrame = numbering.first
    let ends = imageRecords.indices.filter { video == nil || imageRecords[$0].video == video }.map { numbering.frames[$0] + 1 }
    table.statedFrameCount = ends.max()
    table.images = []
    table.imageRecords = []
    table.videos = []
    if let warning = numbering.warning { table.warnings.append(warning) }
    return table
  }

  /// Drops the rows that are not marked, from every column.
  package mutating func keep(_ isKept: [Bool]) {
    frames.keep(isKept)
    ids.keep(isKept)
    axisBoxes.keep(isKept)
    orientedBoxes.keep(isKept)
    confidences.keep(isKept)
    classIndices.keep(isKept)
    considered.keep(isKept)
    difficult.keep(isKept)
    visibilities.keep(isKept)
    truncations.keep(isKept)
    occlusions.keep(isKept)
    spatialBoxes.keep(isKept)
    worldPositions.keep(isKept)
    rawScores.keep(isKept)
    corners.keep(isKept)
    areas.keep(isKept)
    annotationIDs.keep(isKept)
    centerCovariances.keep(isKept)
    masks.keep(isKept)
    lines.keep(isKept)
  }

  /// Appends a further part of the same file, which has the same columns.
  private mutating func append(_ other: BoxTable, frames shift: Int32, identities: Int32) {
    frames += other.frames.map { $0 + shift }
    ids += other.ids.map { $0 < 0 ? -1 : Int32(clamping: Int($0) + Int(identities)) }
    for box in other.axisBoxes { axisBoxes.append(box) }
    orientedBoxes += other.orientedBoxes
    confidences += other.confidences
    classIndices += other.classIndices
    difficult += other.difficult
    areas += other.areas
    annotationIDs += other.annotationIDs
    occlusions += other.occlusions
    lines += other.lines
    statedFrameCount = Int32(clamping: Int(shift) + other.frameCount)
  }
}

extension BoxTable {
  /// Brings images that results know by their names alone into the order of these, which gives them their ids.
  mutating func sortNamelessImages() {
    guard imageRecords.contains(where: \.isPlace), imageRecords.allSatisfy(\.isPlace) else { return }
    let order = imageRecords.indices.sorted { imageRecords[$0].stem < imageRecords[$1].stem }
    var place = [Int32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { place[old] = Int32(new) }
    for row in frames.indices { frames[row] = place[Int(frames[row])] }
    images = order.map { images[$0] }
    imageRecords = order.enumerated().map { new, old in
      var record = imageRecords[old]
      record.id = new + 1
      return record
    }
  }
}

/// Which frame each image of a list is.
private struct ImageNumbering {
  /// From 0, by image.
  let frames: [Int32]
  /// What the file calls frame 0.
  let first: Int32
  let warning: String?

  init(_ images: [ImageRecord], countsFromZero: Bool) {
    var numbers: [Int] = []
    if images.allSatisfy({ $0.frameNumber != nil }) {
      (numbers, warning) = (images.compactMap(\.frameNumber), nil)
    } else if let named = ImageNumbering.numbers(images) {
      (numbers, warning) = (named, "frames are the numbers at the end of the images' names")
    } else if Set(images.map(\.id)).count == images.count, images.allSatisfy({ 0...BoxLimits.maximumFrame ~= $0.id }) {
      let what = images.contains(where: \.isPlace) ? "the places of the images' sorted names" : "the images' ids"
      (numbers, warning) = (images.map(\.id), "frames are \(what), for the names do not end in the numbers of frames")
    } else {
      numbers = Array(1...max(1, images.count))
      warning = "frames are the places of the images in their list, for neither their names nor their ids are numbers of frames"
    }
    // A place in a list is counted from 1 here.
    let first = numbers.contains(0) || (countsFromZero && images.allSatisfy { $0.frameNumber != nil }) ? 0 : 1
    self.first = Int32(first)
    frames = numbers.map { Int32(clamping: min($0, BoxLimits.maximumFrame) - first) }
  }

  /// The numbers at the end of the names, told apart within each video.
  private static func numbers(_ images: [ImageRecord]) -> [Int]? {
    guard images.allSatisfy({ !$0.fileName.isEmpty }) else { return nil }
    var numbers = [Int](repeating: 0, count: images.count)
    for places in Dictionary(grouping: images.indices, by: { images[$0].video }).values {
      guard let found = FrameNumber.ofNames(places.map { images[$0].stem }) else { return nil }
      for (place, number) in zip(places, found) { numbers[place] = Int(number) }
    }
    return numbers
  }
}

extension BoxTableReader {
  /// Reads a file of one or several sequences, each with its frames as the file numbers them.
  ///
  /// - Throws: `RecordsError` with the file's name and, where there is one, the line.
  public static func readSequences(path: String, options: Options = Options()) throws(RecordsError) -> [BoxSequence] {
    var options = options
    options.images.numbering = .byImage
    let table = try read(path: path, options: options)
    if !table.imageRecords.isEmpty { return table.sequences() }
    guard !table.images.isEmpty else { return [BoxSequence(name: nil, table: table)] }
    options.images.numbering = .automatic
    return [BoxSequence(name: nil, table: try read(path: path, options: options))]
  }
}
