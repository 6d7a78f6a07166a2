/// What a named column of a CSV can say, by the names that this program and others give it.
enum NamedColumn: CaseIterable {
  case frame, id, className, classNumber, score, observation, angle
  case varianceX, covariance, varianceY
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
    case .varianceX: ["cx_var_px2"]
    case .covariance: ["cx_cy_cov_px2"]
    case .varianceY: ["cy_var_px2"]
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
