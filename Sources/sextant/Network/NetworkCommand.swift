import ArgumentParser

/// `sextant network`: networks in ONNX files, by themselves.
struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: "Run, look into, time, convert and write networks in ONNX files.",
    discussion: """
      examples:
        sextant network inspect yolov8n.onnx
        sextant network run model.onnx --input images=picture.npy --output out
        sextant network bench model.onnx --shape images=1x3x640x640 --threads 2
        sextant network export model.onnx.gz -o model.onnx
        sextant network quantize yolov8n.onnx --data pictures --to int8 -o yolov8n.int8.onnx
      """,
    subcommands: [
      NetworkRunCommand.self, NetworkInspectCommand.self, NetworkBenchCommand.self, NetworkExportCommand.self,
      NetworkQuantizeCommand.self,
    ])
}
