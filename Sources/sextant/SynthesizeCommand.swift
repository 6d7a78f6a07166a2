import ArgumentParser
import Foundation
import Pipeline
import Synthesis

/// `sextant synthesize`: a video of a made-up scene, with its exact truth.
struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Render a video of a made-up scene, with its exact truth.",
    discussion: """
      SCENE is a preset or a scene file (JSON, as scene.json in a folder of truth). The same scene gives the same bytes on every run.

      presets: \(ScenePreset.allCases.map(\.rawValue).joined(separator: ", "))

      The truth folder holds gt.txt (13-column oriented MOT), gt-visibility.txt (10 columns), truth.ndjson (a stream, schema sextant/2), \
      homographies.txt (previous frame to present one on the ground, row by row), poses-kitti.txt and poses-tum.txt (camera to world: x and \
      y on the ground, z down, metres), scene.json, and on request masks/ (PNG, value = id) and depth/ (PFM, metres).

      examples:
        sextant synthesize crossing -o crossing.mp4 --truth crossing --seed 7
        sextant synthesize aerial -o big.mp4 --size 1280x720 --fps 30 --duration 20
        sextant synthesize crossing/scene.json -o again.mp4
      """)

  @Argument(help: ArgumentHelp("A preset's name or a scene file.", valueName: "scene"), completion: .file(extensions: ["json"]))
  var scene: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The video to write (H.264).", valueName: "file"),
    completion: .file(extensions: ["mp4", "mkv"]))
  var output: String

  @Option(help: ArgumentHelp("Write the truth into this folder.", valueName: "folder"), completion: .directory)
  var truth: String?

  @Flag(help: "Add a mask of each frame to the truth.")
  var masks = false

  @Flag(help: "Add a depth map of each frame to the truth.")
  var depth = false

  @Option(help: ArgumentHelp("Seed of everything random.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Pixels of the picture.", valueName: "WxH"))
  var size: String?

  @Option(help: ArgumentHelp("Frames per second, whole or a fraction such as 30000/1001.", valueName: "f"))
  var fps: String?

  @Option(help: ArgumentHelp("Length of the video.", valueName: "seconds"))
  var duration: Double?

  @Option(help: ArgumentHelp("Constant rate factor of the encoder, 0 (lossless) to 51.", valueName: "n"))
  var quality = 23

  @Option(help: ArgumentHelp("Number of threads; it never changes the result.", valueName: "n"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print no progress.")
  var quiet = false

  func run() throws {
    try ExitStatus.reporting {
      let contents = TruthWriter.Contents(masks ? [.masks] : []).union(depth ? [.depth] : [])
      guard contents.isEmpty || truth != nil else { throw CommandError.usage("--masks and --depth need --truth FOLDER") }
      if let seed { _ = try OptionCheck.value(seed, of: "--seed", in: 0...UInt64(Int64.max), unit: "") }
      let choice = SceneChoice(self)
      var run = SynthesisRun(
        scene: try choice.scene(), video: output, truthFolder: truth, truthContents: contents,
        quality: try OptionCheck.value(quality, of: "--quality", in: 0...51, unit: ""), overwrites: overwrite,
        threads: try OptionCheck.value(threads, of: "--threads", in: 1...256, unit: ""), program: ProgramVersion.programText)
      run.sceneFile = choice.file
      try InterruptibleRun(isQuiet: quiet).run { cancellation, progress in
        try run.run(cancellation: cancellation, progress: progress)
      }
    }
  }
}

/// The scene that the options ask for.
private struct SceneChoice {
  private let command: SynthesizeCommand

  init(_ command: SynthesizeCommand) { self.command = command }

  /// The file that the scene is read from, nil for a preset.
  var file: String? { ScenePreset(rawValue: command.scene) == nil && isFile ? command.scene : nil }

  func scene() throws -> Scene {
    var scene = try file != nil ? fromFile() : preset()
    if let size = command.size { (scene.width, scene.height) = try SceneChoice.size(size) }
    if let fps = command.fps { scene.frameRate = try SceneChoice.rate(fps) }
    do {
      try scene.validate()
    } catch {
      // A preset is right by itself, so the options are not.
      throw ScenePreset(rawValue: command.scene) == nil ? error : CommandError.usage("\(error)")
    }
    return scene
  }

  /// A preset's name is the preset, whatever lies in the folder.
  private var isFile: Bool { command.scene.hasSuffix(".json") || FileManager.default.fileExists(atPath: command.scene) }

  private func preset() throws -> Scene {
    guard let preset = ScenePreset(rawValue: command.scene) else {
      throw CommandError.usage("\(SynthesisError.unknownPreset(command.scene))")
    }
    let duration = try OptionCheck.value(command.duration ?? 8, of: "--duration", in: 0.04...86_400, unit: "seconds")
    return preset.scene(seed: command.seed ?? 0, duration: duration)
  }

  private func fromFile() throws -> Scene {
    guard let bytes = FileManager.default.contents(atPath: command.scene) else {
      throw CommandError.missingInput("cannot read the scene \(command.scene): the file is not there or cannot be read")
    }
    do {
      var scene = try JSONDecoder().decode(Scene.self, from: bytes)
      if let seed = command.seed { scene.seed = seed }
      if let duration = command.duration { scene.duration = duration }
      return scene
    } catch {
      throw CommandError.malformed(
        "cannot read the scene \(command.scene): it is not a scene file as 'sextant synthesize' writes it")
    }
  }

  private static func size(_ text: String) throws -> (Int, Int) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else {
      throw CommandError.usage("--size \(text) is not a size: give WIDTHxHEIGHT such as 1280x720")
    }
    return (width, height)
  }

  private static func rate(_ text: String) throws -> Scene.FrameRate {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let numerator = parts[0], let denominator = parts.count == 2 ? parts[1] : 1 else {
      throw CommandError.usage("--fps \(text) is not a rate: give a whole number or a fraction such as 30000/1001")
    }
    return Scene.FrameRate(numerator, denominator)
  }
}
