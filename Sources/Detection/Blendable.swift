/// A value of several Floats that can be averaged: what `BilinearSample` blends.
protocol Blendable {
  associatedtype Lanes: SIMD where Lanes.Scalar == Float
  var lanes: Lanes { get }
  init(lanes: Lanes)
}
