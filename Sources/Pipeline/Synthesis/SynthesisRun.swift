import Dispatch
import Records
import Synchronization
import Synthesis
import Video

/// Renders a scene into a video and its truth into a folder.
public struct SynthesisRun: Sendable {
  /// What is rendered.
  public var scene: Scene
  /// Where the scene was read from; nil for one that came from no file.
  public var sceneFile: String?
  /// The H.264 file to write.
  public var video: String
  /// Where the truth goes; nil for none.
  public var truthFolder: String?
  /// What the truth holds beside boxes.
  public var truthContents: TruthWriter.Contents
  /// Constant rate factor of the video, 0 (lossless) to 51.
  public var quality: Int
  /// Whether files that exist are replaced.
  public var overwrites: Bool
  /// Frames that are rendered at a time; it never changes the result.
  public var threads: Int
  /// Name and version, for the truth's header.
  public var program: String

  /// - Parameters:
  ///   - video: The file of the video.
  ///   - truthFolder: Where the truth goes; nil for none.
  ///   - quality: Constant rate factor of the video, 0 (lossless) to 51.
  public init(
    scene: Scene, video: String, truthFolder: String? = nil, truthContents: TruthWriter.Contents = [], quality: Int = 23,
    overwrites: Bool = false, threads: Int = 2, program: String
  ) {
    self.scene = scene
    self.video = video
    self.truthFolder = truthFolder
    self.truthContents = truthContents
    self.quality = quality
    self.overwrites = overwrites
    self.threads = threads
    self.program = program
  }

  /// Renders all frames, or until the run is called off: then video and truth hold the frames so far.
  ///
  /// - Throws: `SynthesisError` for a scene with values out of range; the errors of writing.
  public func run(cancellation: Cancellation, progress: (RunProgress) -> Void = { _ in }) throws {
    let renderer = try SceneRenderer(scene)
    try checkFiles()
    let truth = try truthFolder.map {
      try TruthWriter(
        folder: $0, scene: scene, program: program, video: video, contents: truthContents, overwrite: overwrites)
    }
    let file = try videoFile()
    cancellation.heed()
    var done = 0
    while done < scene.frameCount, !cancellation.isRequested {
      let batch = frames(of: renderer, done..<min(scene.frameCount, done + max(1, threads)))
      for frame in batch {
        try file.encoder.write(frame.image.pixels, pts: Int64(frame.truth.ordinal))
        try truth?.write(frame.truth)
      }
      done += batch.count
      progress(
        RunProgress(
          frames: done, seconds: scene.time(of: done), share: Double(done) / Double(scene.frameCount),
          liveTracks: batch.last?.truth.objects.count ?? 0, dropped: 0))
    }
    try file.finish()
    try truth?.finish()
  }

  private func checkFiles() throws {
    var plan = OutputPlan(overwrites: overwrites)
    plan.reads(sceneFile, as: "the scene")
    try plan.writesVideo(video, as: "the video")
    plan.writesFolder(truthFolder, as: "the truth")
    try plan.check()
  }

  private func videoFile() throws -> VideoFile {
    var settings = VideoEncoder.Settings()
    settings.quality = quality
    settings.preset = "slow"
    settings.frameRate = Rational(scene.frameRate.numerator, scene.frameRate.denominator)
    return try VideoFile(
      path: video, overwrites: overwrites, grows: false, width: scene.width, height: scene.height,
      timeBase: settings.frameRate.inverse, settings: settings)
  }

  /// Renders frames side by side; each is a function of its ordinal alone.
  ///
  /// Never on the calling thread: what rendering leaves on its stack was seen to change x264's decisions there, and so the file.
  private func frames(of renderer: SceneRenderer, _ ordinals: Range<Int>) -> [SyntheticFrame] {
    let made = Mutex<[Int: SyntheticFrame]>([:])
    let group = DispatchGroup()
    for ordinal in ordinals {
      DispatchQueue.global().async(group: group) {
        let frame = renderer.frame(ordinal)
        made.withLock { $0[ordinal] = frame }
      }
    }
    group.wait()
    return made.withLock { frames in frames.sorted { $0.key < $1.key }.map(\.value) }
  }
}
