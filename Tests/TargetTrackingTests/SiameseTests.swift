import Foundation
import Geometry
import Imaging
import ModelFiles
import NetworkGraph
import NetworkPrograms
import NetworkTestSupport
import TestSupport
import Testing
import Video

@testable import TargetTracking

/// A siamese head's post-processing against numbers by hand, and NanoTrack's files against their authors' stored outputs.
@Suite struct SiameseTests {
  private let choice = SiameseResponse.Choice(penalty: 0.138, window: 0.455)

  /// 3×3 cells with one class logit and sides of 16 all around.
  private func response(_ logits: [Float], sides: [Float]? = nil) -> SiameseResponse {
    SiameseResponse(cells: 3, classes: [Float](repeating: 0, count: 9) + logits, sides: sides ?? [Float](repeating: 16, count: 36))
  }

  @Test func aCellsBoxAndScoreAreThoseOfTheFormulas() throws {
    var sides = [Float](repeating: 16, count: 36)
    // Cell 5, right of the middle: left 10, top 6, right 30, bottom 2 around (16, 0).
    (sides[5], sides[14], sides[23], sides[32]) = (10, 6, 30, 2)
    let cell = try #require(
      response([0, 0, 0, 0, 0, 2, 0, 0, 0], sides: sides).candidate(5, expectedWidth: 32, height: 32, choice: choice))
    #expect(cell.x == 26 && cell.y == -2 && cell.width == 40 && cell.height == 8)
    #expect(abs(cell.score - 1 / (1 + exp(-2.0))) < 1e-12)
    // √((40 + 24)(8 + 24)) = √2048 against √(64·64) = 64, and a ratio of 5 against 1.
    let change = 64 / 2048.0.squareRoot()
    #expect(abs(cell.penalty - exp(-(5 * change - 1) * 0.138)) < 1e-12)
  }

  @Test func theWindowDecidesBetweenEqualsAndNotInASearch() throws {
    let logits: [Float] = [3, 0, 0, 0, 2.5, 0, 0, 0, 0]
    let following = try #require(response(logits).best(expectedWidth: 32, height: 32, choice: choice))
    #expect(following.x == 0 && following.y == 0)
    let open = SiameseResponse.Choice(penalty: 0.138, window: 0)
    let searching = try #require(response(logits).best(expectedWidth: 32, height: 32, choice: open))
    #expect(searching.x == -16 && searching.y == -16)
  }

  @Test func numbersThatAreNoBoxAreNotChosen() throws {
    var sides = [Float](repeating: 16, count: 36)
    (sides[4], sides[13]) = (.nan, .infinity)
    #expect(
      response([Float](repeating: 0, count: 9), sides: sides).candidate(4, expectedWidth: 32, height: 32, choice: choice) == nil)
    sides = [Float](repeating: -16, count: 36)
    #expect(response([Float](repeating: 0, count: 9), sides: sides).best(expectedWidth: 32, height: 32, choice: choice) == nil)
  }

  /// A crop of a picture whose values are 2x + 3y is linear too: every value is known.
  @Test func aCropOfALinearPictureIsExact() throws {
    var picture = Image(width: 40, height: 30, channels: 3)
    for y in 0..<30 { for x in 0..<40 { for channel in 0..<3 { picture[x, y, channel] = UInt8(2 * x + 3 * y + channel) } } }
    let crop = SquareCrop(left: 10.25, top: 7.5, side: 12)
    let tensor = try crop.planes(of: picture, size: 24, border: .zero)
    let values = try #require(tensor.values(Float.self))
    for y in 1..<23 {
      for x in 1..<23 {
        let (u, v) = (10.25 + (Double(x) + 0.5) / 2 - 0.5, 7.5 + (Double(y) + 0.5) / 2 - 0.5)
        #expect(abs(Double(values[y * 24 + x]) - (2 * u + 3 * v)) < 1e-4)
        #expect(abs(Double(values[(2 * 24 + y) * 24 + x]) - (2 * u + 3 * v + 2)) < 1e-4)
      }
    }
  }

  @Test func outsideAPictureACropHasTheBorder() throws {
    let picture = Image(width: 4, height: 4, channels: 3, pixels: [UInt8](repeating: 200, count: 48))
    let values = try #require(
      SquareCrop(left: -8, top: -8, side: 8).planes(of: picture, size: 8, border: SIMD3(1, 2, 3)).values(Float.self))
    #expect(values.prefix(49).allSatisfy { $0 == 1 } && values[64] == 2 && values[128] == 3)
  }

  // MARK: - The authors' files

  private static func network() throws -> SiameseNetwork {
    try SiameseNetwork(
      backbone: GraphImporter.graph(path: SharedNetworks.path("nanotrack/v3_backbone.onnx")),
      head: GraphImporter.graph(path: SharedNetworks.path("nanotrack/v3_head.onnx")))
  }

  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message)) func reproducesTheStoredOutputsOfBothNetworks() throws {
    let program = try SiameseProgram(Self.network(), threads: 1, type: .f32)
    func features(_ name: String) throws -> Tensor {
      try program.features(SharedNetworks.planes(SharedNetworks.tensor("nanotrack/\(name).bgr.u8.npy.gz"), dividedBy: 1))
    }
    let (template, search) = (try features("template_127"), try features("search_255"))
    #expect(try Distance.relative(template, SharedNetworks.tensor("nanotrack/template_127.backbone.f32.npy.gz")) <= 2e-5)
    #expect(try Distance.relative(search, SharedNetworks.tensor("nanotrack/search_255.backbone.f32.npy.gz")) <= 2e-5)
    let outputs = try Program(program.network.head).run([
      program.network.templateInput: template, program.network.searchInput: search,
    ])
    for (name, file) in [("output1", "head.output1"), ("output2", "head.output2")] {
      #expect(try Distance.relative(#require(outputs[name]), SharedNetworks.tensor("nanotrack/\(file).f32.npy.gz")) <= 2e-5)
    }
  }

  /// The stored crops are the authors' of frames 0 and 5: whole pixels of the picture, brought to 127 and 255.
  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message)) func cropsAreThoseOfTheAuthors() throws {
    let folder = try #require(SharedData.place("data/davis")).path
    let frames = try Self.frames(folder + "/car-shadow.mp4", count: 6)
    let line = try String(contentsOfFile: folder + "/car-shadow.boxes.txt", encoding: .utf8).split(separator: "\n")[1]
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    let place = TargetPlace(AxisBox(left: numbers[1], top: numbers[2], width: numbers[3], height: numbers[4]))
    let side = SiameseResponse.square(place.width, place.height).rounded()
    // Their middle is that of the first and last pixel, and a crop begins at the pixel floor(middle − (side + 1)/2 + 1/2).
    let left = (place.center.x - 0.5 - (side + 1) / 2 + 0.5).rounded(.down)
    let top = (place.center.y - 0.5 - (side + 1) / 2 + 0.5).rounded(.down)
    let crop = try SquareCrop(left: left, top: top, side: side).planes(of: frames[0], size: 127, border: frames[0].meanColor)
    let stored = try SharedNetworks.planes(SharedNetworks.tensor("nanotrack/template_127.bgr.u8.npy.gz"), dividedBy: 1)
    let (a, b) = (crop.elements.doubles, stored.elements.doubles)
    let mean = zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(a.count)
    // Two decoders' conversions of colour and the rounding to bytes.
    #expect(mean < 1.5, "\(mean)")
  }

  private static func frames(_ path: String, count: Int) throws -> [Image] {
    let source = try VideoSources.open(path)
    var frames: [Image] = []
    while frames.count < count, let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      let picture = try frame.bgr()
      frames.append(Image(width: picture.width, height: picture.height, channels: 3, pixels: picture.pixels))
    }
    return frames
  }

  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message)) func otherNetworksAreRefusedByASentence() throws {
    let backbone = try GraphImporter.graph(path: SharedNetworks.path("nanotrack/v3_backbone.onnx"))
    let head = try GraphImporter.graph(path: SharedNetworks.path("nanotrack/v3_head.onnx"))
    for (first, second) in [(head, backbone), (backbone, backbone)] {
      let error = #expect(throws: NetworkError.self) { try SiameseNetwork(backbone: first, head: second) }
      #expect(error?.description.contains("not of NanoTrack's form") == true)
    }
  }
}
