/// A step of our own kernels on row-major buffers of 32-bit floats, which its sources must have been brought to.
final class NativeStep {
  typealias Body = (_ sources: [UnsafePointer<Float>], _ targets: [UnsafeMutablePointer<Float>]) -> Void
  let name: String
  let sources: [View]
  let targets: [View]
  private let body: Body

  /// - Parameter body: May read as many numbers behind each source as the view's shape has, and write as many behind each target.
  init(_ name: String, sources: [View], targets: [View], _ body: @escaping Body) {
    (self.name, self.sources, self.targets, self.body) = (name, sources, targets, body)
  }

  func run(in memory: ProgramMemory) {
    // Every buffer has at least its layout's bytes behind the view's offset.
    func address(_ view: View) -> UnsafeMutablePointer<Float> {
      (memory.address(of: view.buffer) + view.offset).assumingMemoryBound(to: Float.self)
    }
    body(sources.map { UnsafePointer(address($0)) }, targets.map { address($0) })
  }
}

extension PlanBuilder {
  /// Adds a step of our own with new row-major targets.
  ///
  /// - Parameter outputs: The values that the targets are; nil: nobody reads it.
  func addNative(
    _ name: String, _ sources: [View], _ outputs: [(value: Int?, shape: [Int])], _ body: @escaping NativeStep.Body
  ) throws -> Bool {
    guard outputs.allSatisfy({ !$0.shape.contains(0) }) else { return false }
    let targets = try outputs.map { make(try Layout(plain: $0.shape)) }
    try append(.native(NativeStep(name, sources: sources, targets: targets, body)))
    for (output, target) in zip(outputs, targets) { if let value = output.value { try set(value, target) } }
    return true
  }
}
