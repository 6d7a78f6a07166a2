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
  /// VisDrone's tracks: `frame,id,left,top,width,height,score,category,truncation,occlusion`.
  case visDrone = "visdrone"
  /// BoxMOT's saved detections: `frame x1 y1 x2 y2 conf class`, or with widths and heights in place of the second corner.
  case boxMOT = "boxmot"
  /// This program's stream, one JSON object per line.
  case sextant
  /// Comma-separated values whose header names the columns: this program's, supervision's, and others with known names.
  case csv
  /// DOTA labels: a file per image.
  case dota
  /// DOTA results: a file `Task1_<class>.txt` per class.
  case dotaResults = "dota-results"
  /// YOLO labels: a file per image.
  case yolo
  /// YOLO labels with oriented boxes: a file per image.
  case yoloOriented = "yolo-obb"
  /// KITTI's object labels, as DeepStream writes them too: a file per image.
  case kittiObjects = "kitti-objects"
  /// VisDrone's boxes in images: a file per image.
  case visDroneDetections = "visdrone-det"
  /// COCO json, with COCO-style videos.
  case coco
  /// COCO json of one video, as CocoVID files are: frames with `frame_id`, objects with `instance_id`.
  case cocoVID = "coco-vid"
  /// BDD100K's and Scalabel's json: a list of frames with labels.
  case scalabel
  /// Ultralytics' json of one image: a list of objects with a `box`.
  case ultralytics
  /// supervision's json: a list of objects with `x_min`, `y_min`, `x_max`, `y_max`.
  case supervision
  /// CVAT's xml, read for video and for images, written for video.
  case cvat
  /// Label Studio's json of a video: a task with `videorectangle` regions.
  case labelStudio = "label-studio"
  /// FiftyOne's json of a video's labels: the objects of each frame.
  case fiftyOne = "fiftyone"
  /// HIT-UAV's labels as one text: `image x1 y1 … x4 y4 class difficult cx cy w h angle`.
  case hitUAV = "hit-uav"
  /// What `sextant detect` writes: a JSON object a line and picture, with its boxes.
  case detect

  /// The number that the first frame has in the format's files.
  public var firstFrame: Int32 {
    switch self {
    case .mot, .motOriented, .centerAngle, .uavdt, .visDrone, .boxMOT: 1
    default: 0
    }
  }

  /// Whether its rows can have identities, as tracks need them.
  public var hasIdentities: Bool {
    switch self {
    case .mot, .motOriented, .centerAngle, .kitti, .uavdt, .visDrone, .sextant, .csv, .yolo, .yoloOriented, .kittiObjects, .coco,
      .cocoVID,
      .scalabel, .ultralytics, .supervision, .cvat, .labelStudio, .fiftyOne:
      true
    case .ab3dmot, .boxMOT, .dota, .dotaResults, .visDroneDetections, .hitUAV, .detect: false
    }
  }

  /// Whether its boxes can be oriented.
  public var isOriented: Bool {
    switch self {
    case .motOriented, .centerAngle, .sextant, .csv, .dota, .dotaResults, .yoloOriented, .hitUAV, .detect, .labelStudio, .fiftyOne:
      true
    default: false
    }
  }

  /// The name that the format gives to a class number; nil where it gives none.
  public func className(of number: Int32) -> String? {
    let (names, first) =
      switch self {
      case .mot: (MOTRows.classes, 1)
      case .uavdt: (UAVDTRows.classes, 1)
      case .ab3dmot: (AB3DMOTRows.classes, 1)
      case .visDrone, .visDroneDetections: (VisDroneRows.classes, 0)
      default: ([String](), 0)
      }
    let place = Int(number) - first
    return names.indices.contains(place) ? names[place] : nil
  }

  /// Whether it can be written; the others are only read.
  public var isWritable: Bool {
    switch self {
    case .visDrone, .boxMOT, .kittiObjects, .visDroneDetections, .scalabel, .ultralytics, .supervision, .detect: false
    default: true
    }
  }

  /// Whether it is a folder of files.
  public var isFolder: Bool {
    switch self {
    case .dota, .dotaResults, .yolo, .yoloOriented, .kittiObjects, .visDroneDetections: true
    default: false
    }
  }

  /// Whether its boxes stand in images, told by name, rather than in the frames of a sequence.
  public var namesImages: Bool {
    switch self {
    case .dota, .dotaResults, .yolo, .yoloOriented, .coco, .hitUAV, .detect: true
    default: false
    }
  }
}
