internal import COneDNN
internal import NetworkGraph

/// One of oneDNN's primitives with the memory that it works on.
final class PrimitiveStep {
  /// Where a tensor of the step lies.
  struct Binding {
    let role: onednn_role
    let index: Int32
    let buffer: Int
    let offset: Int
  }

  // Owned: freed with this object, and not shared with another one.
  private let handle: OpaquePointer
  private(set) var bindings: [Binding] = []
  let kind: String

  /// - Parameter create: Makes the primitive.
  /// - Throws: `NetworkError.unsupported` where oneDNN has no implementation.
  init(_ kind: String, _ create: (UnsafeMutablePointer<OpaquePointer?>) -> onednn_status) throws {
    var handle: OpaquePointer?
    try check("make a step of kind \(kind)") { create(&handle) }
    guard let handle else { throw NetworkError(.unsupported, "oneDNN makes no \(kind).") }
    self.handle = handle
    self.kind = kind
  }

  deinit { onednn_step_destroy(handle) }

  /// The primitive, for one that is made after it.
  func withHandle<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(handle) }
  }

  /// The implementation's name, such as `jit:avx512_core`.
  var implementation: String { String(cString: onednn_step_name(handle)) }

  /// A step that brings numbers to another layout and type.
  static func reorder(_ from: Layout, _ to: Layout) throws -> PrimitiveStep {
    let (old, new) = (from.type.grid, to.type.grid)
    let scale = (old?.scale ?? 1) / (new?.scale ?? 1)
    let isSame = old == new
    return try PrimitiveStep("reorder") {
      onednn_reorder_create(
        from.handle, to.handle, isSame ? 1 : scale, isSame ? 0 : Int32(old?.zero ?? 0), isSame ? 0 : Int32(new?.zero ?? 0), $0)
    }
  }

  /// Whether it is the reference code, which stands in where there is no fast kernel.
  var isReference: Bool { implementation.hasPrefix("ref") }

  /// - Parameter type: What the tensor's bytes stand for, where it has bytes.
  func layout(_ role: onednn_role, _ index: Int = 0, shape: [Int], type: StoredType? = nil) throws -> Layout {
    var layout: OpaquePointer?
    try check("tell a layout of \(kind)") { onednn_step_layout(handle, role, Int32(index), &layout) }
    guard let layout else { throw NetworkError(.unsupported, "oneDNN tells no layout of \(kind).") }
    return Layout(owned: layout, shape: shape, type: type?.grid == nil ? nil : type)
  }

  func bind(_ role: onednn_role, _ index: Int = 0, to view: View, in memory: ProgramMemory) throws {
    bindings.append(Binding(role: role, index: Int32(index), buffer: view.buffer, offset: view.offset))
    try connect(bindings[bindings.count - 1], memory)
  }

  /// Points the step at the memory's present places.
  func rebind(in memory: ProgramMemory) throws { for binding in bindings { try connect(binding, memory) } }

  private func connect(_ binding: Binding, _ memory: ProgramMemory) throws {
    let place = memory.address(of: binding.buffer) + binding.offset
    try check("bind memory to \(kind)") { onednn_step_bind(handle, binding.role, binding.index, place) }
  }

  func run() throws { try check("run \(kind)") { onednn_step_run(handle) } }
}

/// A tensor within a buffer.
struct View {
  let buffer: Int
  /// First byte within the buffer.
  var offset = 0
  let layout: Layout
  var shape: [Int] { layout.shape }
  var type: StoredType { layout.type }
}
