/// Rows of a file per image.
protocol ImageRows: BoxRows {
  /// The frame of the file being read.
  var image: Int32 { get set }
}
