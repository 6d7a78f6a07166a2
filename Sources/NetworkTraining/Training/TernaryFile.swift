public import ModelFiles

/// Trained networks whose ternary weights are stored at two bits, as one safetensors file.
///
/// A ternary weight `w` of n numbers is there as `codes/w`, ⌈n/4⌉ bytes with the first number in the lowest bits (0: zero, 1: plus, 2: minus),
/// `size/w`, one 32-bit float, and `shape/w`, a list of 64-bit integers; every other tensor under its own name.
public enum TernaryFile {
  private static let (codes, size, shape) = ("codes/", "size/", "shape/")

  /// - Parameters:
  ///   - tensors: All that a trained network is built of.
  ///   - names: Those of them that are ternary.
  /// - Returns: The file's tensors; write them with `SafeTensors`.
  public static func packed(_ tensors: [String: Tensor], ternary names: Set<String>) throws -> SafeTensors {
    var stored: [String: Tensor] = [:]
    for (name, tensor) in tensors {
      guard names.contains(name) else {
        stored[name] = tensor
        continue
      }
      let weights = tensor.elements.floats
      let mean = weights.reduce(0) { $0 + abs($1) } / Float(max(1, weights.count))
      let signs = weights.map { weight -> UInt8 in
        let rounded = (weight / (mean + 1e-8)).rounded(.toNearestOrEven)
        return rounded >= 1 ? 1 : rounded <= -1 ? 2 : 0
      }
      stored[codes + name] = Tensor(list: packed(signs))
      stored[size + name] = Tensor(list: [mean])
      stored[shape + name] = Tensor(list: tensor.shape.map(Int64.init))
    }
    return SafeTensors(tensors: stored)
  }

  private static func packed(_ signs: [UInt8]) -> [UInt8] {
    stride(from: 0, to: signs.count, by: 4).map { start in
      (start..<min(start + 4, signs.count)).reduce(0) { $0 | signs[$1] << UInt8(2 * ($1 - start)) }
    }
  }

  /// The tensors that the network is built of. Ternary weights come with the size that makes the layer's own rounding give the stored numbers:
  /// their mean magnitude is the stored size.
  ///
  /// - Throws: `TrainingError` for codes that do not fit their shape or mean nothing.
  public static func unpacked(_ file: SafeTensors) throws -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in file.tensors {
      if name.hasPrefix(codes) {
        let weight = String(name.dropFirst(codes.count))
        tensors[weight] = try unpacked(tensor, weight, size: file.tensors[size + weight], shape: file.tensors[shape + weight])
      } else if !name.hasPrefix(size), !name.hasPrefix(shape) {
        tensors[name] = tensor
      }
    }
    return tensors
  }

  private static func unpacked(_ codes: Tensor, _ name: String, size: Tensor?, shape: Tensor?) throws -> Tensor {
    let fault = TrainingError(
      "The ternary weights '\(name)' do not fit their shape or hold a code that means nothing; the file is damaged.")
    guard let size = size?.values(Float.self)?.first, size.isFinite, size >= 0, let bytes = codes.values(UInt8.self),
      let sizes = shape?.values(Int64.self), let count = try? Tensor.elementCount(of: sizes.map { Int($0) }),
      bytes.count == (count + 3) / 4
    else { throw fault }
    let signs = (0..<count).map { bytes[$0 / 4] >> UInt8(2 * ($0 % 4)) & 3 }
    guard !signs.contains(3) else { throw fault }
    let full = signs.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
    let magnitude = full == 0 ? 0 : size * Float(count) / Float(full)
    return try Tensor(shape: sizes.map { Int($0) }, signs.map { $0 == 0 ? 0 : $0 == 1 ? magnitude : -magnitude })
  }
}
