import Geometry

/// HIT-UAV's labels as one text, 16 columns: `image x1 y1 … x4 y4 class difficult cx cy w h angle`, blank separated, pixels from 0.
///
/// The box is that of centre, sides and angle (radians in [0, π], direction of w). Frames are indices into the images in the order in
/// which they appear, or into the list given; an image without boxes has no line.
struct HITUAVRows: BoxRows {
  static let textColumns: UInt32 = 1 << 0 | 1 << 9
  static let format = BoxFormat.hitUAV

  static let classes = ["Person", "Car", "Bicycle", "OtherVehicle", "DontCare"]

  private let options: BoxReadingOptions
  private var images: ImageNames
  private var names = ClassNames(known: classes)

  init(_ options: BoxReadingOptions) {
    self.options = options
    images = ImageNames(options.images.names)
  }

  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem) {
    try row.require(16...16, named: "16")
    let width = try row.size(13)
    let height = try row.size(14)
    let difficult = try row.integer(10, in: 0...1)
    let frame = try images.index(of: row.text(0))
    table.classIndices.append(try names.index(of: row.text(1)))
    table.frames.append(frame)
    table.ids.append(-1)
    table.orientedBoxes.append(
      OrientedBox(center: Point(row[11], row[12]), width: width, height: height, angle: row[15]))
    table.difficult.append(difficult == 1)
    if options.keepsCorners { table.corners.append(row.corners(from: 1)) }
  }

  mutating func finish(_ table: inout BoxTable) {
    table.classes = names.names
    table.images = images.names
    table.statedFrameCount = Int32(images.names.count)
  }
}
