import Foundation
import Geometry
import Imaging
import Records
import Testing

@testable import Synthesis

@Suite struct TruthWriterTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("truth-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private var scene: Scene {
    let camera = CameraPath(keys: [
      .init(time: 0, state: CameraState(position: GroundPoint(-9, 0), height: 20, yaw: 0, pitch: -1.1)),
      .init(time: 1, state: CameraState(position: GroundPoint(-5, 3), height: 22, yaw: 0.4, pitch: -1.2)),
    ])
    var scene = SmallScene.scene(
      camera: camera,
      objects: [
        SmallScene.car(3, at: GroundPoint(0, 0), heading: 0.5, speed: 5), SmallScene.car(9, at: GroundPoint(-4, 4), heading: -1),
      ])
    scene.duration = 0.2
    return scene
  }

  @Test func whatIsWrittenReadsBackAsTheTruth() throws {
    let renderer = try SceneRenderer(scene)
    let truths = (0..<scene.frameCount).map { renderer.frame($0).truth }
    try inFolder { folder in
      let writer = try TruthWriter(folder: folder, scene: scene, program: "sextant 0", video: "a.mp4", contents: [.masks, .depth])
      for truth in truths { try writer.write(truth) }
      try writer.finish()

      let table = try BoxTableReader.read(path: folder + "/gt.txt")
      #expect(table.format == .motOriented)
      #expect(table.count == truths.map(\.objects.count).reduce(0, +))
      var row = 0
      for truth in truths {
        for object in truth.objects {
          #expect(table.frames[row] == Int32(truth.ordinal))
          #expect(table.ids[row] == Int32(object.id))
          #expect(table.orientedBox(row).iou(with: object.box) > 0.999)
          row += 1
        }
      }
      let seen = try BoxTableReader.read(path: folder + "/gt-visibility.txt")
      #expect(zip(seen.visibilities, truths.flatMap(\.objects)).allSatisfy { abs(Double($0) - $1.visibility) < 1e-4 })

      let lines = try String(contentsOfFile: folder + "/homographies.txt", encoding: .utf8).split(separator: "\n")
      let maps = lines.map { Homography(rowMajor: $0.split(separator: " ").compactMap { Double($0) }) }
      #expect(maps[0] == .identity)
      for (map, truth) in zip(maps, truths).dropFirst() { #expect(map == truth.homography) }

      let masks = try ImageFile.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/masks/000002.png"))))
      #expect(try masks.grey().pixels.map(UInt16.init) == truths[2].mask)
      let copy = try JSONDecoder().decode(Scene.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/scene.json")))
      #expect(copy == scene)
    }
  }

  @Test func theStreamHoldsCameraAndObjects() throws {
    let truth = try SceneRenderer(scene).frame(1).truth
    try inFolder { folder in
      let writer = try TruthWriter(folder: folder, scene: scene, program: "sextant 0", video: "a.mp4")
      try writer.write(truth)
      try writer.finish()
      let reader = try StreamReader(path: folder + "/truth.ndjson")
      var frames: [FrameRecord] = []
      while let record = try reader.next() { if case .frame(let frame) = record { frames.append(frame) } }
      #expect(frames.count == 1)
      #expect(frames[0].tracks.map(\.id) == [3, 9])
      #expect(abs((frames[0].tracks[0].heading ?? 9) - truth.objects[0].heading) < 1e-4)
      #expect(frames[0].camera?.status == .ok)
      #expect(reader.end?.status == .complete)
    }
  }

  @Test func theDepthMapHoldsTheBottomRowFirst() throws {
    let truth = try SceneRenderer(scene).frame(0).truth
    let bytes = truth.depthMap()
    let header = Array("Pf\n240 160\n-1.0\n".utf8)
    #expect(Array(bytes.prefix(header.count)) == header)
    #expect(bytes.count == header.count + 4 * 240 * 160)
    let first = bytes[header.count..<header.count + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(Float(bitPattern: first) == 1 / truth.inverseDepths[159 * 240])
  }

  @Test func posesAreReadAsCameraToWorld() throws {
    let truth = try SceneRenderer(scene).frame(2).truth
    var text = TextBuffer()
    TruthRows.appendKITTIPose(truth, to: &text)
    let kitti = text.string.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    #expect(kitti.count == 12)
    #expect(
      [kitti[3], kitti[7], kitti[11]] == [truth.camera.state.position.x, truth.camera.state.position.y, -truth.camera.state.height])
    text.removeAll()
    TruthRows.appendTUMPose(truth, to: &text)
    let tum = text.string.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    let rotation = Quaternion(x: tum[4], y: tum[5], z: tum[6], w: tum[7]).rotation
    #expect((rotation * Vector3(0, 0, 1) - Vector3(kitti[2], kitti[6], kitti[10])).length < 1e-12)
    #expect(tum[0] == 0.08)
  }

  @Test func idsOver255NeedColour() {
    var truth = FrameTruth(
      ordinal: 0, time: 0, camera: CameraProjection(SmallScene.nadir(), width: 2, height: 1), homography: nil, objects: [],
      mask: [300, 0], inverseDepths: [0, 0])
    #expect(truth.maskImage(isColor: true).pixels == [0, 1, 44, 0, 0, 0])
    truth.mask = [7, 0]
    #expect(truth.maskImage(isColor: false).pixels == [7, 0])
  }

  @Test func doesNotReplaceWhatIsThere() throws {
    try inFolder { folder in
      func write(_ overwrite: Bool) throws {
        try TruthWriter(folder: folder, scene: scene, program: "sextant 0", video: "a.mp4", overwrite: overwrite).finish()
      }
      try write(false)
      #expect(throws: RecordsError.self) { try write(false) }
      try write(true)
    }
  }
}
