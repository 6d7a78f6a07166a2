import Foundation
import Testing

/// Jobs that `sextant batch script` prints, in the engines themselves where they can be had from PyPI: Snakemake, and the models of the Kubernetes client.
///
/// No Kubernetes cluster is at hand: its manifests are held against the client's models, and their command is run with the index set by hand.
@Suite struct BatchEnginesSlowTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let binaries = package.appendingPathComponent(".build-python/bin").path
  private static let hasEngines = FileManager.default.isExecutableFile(atPath: binaries + "/snakemake")
  private let folder: TemporaryFolder

  /// Four clips, each a shard of its own.
  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("clips"), withIntermediateDirectories: true)
    for seed in 1...4 {
      let made = try ProgramRun(
        ["synthesize", "crossing", "-o", "clips/\(seed).mp4", "--size", "96x64", "--duration", "2", "--seed", "\(seed)", "-q"],
        in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
  }

  private func batch(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["batch"] + arguments, in: folder.url) }

  private func plan(_ run: String, _ options: [String]) throws {
    let planned = try ProgramRun(
      ["batch", "plan", "clips", "--out", run, "--shard", "1s", "-q", "--"] + options, in: folder.url)
    #expect(planned.exitCode == 0, "\(planned.errors)")
  }

  /// A program with the tests' `sextant` before all others, in a group of its own.
  private func process(_ arguments: [String], variables: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["setsid", "--wait"] + arguments
    process.currentDirectoryURL = folder.url
    let path = ProgramRun.program.deletingLastPathComponent().path + ":" + Self.binaries + ":/usr/local/bin:/usr/bin:/bin"
    process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path, "HOME": folder.url.path]) { $1 }
      .merging(variables) { $1 }
    return process
  }

  private func run(_ arguments: [String], variables: [String: String] = [:]) throws -> (code: Int32, said: String) {
    try process(arguments, variables: variables).runToEnd()
  }

  /// The processes that work in the folder: the engine, the workers and their trackers.
  private func members() throws -> [pid_t] {
    let place = folder.url.resolvingSymlinksInPath().path
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { process in
      let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
      return folder?.hasPrefix(place) ?? false
    }
  }

  /// The streams of a run, by the names of their folders.
  private func streams(_ run: String) throws -> [String: Data] {
    let place = folder.file(run + "/units").path
    var streams: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: place)?.compactMap({ $0 as? String }) ?? [] where name.hasSuffix(".zst") {
      streams[name] = try Data(contentsOf: URL(fileURLWithPath: place + "/" + name))
    }
    return streams
  }

  @Test(.enabled(if: hasEngines, "needs PyPI's snakemake (make test-slow)"))
  func snakemakeIsKilledAndGoesOn() throws {
    let slow = ["--detector-delay", "60"]
    try plan("plain", slow)
    #expect(try batch("run", "plain", "-q").exitCode == 0)
    try plan("run", slow)
    try Data(try batch("script", "snakemake", "run", "--cores", "1").output.utf8).write(to: folder.file("Snakefile"))
    let first = process(["snakemake", "--cores", "2", "--quiet", "all"])
    (first.standardOutput, first.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try first.run()
    // Until the first of the four is done; the others are at work then.
    for _ in 0..<600 where first.isRunning {
      guard try streams("run").isEmpty else { break }
      usleep(100_000)
    }
    for member in try members() { kill(member, SIGKILL) }
    first.waitUntilExit()
    #expect(try batch("status", "run").exitCode == 1)
    #expect(try run(["snakemake", "--cores", "2", "--unlock"]).code == 0)
    let second = try run(["snakemake", "--cores", "2", "--rerun-incomplete"])
    #expect(second.code == 0, "\(second.said)")
    #expect(try batch("status", "run").exitCode == 0)
    #expect(try streams("run") == streams("plain"))
    // Another plan in the same folder asks every shard again.
    try plan("run", ["--smooth"])
    let third = try run(["snakemake", "--cores", "2"])
    #expect(third.code == 0, "\(third.said)")
    #expect(try batch("status", "run").exitCode == 0)
  }

  @Test(.enabled(if: hasEngines, "needs PyPI's kubernetes (make test-slow)"))
  func manifestsAreThoseOfTheClientsModels() throws {
    try plan("run", [])
    let cameras = try folder.write("# gates\nnorth rtsp://user:p@n.local/1\nsouth-2 rtsp://s.local/1\n", "cameras.txt")
    try Data(try batch("script", "kubernetes", "run", "--image", "registry/sextant:1").output.utf8).write(
      to: folder.file("job.yaml"))
    try Data(try batch("script", "cameras", cameras).output.utf8).write(to: folder.file("cameras.yaml"))
    let program = """
      import json, yaml
      from kubernetes import client
      api = client.ApiClient()
      def check(document, model):
          # What a model does not know is lost on the way, and what it must have is asked for.
          back = api.sanitize_for_serialization(api._ApiClient__deserialize(document, model))
          assert back == document, (back, document)
      job = yaml.safe_load(open('job.yaml'))
      check(job, 'V1Job')
      assert job['spec']['completions'] == 4
      fleet = list(yaml.safe_load_all(open('cameras.yaml')))
      assert [d['metadata']['name'] for d in fleet] == ['sextant-north', 'sextant-south-2']
      for document in fleet: check(document, 'V1Deployment')
      print(json.dumps(job['spec']['template']['spec']['containers'][0]['command']))
      """
    let checked = try run(["python", "-c", program])
    #expect(checked.code == 0, "\(checked.said)")
    guard let line = checked.said.split(separator: "\n").last,
      let command = try? JSONDecoder().decode([String].self, from: Data(line.utf8))
    else { return }
    for index in 0..<4 {
      let pod = try run(command, variables: ["JOB_COMPLETION_INDEX": "\(index)"])
      #expect(pod.code == 0, "\(pod.said)")
    }
    #expect(try batch("status", "run").exitCode == 0)
  }
}
