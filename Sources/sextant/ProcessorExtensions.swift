import Foundation

/// The extensions of the processor's instruction set by which the libraries choose their code.
enum ProcessorExtensions {
  private static let known = ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "sve"]

  /// Those of this machine.
  static let present: [String] = {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return [] }
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") } ?? ""
    let features = Set(line.split(separator: ":").last?.split(separator: " ").map(String.init) ?? [])
    return known.filter(features.contains)
  }()
}
