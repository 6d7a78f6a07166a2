import Foundation

/// One kind of mark on an overlay; each can be switched off.
public enum OverlayLayer: String, CaseIterable, Sendable {
  /// The objects' pixels, where the stream has them.
  case masks
  /// The oriented boxes; dashed where the tracker only predicts.
  case boxes
  /// Arrows from the middle of a box the way it heads.
  case headings
  /// Id and class.
  case labels
  /// The score behind the label; only on request.
  case scores
  /// Where an object was, in the camera-compensated plane.
  case trails
  /// Ellipses that hold a forecast with 95 %.
  case forecasts
  /// The frame's number and time, the number of tracks, the camera's state and motion.
  case camera

  /// What is drawn where nobody says otherwise: all but the scores.
  public static let standard = Set(allCases).subtracting([.scores])

  /// The words that stand for lists of layers.
  public static let lists = ["standard", "all", "none"]

  /// The layers of a list such as `boxes,trails`; `standard`, `all` and `none` are lists too.
  ///
  /// - Returns: nil where a name is unknown.
  public static func parse(_ list: String) -> Set<OverlayLayer>? {
    if list == "standard" { return standard }
    if list == "all" { return Set(allCases) }
    if list == "none" { return [] }
    var layers = Set<OverlayLayer>()
    for name in list.split(separator: ",") {
      guard let layer = OverlayLayer(rawValue: name.trimmingCharacters(in: .whitespaces)) else { return nil }
      layers.insert(layer)
    }
    return layers
  }
}

extension Set<OverlayLayer> {
  /// Whether masks were named, not only drawn where there are some, as all lists do.
  var namesMasks: Bool { contains(.masks) && self != OverlayLayer.standard && count < OverlayLayer.allCases.count }
}
