// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "embed",
  dependencies: [.package(name: "sextant", path: "../..")],
  targets: [
    .executableTarget(
      name: "embed",
      dependencies: [.product(name: "Geometry", package: "sextant"), .product(name: "Tracking", package: "sextant")])
  ],
  swiftLanguageModes: [.v6]
)
