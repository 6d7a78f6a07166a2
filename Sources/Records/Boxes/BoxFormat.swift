/// The text formats of boxes and tracks.
public enum BoxFormat: String, Sendable, CaseIterable {
  /// MOTChallenge: `frame,id,left,top,width,height,…` with 6 to 10 columns.
  case mot
  /// 13 columns: `frame,id,x1,y1,x2,y2,x3,y3,x4,y4,conf,class,truncation`.
  case motOriented = "mot-obb"
  /// 9 or 10 columns: `frame,id,cx,cy,w,h,angle,conf,class[,visibility]`.
  case centerAngle = "mot-obb-angle"
  /// KITTI tracking: 17 columns, 18 with a score.
  case kitti
  /// AB3DMOT detections: 15 columns.
  case ab3dmot
  /// UAVDT: `frame,id,left,top,width,height,out-of-view,occlusion,class`.
  case uavdt
  /// This program's stream, one JSON object per line.
  case sextant
  /// This program's tracks as comma-separated values, whose header names the columns.
  case csv
  /// DOTA labels: a file per image.
  case dota
  /// DOTA results: a file `Task1_<class>.txt` per class.
  case dotaResults = "dota-results"
  /// YOLO labels: a file per image.
  case yolo
  /// YOLO labels with oriented boxes: a file per image.
  case yoloOriented = "yolo-obb"
  /// COCO json.
  case coco
  /// HIT-UAV's labels as one text: `image x1 y1 … x4 y4 class difficult cx cy w h angle`.
  case hitUAV = "hit-uav"

  /// The number that the first frame has in the format's files.
  public var firstFrame: Int32 {
    switch self {
    case .mot, .motOriented, .centerAngle, .uavdt: 1
    default: 0
    }
  }

  /// Whether its boxes can be oriented.
  public var isOriented: Bool {
    switch self {
    case .motOriented, .centerAngle, .sextant, .csv, .dota, .dotaResults, .yoloOriented, .hitUAV: true
    case .mot, .kitti, .ab3dmot, .uavdt, .yolo, .coco: false
    }
  }
}
