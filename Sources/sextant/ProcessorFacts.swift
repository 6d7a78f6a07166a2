import Foundation

/// What the system tells of this machine's processor.
struct ProcessorFacts {
  /// Its name; nil where the system gives none, as on many machines that are not x86-64.
  var model: String?
  /// The extensions of its instruction set by which the libraries choose their code.
  var extensions: [String] = []

  private static let known = ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "sve"]

  /// Those of this machine.
  static let present = ProcessorFacts(text: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")

  /// - Parameter text: Lines of a name, a colon and a value, one block a core; the first block counts.
  init(text: String) {
    for line in text.split(separator: "\n") {
      let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard pair.count == 2 else { continue }
      switch pair[0] {
      case "model name": model = model ?? pair[1]
      case "flags" where extensions.isEmpty, "Features" where extensions.isEmpty:
        let features = Set(pair[1].split(separator: " ").map(String.init))
        extensions = ProcessorFacts.known.filter(features.contains)
      default: break
      }
    }
  }
}
