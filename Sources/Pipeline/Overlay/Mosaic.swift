import Geometry
import Imaging
import Records

/// All pictures of a scene as one: those of the longest part of a recording without a cut, laid on the plane of its first picture.
public struct Mosaic: Sendable {
  /// The pictures alone; nothing is drawn on them.
  public var image: Image { canvas.image }
  /// What of the plane the image covers, in pixels of the scene's first picture (x right, y down).
  public let place: AxisBox
  /// The ordinal of the scene's first frame.
  public let origin: Int
  /// What a user should know.
  public let warnings: [String]
  var canvas: MosaicCanvas
  let scene: StreamScene

  init(canvas: MosaicCanvas, scene: StreamScene, warnings: [String]) {
    (self.canvas, self.scene, self.warnings) = (canvas, scene, warnings)
    origin = scene.origin
    let plane = canvas.canvasFromPlane.inverse ?? .identity
    let size = Point(Double(canvas.image.width), Double(canvas.image.height))
    place = AxisBox(around: [plane.apply(.zero), plane.apply(size)])
  }
}
