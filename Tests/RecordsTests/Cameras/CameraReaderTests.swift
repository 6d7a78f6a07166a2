import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct CameraReaderTests {
  private func read(_ text: String) throws -> CameraFile { try CameraReader.read(bytes: Array(text.utf8), name: "camera") }

  private func reason(_ text: String) -> String {
    do {
      _ = try read(text)
      return "it was read"
    } catch { return "\(error)" }
  }

  static let openCV = """
    %YAML:1.0
    ---
    image_width: 640   # pixels
    image_height: 480
    camera_matrix: !!opencv-matrix
       rows: 3
       cols: 3
       dt: d
       data: [ 535.5, 0., 342.25, 0.,
           536., 235.5, 0., 0., 1. ]
    distortion_coefficients: !!opencv-matrix
       rows: 5
       cols: 1
       dt: d
       data: [ -2.5e-01, -0.03125, 1.5e-3, -2.e-4, 0.25 ]
    """

  @Test func readsOpenCVWithHalfAPixelMore() throws {
    let file = try read(Self.openCV)
    let expected = CameraModel(
      width: 640, height: 480, focalX: 535.5, focalY: 536, center: Point(342.75, 236),
      distortion: .radialTangential([-0.25, -0.03125, 0.0015, -0.0002, 0.25]))
    #expect(file.rig == CameraRig(left: expected) && file.format == .openCV && file.warnings.isEmpty)
  }

  @Test func readsOpenCVAsXML() throws {
    let file = try read(
      """
      <?xml version="1.0"?>
      <opencv_storage><image_width>64</image_width><image_height>48</image_height>
      <camera_matrix type_id="opencv-matrix"><rows>3</rows><cols>3</cols><dt>d</dt><data>
        50. 0. 31.5 0. 51. 23.5 0. 0. 1.</data></camera_matrix></opencv_storage>
      """)
    #expect(file.rig.left == CameraModel(width: 64, height: 48, focalX: 50, focalY: 51, center: Point(32, 24)))
    #expect(file.format == .openCVXML)
  }

  @Test func readsKalibrsChain() throws {
    let file = try read(
      """
      cam0:
        cam_overlaps: [1]
        camera_model: pinhole
        distortion_coeffs: [-0.28, 0.07, 0.0002, 1.76e-05]
        distortion_model: radtan
        intrinsics: [458.5, 457.25, 367.0, 248.5]
        resolution: [752, 480]
        rostopic: /cam0/image_raw
      cam1:
        T_cn_cnm1:
        - [1.0, 0.0, 0.0, -0.11]
        - [0.0, 1.0, 0.0, 0.001]
        - [0.0, 0.0, 1.0, 0.002]
        - [0.0, 0.0, 0.0, 1.0]
        camera_model: pinhole
        distortion_coeffs: [0.01, 0.02, 0.03, 0.04]
        distortion_model: equidistant
        intrinsics: [457.5, 456.0, 379.5, 255.0]
        resolution: [752, 480]
      """)
    #expect(file.format == .kalibr)
    #expect(
      file.rig.left.center == Point(367.5, 249) && file.rig.left.distortion == .radialTangential([-0.28, 0.07, 0.0002, 1.76e-05]))
    #expect(file.rig.right?.distortion == .fisheye([0.01, 0.02, 0.03, 0.04]))
    #expect(file.rig.rightFromLeft?.translation == Vector3(-0.11, 0.001, 0.002))
  }

  @Test func readsCOLMAPInItsOwnPixels() throws {
    let file = try read("# Camera list\n1 OPENCV 800 600 700 701 400 300 0.1 -0.2 0.001 0.002\n2 PINHOLE 8 6 7 7 4 3\n")
    #expect(file.rig.left.center == Point(400, 300) && file.rig.left.distortion == .radialTangential([0.1, -0.2, 0.001, 0.002]))
    #expect(file.warnings == ["it has 2 cameras; the first one is taken"])
    #expect(try read("1 SIMPLE_RADIAL 800 600 700 400 300 0.1").rig.left.focalY == 700)
  }

  @Test func readsKITTIsProjections() throws {
    let rows = "700 0 600 0 0 701 180 0 0 0 1 0\n700 0 600 -378 0 701 180 0 0 0 1 0\n"
    for text in [rows, "P0: " + rows.replacingOccurrences(of: "\n700", with: "\nP1: 700") + "Tr: 1 2 3\n"] {
      let rig = try read(text).rig
      #expect(rig.left.center == Point(600.5, 180.5) && rig.left.width == 0)
      #expect(rig.rightFromLeft?.translation == Vector3(-0.54, 0, 0))
    }
  }

  @Test func readsWhatItWrites() throws {
    let left = CameraModel(
      width: 640, height: 480, focalX: 500.123456789, focalY: 501, center: Point(320.5, 240.25),
      distortion: .radialTangential([-0.3, 0.1, 1e-5, 2e-3, 0]))
    let place = RigidTransform(rotationVector: Vector3(0.01, 0.02, -0.01), translation: Vector3(-0.1, 0.001, 0.002))
    var fisheye = left
    fisheye.distortion = .fisheye([0.1, 0.2, 0.3, 0.4])
    for rig in [CameraRig(left: left), CameraRig(left: left, right: left, rightFromLeft: place), CameraRig(left: fisheye)] {
      for isXML in [false, true] {
        var file = CameraFile(rig: rig)
        file.quality = [CameraQuality(error: 0.2, viewErrors: [0.1, 0.3], deviations: [1, 2])]
        let again = try read(CameraWriter.text(file, isXML: isXML).string)
        #expect(again.rig == rig && again.warnings.isEmpty)
      }
    }
  }

  private static let matrix = "camera_matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1]\n"

  @Test(arguments: ["omni", "thin_prism", "division", "fov", "", "[1, 2]"])
  func aLensThatIsNotModelledIsRefused(_ name: String) {
    for key in ["distortion_model", "camera_model"] {
      #expect(reason("\(Self.matrix)\(key): \(name)\n").contains("it has the \(key) "), "\(name)")
    }
  }

  @Test func lensesThatAreModelledAreTakenByTheirNames() throws {
    let lens = "distortion_coefficients: [0.1, 0.2, 0.3, 0.4]\n"
    for name in ["plumb_bob", "rational_polynomial", "radtan", "pinhole"] {
      #expect(
        try read(Self.matrix + lens + "distortion_model: \(name)\n").rig.left.distortion == .radialTangential([0.1, 0.2, 0.3, 0.4]))
    }
    for line in ["distortion_model: equidistant", "camera_model: fisheye", "fisheye_model: 1"] {
      #expect(try read(Self.matrix + lens + line + "\n").rig.left.distortion == .fisheye([0.1, 0.2, 0.3, 0.4]))
    }
    #expect(reason(Self.matrix + "fisheye_model: perhaps\n").contains("neither 0 nor 1"))
  }

  @Test func coefficientsThatAreMissingAreToldOf() throws {
    #expect(try read(Self.matrix).warnings == ["it has no \"distortion_coefficients\"; the lens is taken as free of distortion"])
    #expect(try read(Self.matrix + "distortion_model: none\n").warnings.isEmpty)
    let pair = "M1: [1, 0, 0, 0, 1, 0, 0, 0, 1]\nM2: [1, 0, 0, 0, 1, 0, 0, 0, 1]\nD1: [0, 0, 0, 0]\n"
    #expect(try read(pair).warnings.last == "it has no \"D2\"; the lens is taken as free of distortion")
    let chain = "cam0:\n  camera_model: pinhole\n  intrinsics: [1, 1, 0, 0]\n  resolution: [4, 3]\n"
    #expect(try read(chain).warnings == ["cam0 has no \"distortion_model\"; its lens is taken as free of distortion"])
  }

  @Test(arguments: [
    ("", "it is empty"), ("# nothing\n", "there is nothing in it"), ("<a>", "cut off"),
    ("<opencv_storage/>", "no \"camera_matrix\""),
    ("image_width: 640\n", "no \"camera_matrix\""), ("camera_matrix: [1, 2", "a bracket is not closed"),
    ("camera_matrix: [1, 0, 0, 0, 1, 0, 0, 0]", "8 numbers instead of 9"),
    ("camera_matrix: [.nan, 0, 0, 0, 1, 0, 0, 0, 1]", "no finite numbers"),
    ("camera_matrix: [nan, 0, 0, 0, 1, 0, 0, 0, 1]", "no finite numbers"),
    ("camera_matrix: [1, 0, 0, 0, -1, 0, 0, 0, 1]", "focal length is not above 0"),
    ("camera_matrix: [1, 0.5, 0, 0, 1, 0, 0, 0, 1]", "not of the form"),
    ("camera_matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1]\nimage_width: -4\nimage_height: 3", "not in whole pixels"),
    ("camera_matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1]\ncamera_matrix: 3", "stands there twice"),
    ("camera_matrix:\n  rows: 3\n  cols: 4\n  data: [1, 0, 0, 0, 1, 0, 0, 0, 1]", "3 rows of 4"),
    (
      "M1: [1, 0, 0, 0, 1, 0, 0, 0, 1]\nM2: [1, 0, 0, 0, 1, 0, 0, 0, 1]\nR: [2, 0, 0, 0, 1, 0, 0, 0, 1]\nT: [1, 0, 0]",
      "rotation between"
    ),
    ("cam0:\n  camera_model: omni", "\"omni\""), ("1 THIN_PRISM_FISHEYE 8 6 1 1 1 1", "THIN_PRISM_FISHEYE"),
    ("1 PINHOLE 8 6 1 1 x 1", "is no number"), ("1 PINHOLE 0 6 1 1 1 1", "not in whole pixels"),
    ("a: {b: 1}", "files of cameras do not have"),
    (String(repeating: "[", count: 50_000), "no \"key: value\""),
    ("a: " + String(repeating: "[", count: 50_000), "nested too deep"),
  ])
  func otherFilesAreRefusedWithTheReason(_ text: String, _ expected: String) {
    let reason = reason(text)
    #expect(reason.hasPrefix("cannot use camera: ") && reason.contains(expected), "\(reason)")
  }

  @Test func aChangedFileIsReadOrRefused() {
    var random = TestRandom(seed: 11)
    let seeds = [
      Self.openCV,
      CameraWriter.text(
        CameraFile(
          rig: CameraRig(
            left: CameraModel(
              width: 64, height: 48, focalX: 50, focalY: 51, center: Point(32, 24)))), isXML: true
      ).string, "1 OPENCV 800 600 700 701 400 300 0.1 -0.2 0.001 0.002\n",
    ]
    for seed in seeds {
      for _ in 0..<2000 {
        let bytes = Mutation.of(Array(seed.utf8), &random)
        guard let file = try? CameraReader.read(bytes: bytes, name: "camera") else { continue }
        #expect(file.rig.left.problem == nil)
      }
    }
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message)) func readsOpenCVsOwnFiles() throws {
    let left = try CameraReader.read(path: SharedData.path("chessboards/left_intrinsics.yml"))
    #expect(abs(left.rig.left.focalX - 535.91573396163199) < 1e-9 && abs(left.rig.left.center.y - 236.07082909788173) < 1e-9)
    #expect(left.rig.left.width == 640 && left.rig.left.distortion.coefficients.count == 5)
    let pair = try CameraReader.read(path: SharedData.path("chessboards/intrinsics.yml"))
    #expect(pair.rig.right != nil && pair.rig.rightFromLeft == nil && pair.warnings.count == 1)
    let kitti = try CameraReader.read(path: SharedData.path("kitti-odometry/calib.txt"))
    #expect(abs((kitti.rig.rightFromLeft?.translation.x ?? 0) + 0.53715) < 1e-4)
  }

  /// Numbers that are finite and that no camera has.
  @Test(
    arguments: [
      (3.5, 320.0, "focal length"), (1e308, 320, "focal length"), (500, 1e9, "principal point"), (500, -1e6, "principal point"),
      (13, 320, nil), (6e7, 320, nil), (500, -5000, nil),
    ] as [(Double, Double, String?)])
  func impossibleCamerasAreRefused(focal: Double, center: Double, sentence: String?) {
    let camera = CameraModel(width: 640, height: 480, focalX: 500, focalY: focal, center: Point(320, center))
    let file = CameraFile(rig: CameraRig(left: camera))
    do {
      _ = try file.fitted(width: 640, height: 480, path: "c.yml")
      #expect(sentence == nil)
    } catch {
      #expect(sentence.map { "\(error)".contains($0) } == true, "\(error)")
    }
  }
}
