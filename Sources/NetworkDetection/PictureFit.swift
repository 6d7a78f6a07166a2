public import Geometry

/// How a picture is brought to the size of a network's input.
public enum PictureFitting: Sendable {
  /// Letter-boxed in the middle, the frame's halves rounded as `LetterBox` of the YOLO exporters does.
  case centred
  /// Letter-boxed at the top left, as YOLOX does.
  case topLeft
  /// Stretched to the whole input.
  case stretched
}

/// Where a picture lies in a network's input, in whole pixels, and how coordinates come back from there.
public struct PictureFit: Sendable, Equatable {
  /// The part of the input that the picture covers.
  public let left: Int, top: Int, width: Int, height: Int
  /// Input pixels for each pixel of the picture.
  public let scaleX: Double, scaleY: Double

  /// - Parameters:
  ///   - picture: The picture's size in pixels, at least 1.
  ///   - input: The network's.
  public init(_ fitting: PictureFitting, picture: (width: Int, height: Int), input: (width: Int, height: Int)) {
    let (w, h) = (Double(picture.width), Double(picture.height))
    let ratio = min(Double(input.width) / w, Double(input.height) / h)
    switch fitting {
    case .stretched:
      (left, top, width, height) = (0, 0, input.width, input.height)
      (scaleX, scaleY) = (Double(input.width) / w, Double(input.height) / h)
    case .topLeft:
      (left, top) = (0, 0)
      width = Int(bounded: ratio * w, in: 1...max(1, input.width))
      height = Int(bounded: ratio * h, in: 1...max(1, input.height))
      (scaleX, scaleY) = (ratio, ratio)
    case .centred:
      width = Int(bounded: (ratio * w).rounded(.toNearestOrEven), in: 1...max(1, input.width))
      height = Int(bounded: (ratio * h).rounded(.toNearestOrEven), in: 1...max(1, input.height))
      left = PictureFit.firstHalf(of: input.width - width)
      top = PictureFit.firstHalf(of: input.height - height)
      (scaleX, scaleY) = (ratio, ratio)
    }
  }

  /// The smaller half of an odd margin comes first.
  private static func firstHalf(of margin: Int) -> Int { margin / 2 }

  /// A box of the input in the picture's pixels. Where the scales of the axes differ, only upright boxes stay rectangles.
  public func picture(_ box: OrientedBox) -> OrientedBox {
    OrientedBox(
      center: Point((box.center.x - Double(left)) / scaleX, (box.center.y - Double(top)) / scaleY), width: box.width / scaleX,
      height: box.height / scaleY, angle: box.angle)
  }

  /// A box of the input with what belongs to it, in the picture's pixels.
  func picture(_ found: NetworkBox) -> NetworkBox {
    let spread = found.centerCovariance.map { covariance in
      SymmetricMatrix2(
        xx: covariance.xx / (scaleX * scaleX), xy: covariance.xy / (scaleX * scaleY), yy: covariance.yy / (scaleY * scaleY))
    }
    var moved = found
    (moved.box, moved.centerCovariance) = (picture(found.box), spread)
    return moved
  }
}
