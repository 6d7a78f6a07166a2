import Geometry
import Testing

@testable import Detection

@Suite("Errors of centres")
struct CenterErrorTests {
  @Test("the error is the outline's, a share of each side, and what the object goes in a twenty-fifth of a second")
  func parts() {
    let error = CenterError(pixels: 2, share: 0.1)
    let box = GaussianBox(OrientedBox(center: .zero, width: 40, height: 20, angle: 0))
    // 2² + 4², 2² + 2².
    #expect(error.covariance(of: box, velocity: .zero).isNear(xx: 20, xy: 0, yy: 8))
    // A step of 3 and 1 pixels.
    #expect(error.covariance(of: box, velocity: Point(75, 25)).isNear(xx: 29, xy: 3, yy: 9))
  }
}

extension SymmetricMatrix2 {
  fileprivate func isNear(xx: Double, xy: Double, yy: Double) -> Bool {
    abs(self.xx - xx) < 1e-9 && abs(self.xy - xy) < 1e-9 && abs(self.yy - yy) < 1e-9
  }
}
