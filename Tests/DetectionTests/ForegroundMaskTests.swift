import Geometry
import Imaging
import Testing

@testable import Detection

@Suite("Masks of foreground")
struct ForegroundMaskTests {
  static let size = (width: 80, height: 60)
  static let square = ForegroundEvidenceTests.square

  static func picture(_ value: UInt8) -> Image { ForegroundEvidenceTests.plain(value) }

  /// The mask of an object on plain ground.
  static func mask(
    motion: UInt8, isStatic: Bool, velocity: SIMD2<Float> = .zero, reference: Image?
  ) throws -> Image {
    let frame = ForegroundEvidenceTests.plain(100, square: 160)
    let evidence = try ForegroundEvidenceTests.evidence(frame, before: picture(100))
    var field = MotionField(pictureWidth: size.width, pictureHeight: size.height)
    var flow = [SIMD2<Float>](repeating: .zero, count: size.width * size.height)
    frame.grid.forEachPixel(columns: square.columns, rows: square.rows) { _, _, i in flow[i] = -velocity }
    field.advance(flow: flow, previousFromPresent: .identity, greatestCount: 8)
    var history = PictureHistory()
    if let reference { history.add(reference, time: 0, span: 1) }
    let fusion = ForegroundMask(
      evidence: evidence, motion: picture(motion), field: field, settings: MotionDetectorSettings(), leastArea: 30,
      largeArea: 2_000, isStatic: isStatic, gap: 5)
    return try fusion.mask(frame: frame, reference: history.reference(), cutter: nil)
  }

  /// The overlap of a mask with the object.
  static func overlap(_ mask: Image) -> Double {
    var (both, either) = (0, 0)
    mask.grid.forEachPixel { x, y, i in
      let isObject = square.columns.contains(x) && square.rows.contains(y)
      if isObject && mask.pixels[i] != 0 { both += 1 }
      if isObject || mask.pixels[i] != 0 { either += 1 }
    }
    return Double(both) / Double(either)
  }

  @Test("a camera that stands still finds what differs, whether it moves or not")
  func standingCamera() throws {
    #expect(Self.overlap(try Self.mask(motion: 255, isStatic: true, reference: nil)) > 0.95)
  }

  @Test("a moving camera finds what differs and moves")
  func moving() throws {
    #expect(Self.overlap(try Self.mask(motion: 255, isStatic: false, velocity: SIMD2(3, 0), reference: nil)) > 0.95)
  }

  @Test("what differs without motion counts if an earlier frame looked different there, else not")
  func standing() throws {
    let object = ForegroundEvidenceTests.plain(100, square: 160)
    #expect(Self.overlap(try Self.mask(motion: 0, isStatic: false, reference: Self.picture(100))) > 0.95)
    #expect(try Self.mask(motion: 0, isStatic: false, reference: object) == Self.picture(0))
    #expect(try Self.mask(motion: 0, isStatic: false, reference: nil) == Self.picture(0))
  }
}
