// swift-tools-version: 6.1
//
// Read from top to bottom this file is the map of the layers: a module imports only modules above it.
// ARCHITECTURE.md tells what each one holds.
//
// SEXTANT_LAYERS="Tracking Records" swift test   builds and tests only these modules and what they stand on.
// SEXTANT_BENCHMARKS=1                           adds the programs under Benchmarks/.
// SEXTANT_SANITIZE=1                             compiles the C faces for the address and undefined-behaviour sanitizers.
// SEXTANT_DOCS=1                                 adds the plug-in that makes the pages of the libraries: make docs.

import Foundation
import PackageDescription

// MARK: - The layers

/// One module of the package.
struct Layer {
  enum Kind { case swift, face, system, command, benchmark, testSupport }
  let name: String
  var kind: Kind = .swift
  /// Modules of this package that it imports.
  var imports: [String] = []
  /// Products of other packages that it imports.
  var packages: [Target.Dependency] = []
  /// Debian's packages with the headers of a system library.
  var debianPackages: [String] = []
  /// Libraries that a C face links.
  var links: [String] = []
  /// Modules that only the tests import.
  var testImports: [String] = []
  var hasTests = true
  /// Whether other packages can import it: it becomes a product, and what it stands on is built without unsafe flags.
  var isLibrary = false
  /// Folders of stored data within its tests, read by path.
  var testData: [String] = []
  /// Folders within it that the compiler reads by an `#embed` of a source.
  var embedded: [String] = []
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let modules: [Layer] = [
  Layer(name: "Geometry", isLibrary: true),
  // What the tests of several modules share; nothing else imports it.
  Layer(name: "TestSupport", kind: .testSupport, imports: ["Geometry"], hasTests: false),
  Layer(name: "CZlib", kind: .system, debianPackages: ["zlib1g-dev"], hasTests: false),
  Layer(name: "CZstd", kind: .system, debianPackages: ["libzstd-dev"], hasTests: false),
  Layer(name: "CPng", kind: .system, debianPackages: ["libpng-dev"], hasTests: false),
  Layer(name: "CSimdjson", kind: .face, links: ["simdjson"], hasTests: false),
  Layer(
    name: "Records", imports: ["Geometry", "CZlib", "CZstd", "CPng", "CSimdjson"], testImports: ["TestSupport"], isLibrary: true),
  Layer(name: "CMessageDigest", kind: .system, debianPackages: ["libmd-dev"], hasTests: false),
  Layer(name: "Checkpoints", imports: ["Records", "CMessageDigest"], testImports: ["TestSupport"]),
  // Loads SQLite itself, in runs that write a database.
  Layer(name: "CSQLite", kind: .face, hasTests: false),
  Layer(
    name: "Batch", imports: ["CSQLite", "Checkpoints", "Records", "Geometry"], testImports: ["TestSupport"], testData: ["Fixtures"]),
  // Loads the client of a broker itself, in runs that publish.
  Layer(name: "CBrokers", kind: .face, hasTests: false),
  Layer(name: "Publishing", imports: ["CBrokers", "Records", "Geometry"], testImports: ["TestSupport"]),
  Layer(name: "Splines", imports: ["Geometry"], testImports: ["TestSupport"]),
  Layer(name: "Identification", imports: ["Splines"], testImports: ["TestSupport"]),
  Layer(name: "Motion", imports: ["Geometry", "Splines"], testImports: ["TestSupport"], isLibrary: true),
  Layer(name: "Tracking", imports: ["Geometry", "Motion"], testImports: ["TestSupport"], isLibrary: true),
  Layer(name: "Counting", imports: ["Geometry", "Records"], testImports: ["TestSupport"]),
  Layer(name: "Reports", imports: ["Geometry", "Records"], testImports: ["TestSupport"], isLibrary: true),
  Layer(
    name: "TrackEvaluation", imports: ["Geometry", "Records", "Reports"], testImports: ["TestSupport"], isLibrary: true,
    testData: ["Metrics/Fixtures", "Results/Fixtures"]),
  Layer(
    name: "BoxEvaluation", imports: ["Geometry", "Records", "Reports"], testImports: ["TestSupport"], isLibrary: true,
    testData: ["Fixtures"]),
  Layer(
    name: "MaskEvaluation", imports: ["Geometry", "Records", "Reports", "TrackEvaluation"], testImports: ["TestSupport"],
    isLibrary: true),
  Layer(
    name: "TrajectoryEvaluation", imports: ["Geometry", "Records", "Reports"], testImports: ["TestSupport"], isLibrary: true,
    testData: ["Fixtures"]),
  Layer(
    name: "ForecastEvaluation", imports: ["Geometry", "Records", "Reports", "TrackEvaluation"], testImports: ["TestSupport"],
    isLibrary: true),
  Layer(name: "MotionTraining", imports: ["Geometry", "Records", "Splines", "Motion", "Tracking"], testImports: ["TestSupport"]),
  // Loads FFmpeg's libraries itself, in runs that touch a video.
  Layer(name: "CFFmpeg", kind: .face, hasTests: false),
  Layer(
    name: "COpenCV", kind: .face,
    links: [
      "opencv_core", "opencv_imgproc", "opencv_features2d", "opencv_flann", "opencv_calib3d",
      "opencv_video", "opencv_aruco",
    ], hasTests: false),
  Layer(name: "Video", imports: ["CFFmpeg", "Geometry"], testImports: ["TestSupport"]),
  Layer(name: "CTurboJPEG", kind: .system, debianPackages: ["libturbojpeg0-dev"], hasTests: false),
  Layer(name: "Imaging", imports: ["COpenCV", "CPng", "CTurboJPEG", "Geometry"]),
  Layer(name: "Orientation", imports: ["Imaging", "Geometry"]),
  Layer(name: "Calibration", imports: ["Imaging", "Records", "Reports", "Geometry"], testImports: ["TestSupport"]),
  Layer(name: "Depth", imports: ["Imaging", "Geometry"], testImports: ["TestSupport"]),
  Layer(name: "CCeres", kind: .face, links: ["ceres", "glog"], hasTests: false),
  Layer(name: "Odometry", imports: ["CCeres", "Imaging", "Geometry"], testImports: ["TestSupport"]),
  Layer(name: "Synthesis", imports: ["Imaging", "Records", "Geometry"], testImports: ["Orientation"]),
  Layer(name: "Detection", imports: ["Imaging", "Orientation", "Records", "Geometry"]),
  Layer(name: "ModelFiles", imports: ["CZlib"], testImports: ["TestSupport"]),
  Layer(name: "NetworkGraph", imports: ["ModelFiles"]),
  // The stored networks and how far two tensors are apart, for the tests of the modules below.
  Layer(name: "NetworkTestSupport", kind: .testSupport, imports: ["NetworkGraph", "ModelFiles", "TestSupport"], hasTests: false),
  Layer(
    name: "NetworkKernels", imports: ["NetworkGraph", "ModelFiles", "Geometry"], testImports: ["TestSupport", "NetworkTestSupport"]),
  // Loads oneDNN itself, in runs that have a network.
  Layer(name: "COneDNN", kind: .face, hasTests: false),
  Layer(
    name: "NetworkPrograms", imports: ["COneDNN", "NetworkKernels", "NetworkGraph", "ModelFiles"],
    testImports: ["NetworkTestSupport", "TestSupport"]),
  // What a network's values are, how far two runs are apart, and the same network on bytes.
  Layer(
    name: "NetworkAnalysis", imports: ["NetworkPrograms", "NetworkKernels", "NetworkGraph", "ModelFiles"],
    testImports: ["NetworkTestSupport", "TestSupport"]),
  // Digits in made fonts, for the proofs that networks learn.
  Layer(name: "DigitPictures", kind: .testSupport, imports: ["Geometry"], hasTests: false),
  Layer(
    name: "NetworkTraining", imports: ["NetworkPrograms", "NetworkKernels", "NetworkGraph", "ModelFiles", "Geometry"],
    testImports: ["NetworkTestSupport", "TestSupport", "DigitPictures"]),
  // The networks of the program's own, each with its loss.
  Layer(
    name: "Models", imports: ["NetworkTraining", "NetworkGraph", "ModelFiles"],
    testImports: ["NetworkKernels", "NetworkPrograms", "NetworkAnalysis", "Geometry", "TestSupport"]),
  Layer(
    name: "NetworkDetection",
    imports: ["NetworkPrograms", "NetworkGraph", "ModelFiles", "Detection", "Imaging", "Geometry"],
    testImports: ["NetworkTestSupport", "TestSupport"]),
  // How detections look, as unit vectors.
  Layer(
    name: "Appearance", imports: ["NetworkPrograms", "NetworkGraph", "ModelFiles", "Imaging", "Geometry"],
    testImports: ["NetworkTestSupport", "TestSupport"]),
  // One object that is pointed at, of whatever kind.
  Layer(
    name: "TargetTracking",
    imports: ["NetworkPrograms", "NetworkGraph", "ModelFiles", "Detection", "Orientation", "Imaging", "Geometry"],
    testImports: ["Video", "NetworkTestSupport", "TestSupport"]),
  Layer(
    name: "PictureTraining",
    imports: [
      "Models", "Appearance", "NetworkDetection", "NetworkTraining", "NetworkPrograms", "NetworkKernels", "NetworkGraph",
      "ModelFiles", "BoxEvaluation",
      "MaskEvaluation", "Reports", "Imaging", "Checkpoints", "Records", "Geometry",
    ], testImports: ["NetworkTestSupport", "TestSupport"]),
  // The learned motion that the program brings with it, taken in by the compiler.
  Layer(name: "CShippedMotion", kind: .face, hasTests: false),
  Layer(
    name: "Pipeline",
    imports: [
      "CShippedMotion", "Geometry", "Records", "Checkpoints", "Publishing", "Motion", "Tracking", "Video", "Imaging", "Orientation",
      "Synthesis", "Detection", "NetworkDetection", "Appearance", "TargetTracking", "NetworkPrograms", "NetworkGraph", "ModelFiles",
    ]),
  // The viewer's page, taken into the program by the compiler.
  Layer(name: "CViewerPage", kind: .face, hasTests: false, embedded: ["page"]),
  Layer(
    name: "Viewer", imports: ["CViewerPage", "Geometry", "Records", "Reports", "TrackEvaluation"], packages: [flyingFox],
    testImports: ["TestSupport"]),
  Layer(
    name: "Tuning", imports: ["Geometry", "Records", "Tracking", "Reports", "TrackEvaluation", "Pipeline"],
    testImports: ["TestSupport"]),
  Layer(
    name: "sextant", kind: .command,
    imports: [
      "Pipeline", "Tuning", "Batch", "Publishing", "Geometry", "Records", "Tracking", "Reports", "TrackEvaluation", "BoxEvaluation",
      "MaskEvaluation",
      "TrajectoryEvaluation", "ForecastEvaluation", "Video", "Imaging", "Orientation", "Synthesis", "Detection",
      "NetworkAnalysis", "NetworkDetection", "NetworkPrograms", "NetworkKernels", "NetworkGraph", "ModelFiles", "Splines",
      "Identification",
      "Counting", "Viewer", "Motion",
      "MotionTraining", "PictureTraining", "TargetTracking", "Appearance", "Models", "NetworkTraining",
      // Cameras, depth and paths.
      "Calibration", "Depth", "Odometry",
    ],
    packages: [argumentParser, yams], testImports: ["NetworkTestSupport"], testData: ["Browser"]),
]

/// Programs that measure, each in the folder of its name under Benchmarks/.
let benchmarks: [Layer] = [
  Layer(name: "camera-motion", kind: .benchmark, imports: ["Geometry", "Imaging", "Orientation"], hasTests: false),
  Layer(
    name: "camera-path", kind: .benchmark,
    imports: ["Video", "Imaging", "Odometry", "Synthesis", "TrajectoryEvaluation", "Records", "Geometry"], hasTests: false),
  Layer(
    name: "motion-detector", kind: .benchmark,
    imports: ["Video", "Imaging", "Orientation", "Detection", "Tracking", "Geometry"], hasTests: false),
  Layer(
    name: "target-tracking", kind: .benchmark,
    imports: ["Video", "Imaging", "Orientation", "Detection", "TargetTracking", "NetworkGraph", "ModelFiles", "Geometry"],
    hasTests: false),
  Layer(name: "motion-step", kind: .benchmark, imports: ["Motion", "Splines", "Tracking", "Geometry"], hasTests: false),
  Layer(name: "decoding", kind: .benchmark, imports: ["Video"], hasTests: false),
  Layer(
    name: "training", kind: .benchmark,
    imports: ["NetworkTraining", "NetworkPrograms", "NetworkGraph", "ModelFiles", "Geometry", "DigitPictures", "Video", "Records"],
    hasTests: false),
  Layer(name: "rotated-iou", kind: .benchmark, imports: ["Geometry"], hasTests: false),
  Layer(name: "records-benchmark", kind: .benchmark, imports: ["Records", "Geometry"], hasTests: false),
]

// MARK: - From layers to targets

let environment = ProcessInfo.processInfo.environment
let layers = modules + (environment["SEXTANT_BENCHMARKS"] != nil ? benchmarks : [])
let sanitize = environment["SEXTANT_SANITIZE"] != nil

/// The named layers and everything that they import, directly or not.
func closure(of names: [String]) -> Set<String> {
  var found = Set<String>()
  var open = names
  while let name = open.popLast() {
    guard let layer = layers.first(where: { $0.name == name }), found.insert(name).inserted else { continue }
    open += layer.imports + layer.testImports
  }
  return found
}

let asked = environment["SEXTANT_LAYERS"]?.split(separator: " ").map(String.init)
let tested = Set(asked ?? layers.map(\.name))
let built = closure(of: asked ?? layers.map(\.name))

// Both distributions' places of OpenCV's headers, and of Eigen's for Ceres, are system headers, so their warnings are not ours.
let openCVHeaders = ["-isystem", "/usr/include/opencv4", "-isystem", "/usr/include/eigen3"]
// SwiftPM refuses a package of a given version whose libraries are compiled with unsafe flags.
let underLibraries = closure(of: layers.filter(\.isLibrary).map(\.name))
let sanitizerFlags = sanitize ? ["-fsanitize=address,undefined", "-fno-omit-frame-pointer"] : []

func target(for layer: Layer) -> Target {
  let dependencies = layer.imports.map { Target.Dependency.byName(name: $0) } + layer.packages
  switch layer.kind {
  case .swift:
    return .target(name: layer.name, dependencies: dependencies)
  case .testSupport:
    return .target(name: layer.name, dependencies: dependencies, path: "Tests/\(layer.name)")
  case .benchmark:
    return .executableTarget(name: layer.name, dependencies: dependencies, path: "Benchmarks/\(layer.name)")
  case .face:
    let hasFlags = sanitize || !underLibraries.contains(layer.name)
    return .target(
      name: layer.name,
      dependencies: dependencies,
      exclude: layer.embedded,
      cSettings: hasFlags ? [.unsafeFlags(["-Wall", "-Wextra"] + sanitizerFlags)] : [],
      cxxSettings: hasFlags ? [.unsafeFlags(["-Wall", "-Wextra"] + openCVHeaders + sanitizerFlags)] : [],
      linkerSettings: layer.links.map { .linkedLibrary($0) })
  case .system:
    return .systemLibrary(name: layer.name, providers: [.apt(layer.debianPackages)])
  case .command:
    return .executableTarget(name: layer.name, dependencies: dependencies)
  }
}

func testTarget(for layer: Layer) -> Target {
  .testTarget(
    name: layer.name == "sextant" ? "CommandTests" : "\(layer.name)Tests",
    dependencies: ([layer.name] + layer.imports + layer.testImports).map { .byName(name: $0) },
    exclude: layer.testData)
}

let present = layers.filter { built.contains($0.name) }

let program: [Product] = built.contains("sextant") ? [.executable(name: "sextant", targets: ["sextant"])] : []
let programPackages: [Package.Dependency] =
  built.contains("sextant")
  ? [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ] : []
let viewerPackages: [Package.Dependency] =
  built.contains("Viewer") ? [.package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1")] : []
let documentationPackages: [Package.Dependency] =
  environment["SEXTANT_DOCS"] != nil ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")] : []

let package = Package(
  name: "sextant",
  products: program + present.filter(\.isLibrary).map { .library(name: $0.name, targets: [$0.name]) },
  dependencies: programPackages + viewerPackages + documentationPackages,
  targets: present.map(target(for:)) + present.filter { $0.hasTests && tested.contains($0.name) }.map(testTarget(for:)),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
