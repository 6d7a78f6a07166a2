internal import CCeres
import Geometry

/// Poses, each with a scale, that are linked by what was measured between them; found so that all links fit best (Ceres Solver).
///
/// With scales (one camera, whose unit of length drifts) that is the graph of H. Strasdat et al., "Scale drift-aware large scale monocular SLAM", 2010.
struct PoseGraph {
  /// A similarity x ↦ s R x + t.
  struct Similarity: Equatable {
    var pose: RigidTransform
    var scale = 1.0

    static func * (a: Similarity, p: Vector3) -> Vector3 { a.pose.rotation * p * a.scale + a.pose.translation }
  }

  /// The second node as the first one sees it, in the first one's unit.
  struct Link {
    var first: Int
    var second: Int
    var measured: Similarity
    var rotationDeviation: Double
    /// In the first one's unit.
    var placeDeviation: Double
    var scaleDeviation: Double
  }

  private static let iterations: Int32 = 50

  /// Maps from each camera to the world.
  var nodes: [Similarity]
  var links: [Link]

  /// The nodes that fit the links best; the first one stays.
  ///
  /// - Parameter keepsScale: Whether all scales stay as well.
  /// - Returns: nil where there is no finite solution.
  func solved(keepsScale: Bool) -> [Similarity]? {
    var native = nodes.map(PoseGraph.native)
    let nativeLinks = links.map { link in
      let node = PoseGraph.native(link.measured)
      return sxce_link(
        first: Int32(clamping: link.first), second: Int32(clamping: link.second), quaternion: node.quaternion,
        translation: node.translation, scale: node.scale, rotation_deviation: link.rotationDeviation,
        place_deviation: link.placeDeviation, scale_deviation: link.scaleDeviation)
    }
    var message = sxce_message()
    let status = sxce_adjust_graph(
      &native, native.count, nativeLinks, nativeLinks.count, keepsScale ? 1 : 0, Self.iterations, &message)
    guard status == Int32(SXCE_OK) else { return nil }
    let result = native.map { node in
      let (q, t) = (node.quaternion, node.translation)
      return Similarity(
        pose: RigidTransform(
          quaternion: Quaternion(x: q.1, y: q.2, z: q.3, w: q.0), translation: Vector3(t.0, t.1, t.2)), scale: node.scale)
    }
    return result.allSatisfy { $0.pose.isFinite && $0.scale.isFinite && $0.scale > 0 } ? result : nil
  }

  private static func native(_ node: Similarity) -> sxce_node {
    let (q, t) = (node.pose.quaternion, node.pose.translation)
    return sxce_node(quaternion: (q.w, q.x, q.y, q.z), translation: (t.x, t.y, t.z), scale: node.scale)
  }
}
