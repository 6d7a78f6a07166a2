import Geometry
import Records

/// The lines of the truth's text files, one call a frame.
enum TruthRows {
  /// `frame,id,cx,cy,w,h,angle,conf,class,visibility`: frame from 1, pixels, radians, w along the angle, class from 0
  /// (`docs/formats.md`, `mot-obb-angle`).
  static func appendVisibility(_ truth: FrameTruth, to text: inout TextBuffer) {
    for object in truth.objects where object.visiblePixels > 0 {
      let box = object.box.canonical
      text.append(truth.ordinal + 1)
      text.append(",")
      text.append(object.id)
      for value in [box.center.x, box.center.y, box.width, box.height] {
        text.append(",")
        text.append(value, decimals: 3)
      }
      text.append(",")
      text.append(box.angle, decimals: 6)
      text.append(object.visibility >= ObjectTruth.countedVisibility ? ",1," : ",0,")
      text.append(object.kind.classIndex)
      text.append(",")
      text.append(object.visibility, decimals: 4)
      text.append("\n")
    }
  }

  /// The homography from the previous frame to this one, nine numbers row by row; the identity in the first frame.
  static func appendHomography(_ truth: FrameTruth, to text: inout TextBuffer) {
    append((truth.homography ?? .identity).rowMajor, to: &text)
  }

  /// A KITTI pose: twelve numbers, the rows of [R|t], camera to world.
  static func appendKITTIPose(_ truth: FrameTruth, to text: inout TextBuffer) {
    let pose = truth.camera.worldFromCamera
    let r = pose.rotation.rowMajor
    let t = pose.translation
    append([r[0], r[1], r[2], t.x, r[3], r[4], r[5], t.y, r[6], r[7], r[8], t.z], to: &text)
  }

  /// A TUM pose: `time tx ty tz qx qy qz qw`, camera to world.
  static func appendTUMPose(_ truth: FrameTruth, to text: inout TextBuffer) {
    let pose = truth.camera.worldFromCamera
    let (t, q) = (pose.translation, pose.quaternion)
    text.append(truth.time, decimals: 6)
    text.append(" ")
    append([t.x, t.y, t.z, q.x, q.y, q.z, q.w], to: &text)
  }

  /// Numbers with all their digits, blanks between them.
  private static func append(_ values: [Double], to text: inout TextBuffer) {
    for (i, value) in values.enumerated() {
      if i > 0 { text.append(" ") }
      text.append(exact: value)
    }
    text.append("\n")
  }
}
