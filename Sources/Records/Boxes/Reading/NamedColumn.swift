import Geometry

/// What a named column of a CSV can say, by the names that this program and others give it.
enum NamedColumn: CaseIterable {
  case frame, id, className, classNumber, score, observation, angle
  case centerX, centerY, width, height, left, top, right, bottom, x, y

  /// The names in lower case, the more telling ones first.
  var names: [String] {
    switch self {
    case .frame: ["frame", "frame_index", "frame_id", "frame_number", "frame_idx", "frame_no"]
    case .id: ["id", "tracker_id", "track_id", "object_id", "identity"]
    case .className: ["class", "class_name", "label", "category", "category_name"]
    case .classNumber: ["class_id", "category_id"]
    case .score: ["score", "confidence", "conf", "probability"]
    case .observation: ["observation"]
    case .angle: ["angle_rad"]
    case .centerX: ["cx_px", "cx", "x_center", "center_x"]
    case .centerY: ["cy_px", "cy", "y_center", "center_y"]
    case .width: ["w_px", "width", "w", "bb_width", "bbox_width"]
    case .height: ["h_px", "height", "h", "bb_height", "bbox_height"]
    case .left: ["x_min", "xmin", "x1", "left", "bb_left", "bbox_left", "xtl"]
    case .top: ["y_min", "ymin", "y1", "top", "bb_top", "bbox_top", "ytl"]
    case .right: ["x_max", "xmax", "x2", "right", "xbr"]
    case .bottom: ["y_max", "ymax", "y2", "bottom", "ybr"]
    case .x: ["x"]
    case .y: ["y"]
    }
  }

  /// Where each column stands in a header.
  static func places(_ header: [String]) -> [NamedColumn: Int] {
    let names = header.map { $0.lowercased().filter { !$0.isWhitespace } }
    var places: [NamedColumn: Int] = [:]
    for column in allCases {
      places[column] = column.names.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    return places
  }
}

/// The four columns that give a box.
struct BoxColumns {
  enum Kind {
    case center, corners, corner
  }

  let kind: Kind
  let columns: [NamedColumn]
  /// Whether the names leave open which point they are.
  let isAmbiguous: Bool

  /// nil where a header has no box.
  init?(_ places: [NamedColumn: Int]) {
    let forms: [(Kind, [NamedColumn])] = [
      (.center, [.centerX, .centerY, .width, .height]), (.corners, [.left, .top, .right, .bottom]),
      (.corner, [.left, .top, .width, .height]), (.corner, [.x, .y, .width, .height]),
    ]
    guard let form = forms.first(where: { $0.1.allSatisfy { places[$0] != nil } }) else { return nil }
    (kind, columns) = form
    isAmbiguous = columns[0] == .x
  }

  /// The box of the four values, in the order of the columns.
  func box(_ values: [Double], angle: Double) -> OrientedBox {
    switch kind {
    case .center: return OrientedBox(center: Point(values[0], values[1]), width: values[2], height: values[3], angle: angle)
    case .corners, .corner:
      let width = kind == .corners ? values[2] - values[0] : values[2]
      let height = kind == .corners ? values[3] - values[1] : values[3]
      return OrientedBox(
        center: Point(values[0] + width / 2, values[1] + height / 2), width: width, height: height, angle: angle)
    }
  }
}
