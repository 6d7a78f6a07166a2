import Geometry
import Records

extension TrackSideLoader {
  /// The rows of a stream as its text outputs have them, without coasting ones (`RowKinds.seen`); a row that is filled in later replaces the one that was there.
  static func loadStream(_ path: String) throws(RecordsError) -> TrackSide {
    let reader = try StreamReader(path: path, keepsFurther: false)
    var rows = StreamRows()
    while let record = try reader.next() {
      switch record {
      case .frame(let frame): rows.add(frame.frame, frame.tracks)
      case .backfill(let filled): rows.add(filled.frame, filled.tracks)
      default: break
      }
    }
    var warnings: [String] = []
    if let warning = reader.earlyEnd { warnings.append("\(path): \(warning)") }
    if let warning = rows.places.leftOut.warning { warnings.append("\(path): \(warning)") }
    var size: (width: Int, height: Int)?
    if let width = reader.header?.source?.width, let height = reader.header?.source?.height { size = (width, height) }
    return TrackSide(
      boxes: rows.grouped(classes: reader.classes), format: .sextant, firstFrame: 0, size: size, warnings: warnings)
  }

  /// Rows collected from a stream.
  private struct StreamRows {
    private var table = BoxTable(format: .sextant)
    private var headings: [Double] = []
    private var covariances: [SymmetricMatrix2] = []
    private(set) var places = StreamRowPlaces(.seen)
    private static let noCovariance = SymmetricMatrix2(xx: 0, xy: 0, yy: 0)

    mutating func add(_ frame: Int, _ tracks: [TrackRecord]) {
      guard frame >= 0, frame <= BoxTableReader.maximumFrame else { return }
      places.count(frame: frame)
      for track in tracks {
        guard let place = places.row(frame: frame, track) else { continue }
        let heading = track.heading ?? .nan
        let covariance = track.centerCovariance ?? Self.noCovariance
        guard place.isNew else {
          table.orientedBoxes[place.number] = track.box
          table.classIndices[place.number] = Int16(clamping: track.classIndex)
          table.spatialBoxes[place.number] = track.world?.box ?? .unknown
          headings[place.number] = heading
          covariances[place.number] = covariance
          continue
        }
        table.frames.append(Int32(frame))
        table.ids.append(Int32(clamping: track.id))
        table.orientedBoxes.append(track.box)
        table.classIndices.append(Int16(clamping: track.classIndex))
        table.spatialBoxes.append(track.world?.box ?? .unknown)
        headings.append(heading)
        covariances.append(covariance)
      }
    }

    func grouped(classes: [String]) -> GroupedBoxes {
      var table = self.table
      table.classes = classes
      if !table.spatialBoxes.contains(where: \.isKnown) { table.spatialBoxes = [] }
      var boxes = GroupedBoxes(taking: &table, headings: headings, covariances: covariances)
      boxes.extend(toFrames: places.frameCount)
      return boxes
    }
  }
}
