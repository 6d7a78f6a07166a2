internal import COpenCV

/// Dense optical flow between grey pictures by inverse search (Kroeger et al., ECCV 2016).
///
/// The object only keeps working memory: what it returns depends on its arguments alone.
public final class DenseFlow {
  private let handle: OpaquePointer

  /// Pictures must have at least this many pixels a side.
  public static let minimumSide = 16

  /// - Parameter refinements: Steps of the variational refinement at each scale, 0 to 20.
  public init(refinements: Int = 5) throws(ImagingError) {
    var handle: OpaquePointer?
    try OpenCVCall.check("make a dense flow") { sxcv_dense_flow_create(Int32(clamping: refinements), &handle, $0) }
    self.handle = try OpenCVCall.made(handle, "make a dense flow")
  }

  deinit { sxcv_dense_flow_destroy(handle) }

  /// Where the content of each pixel of one picture lies in another, relative to the pixel: one displacement a pixel, row by row.
  ///
  /// - Parameter displacements: Receives the result; its memory is used again where it has the right size.
  public func compute(from: Image, to: Image, into displacements: inout [SIMD2<Float>]) throws(ImagingError) {
    let count = from.width * from.height
    if displacements.count != count { displacements = [SIMD2<Float>](repeating: .zero, count: count) }
    try OpenCVCall.check("compute the flow between pictures of \(from.width)×\(from.height)") { message in
      from.withView { first in
        to.withView { second in
          displacements.withUnsafeMutableBytes { bytes in
            // SIMD2<Float> is two floats without padding; the face checks the capacity against the size of the pictures.
            let floats = bytes.bindMemory(to: Float.self)
            return sxcv_dense_flow_compute(handle, first, second, floats.baseAddress, floats.count, message)
          }
        }
      }
    }
  }
}
