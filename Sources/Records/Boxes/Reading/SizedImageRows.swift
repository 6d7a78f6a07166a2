/// Rows of a file per image that need the image's size.
protocol SizedImageRows: ImageRows {
  /// Pixels of the image of the file being read; nil where nobody told.
  var size: (width: Double, height: Double)? { get set }
}

extension SizedImageRows {
  /// The image's size, or the sentence that it is not known.
  func knownSize() throws(RowProblem) -> (width: Double, height: Double) {
    guard let size else { throw .other("its boxes are shares of an image whose size is not known; give the size") }
    return size
  }
}
