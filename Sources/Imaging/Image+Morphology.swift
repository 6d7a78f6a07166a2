internal import COpenCV

extension Image {
  /// An operation of grey-scale morphology.
  public enum Morphology: Hashable, Sendable {
    /// The darkest value under the element.
    case erosion
    /// The brightest value under the element.
    case dilation
    /// Erosion, then dilation: removes what is brighter and smaller than the element.
    case opening
    /// Dilation, then erosion: fills what is darker and smaller than the element.
    case closing
  }

  /// What is moved over the picture.
  public enum MorphologyElement: Hashable, Sendable {
    /// Squares and disks of this many pixels across, odd, 1 to 63.
    case square(Int)
    case disk(Int)
  }

  /// The grey picture after a morphological operation; nothing enters from beyond the border.
  public func morphed(_ operation: Morphology, _ element: MorphologyElement) throws(ImagingError) -> Image {
    let (diameter, isRound): (Int, Bool) =
      switch element {
      case .square(let side): (side, false)
      case .disk(let diameter): (diameter, true)
      }
    let code =
      switch operation {
      case .erosion: SXCV_ERODE
      case .dilation: SXCV_DILATE
      case .opening: SXCV_OPEN
      case .closing: SXCV_CLOSE
      }
    return try mapped(width: width, height: height, channels: channels, "apply an element of \(diameter) pixels") {
      sxcv_morphology($0, $1, Int32(code), Int32(clamping: diameter), isRound ? 1 : 0, $2)
    }
  }
}
