import Records

/// Reads the files of a truth and a result of boxes, in any two formats.
public enum BoxFiles {
  /// How the files of both sides are read and matched.
  public struct Options: Sendable {
    /// nil: guessed.
    public var truthFormat: BoxFormat?
    /// The format of the result's files; nil: guessed.
    public var resultFormat: BoxFormat?
    /// Names for the class numbers of formats without names.
    public var classNames: [Int: String] = [:]
    /// Width and height of the images in pixels, for formats that hold shares of them.
    public var imageSize: (width: Double, height: Double)?
    /// How classes and images of both sides are brought together.
    public var alignment = BoxSetBuilder.Options()

    /// Guesses everything that the files tell.
    public init() {}
  }

  /// - Parameter regions: A file of boxes to ignore, in the truth's format or any that can be guessed.
  /// - Throws: `RecordsError` for a file that cannot be read, `EvaluationError` for files that do not fit together.
  public static func load(
    truth: String, result: String, regions: String? = nil, options: Options = Options()
  ) throws -> BoxSetBuilder {
    let regionTable = try regions.map { try table($0, format: nil, role: .truth, options) }
    if isCOCO(truth, options.truthFormat) {
      let annotations = try ordered(COCODataset.read(path: truth, options: reading(.coco, .truth, options)))
      let table =
        isCOCO(result, options.resultFormat)
        ? try COCODataset.read(path: result, truth: annotations, options: reading(.coco, .result, options)).table
        : try table(result, format: options.resultFormat, role: .result, options)
      return try BoxSetBuilder(truth: annotations.table, result: table, regions: regionTable, options: options.alignment)
    }
    return try BoxSetBuilder(
      truth: table(truth, format: options.truthFormat, role: .truth, options),
      result: table(result, format: options.resultFormat, role: .result, options), regions: regionTable,
      options: options.alignment)
  }

  private static func table(
    _ path: String, format: BoxFormat?, role: BoxTableReader.Role, _ options: Options
  ) throws(RecordsError) -> BoxTable {
    try BoxTableReader.read(path: path, options: reading(format, role, options))
  }

  private static func reading(
    _ format: BoxFormat?, _ role: BoxTableReader.Role, _ options: Options
  ) -> BoxTableReader.Options {
    var reading = BoxTableReader.Options(format: format, role: role, classNames: options.classNames, keepsCorners: true)
    reading.images.size = options.imageSize
    return reading
  }

  private static func isCOCO(_ path: String, _ format: BoxFormat?) -> Bool {
    format == .coco || (format == nil && Packing.plainName(of: path).hasSuffix(".json"))
  }

  /// The images by ascending id: the order in which the COCO evaluation breaks ties between equal scores.
  private static func ordered(_ dataset: COCODataset) -> COCODataset {
    let images = dataset.table.imageRecords
    let order = images.indices.sorted { images[$0].id < images[$1].id }
    var place = [Int32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { place[old] = Int32(new) }
    var sorted = dataset
    sorted.table.imageRecords = order.map { images[$0] }
    sorted.table.images = order.map { dataset.table.images[$0] }
    for row in sorted.table.frames.indices { sorted.table.frames[row] = place[Int(dataset.table.frames[row])] }
    return sorted
  }
}
