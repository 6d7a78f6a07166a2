import Imaging
import Video

extension Frame {
  /// The displayed picture in colour.
  package func colorImage() throws(VideoError) -> Image {
    let picture = try bgr()
    return Image(width: picture.width, height: picture.height, channels: 3, pixels: picture.pixels)
  }
}
