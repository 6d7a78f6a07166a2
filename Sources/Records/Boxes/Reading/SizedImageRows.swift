/// Rows of a file per image that need the image's size.
protocol SizedImageRows: ImageRows {
  /// Pixels of the image of the file being read.
  var size: (width: Double, height: Double) { get set }
}
