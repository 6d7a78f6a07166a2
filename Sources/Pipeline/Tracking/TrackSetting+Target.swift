import Geometry

extension TrackSetting {
  /// What one target is pointed at by, and how it is followed.
  static let target = [
    TrackSetting(
      name: "target", section: .detection, form: .value("x,y,w,h"), place: .settings,
      help: "Follow the one object in this box (left, top, width, height in pixels) in the place of a detector, whatever it is.",
      defaultText: nil, rival: "target_point",
      assign: { texts, request in
        guard let box = TargetChoice.box(texts[0]) else {
          throw TrackSettingError(
            setting: "target",
            problem: "\(texts[0]) is no box: give left, top, width and height of at least 1 in pixels, such as 412,300,64,48")
        }
        request.target.box = box
      }, value: { $0.target.box.map { .text(TargetChoice.text($0)) } ?? .null }),
    TrackSetting(
      name: "target_point", section: .detection, form: .value("x,y"), place: .settings,
      help: "The same by a point on the object; its extent is found, and said on standard error.",
      defaultText: nil, rival: "target",
      assign: { texts, request in
        guard let point = TargetChoice.point(texts[0]) else {
          throw TrackSettingError(
            setting: "target_point", problem: "\(texts[0]) is no point: give two numbers of pixels, such as 412,300")
        }
        request.target.point = point
      }, value: { $0.target.point.map { .text(TargetChoice.text($0)) } ?? .null }),
    number(
      "target_time", .detection, \.target.seconds, in: 0...1e9, unit: "seconds",
      "When the target is there, in seconds after the first picture; by default in the first frame."),
    TrackSetting(
      name: "target_model", section: .detection, form: .value("backbone.onnx,head.onnx"), place: .settings,
      help: "The two files of a network that follows the target (NanoTrack's form); by default a filter that needs no file.",
      defaultText: nil,
      assign: { texts, request in
        guard let model = TargetChoice.Model(texts[0]) else {
          throw TrackSettingError(
            setting: "target_model",
            problem: "\(texts[0]) does not name two files: give the backbone's and the head's, such as backbone.onnx,head.onnx")
        }
        request.target.model = model
      }, value: { $0.target.model.map { .text($0.text) } ?? .null }),
    flag(
      "planar", .detection, \.target.isPlanar,
      "The target is flat: its four corners are followed, however it is turned and tilted."),
    file(
      "target_image", .detection, \.target.picture, word: "picture", place: .settings,
      "A picture of a flat target from its front, which is looked for in the place of one that is pointed at."),
    number(
      "target_width", .detection, \.target.metres, in: 1e-6...1e6, unit: "metres",
      "How wide the target of that picture is, for its pose before a calibrated camera; by default poses are in its widths."),
  ]
}
