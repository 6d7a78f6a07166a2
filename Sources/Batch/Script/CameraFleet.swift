import Foundation
import Records

/// Cameras that are followed for good, one process each: a Kubernetes Deployment for every one.
public struct CameraFleet: Sendable {
  struct Camera: Sendable, Equatable {
    let name: String
    let address: String
  }

  let cameras: [Camera]
  private let cores: Int
  private let image: String

  /// The port of the metrics in every pod.
  private static let port = 9101
  /// Larger files are no list of cameras.
  private static let greatestBytes = 16 << 20
  /// A label of a name in DNS (RFC 1123), less the words before it.
  private static let longestName = 50

  /// - Parameter path: A file with a camera a line, its name and its address with a blank between; # begins a remark.
  /// - Throws: `BatchError` for a file that is not there or no such list.
  public init(path: String, cores: Int, image: String) throws(BatchError) {
    guard let state = FileState(path: path), state.isRegular, let data = FileManager.default.contents(atPath: path) else {
      throw .missing(path: path, reason: "there is no such readable file")
    }
    guard state.size <= CameraFleet.greatestBytes, let text = String(data: data, encoding: .utf8) else {
      throw .malformed(path: path, reason: "it is no list of cameras")
    }
    (self.cores, self.image) = (cores, image)
    cameras = try CameraFleet.cameras(in: text, path: path)
  }

  private static func cameras(in text: String, path: String) throws(BatchError) -> [Camera] {
    var cameras: [Camera] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      func fail(_ problem: String) -> BatchError { .malformed(path: path, reason: "line \(index + 1) \(problem)") }
      guard words.count == 2, !MessageText.printable(String(words[1])).isEmpty else { throw fail("is not a name and an address") }
      guard isName(name) else { throw fail("names a camera \(name): take small letters, digits and hyphens between them") }
      guard !cameras.contains(where: { $0.name == name }) else { throw fail("names \(name) a second time") }
      cameras.append(Camera(name: String(name), address: String(words[1])))
    }
    guard !cameras.isEmpty else { throw .malformed(path: path, reason: "it names no camera") }
    return cameras
  }

  private static func isName(_ text: Substring) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    return isPlain && text.count <= longestName && !text.hasPrefix("-") && !text.hasSuffix("-")
  }

  /// The Deployments, to be read by `kubectl apply -f -`.
  public var text: String { cameras.map(text).joined(separator: "---\n") }

  /// One process at a time: two would write the same files.
  private func text(_ camera: Camera) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: sextant-\(camera.name)
      labels: {app: sextant, camera: "\(camera.name)"}
    spec:
      replicas: 1
      strategy: {type: Recreate}
      selector:
        matchLabels: {app: sextant, camera: "\(camera.name)"}
      template:
        metadata:
          labels: {app: sextant, camera: "\(camera.name)"}
          annotations: {prometheus.io/scrape: "true", prometheus.io/port: "\(CameraFleet.port)"}
        spec:
          terminationGracePeriodSeconds: 30
          containers:
            - name: sextant
              image: \(JSONValue.text(image).json)
              command: \(JSONValue.list(command(camera).map { .text($0) }).json)
              ports:
                - {name: metrics, containerPort: \(CameraFleet.port)}
              resources:
                requests: {cpu: "\(cores)", memory: 1Gi}
                limits: {memory: 2Gi}
              volumeMounts:
                - {name: data, mountPath: /data, subPath: "\(camera.name)"}
          volumes:
            - name: data
              persistentVolumeClaim: {claimName: data}

    """
  }

  private func command(_ camera: Camera) -> [String] {
    [
      "sextant", "track", camera.address, "--live", "latest", "--output", "/data/tracks.ndjson.zst", "--rotate", "1h", "--metrics",
      "0.0.0.0:\(CameraFleet.port)", "--quiet",
    ]
  }
}
