import Foundation
import Geometry
import Imaging
import Testing

@testable import TargetTracking

/// The correlation filter against closed forms, and a target whose place is known.
@Suite struct CorrelationTests {
  @Test func theTransformIsThatOfItsDefinition() {
    let side = 8
    var grid = ChannelGrid(count: side * side)
    for index in 0..<side * side {
      for channel in 0..<16 { grid.real[index][channel] = Float((index * 7 + channel * 3) % 11) - 5 }
    }
    let original = grid
    let transform = ChannelTransform(side: side)
    transform.forward(&grid)
    for channel in [0, 15] {
      for (u, v) in [(0, 0), (1, 0), (3, 5), (7, 2)] {
        var sum = (0.0, 0.0)
        for y in 0..<side {
          for x in 0..<side {
            let angle = -2 * Double.pi * Double(u * x + v * y) / Double(side)
            let value = Double(original.real[y * side + x][channel])
            sum = (sum.0 + value * cos(angle), sum.1 + value * sin(angle))
          }
        }
        #expect(abs(Double(grid.real[v * side + u][channel]) - sum.0) < 1e-3)
        #expect(abs(Double(grid.imaginary[v * side + u][channel]) - sum.1) < 1e-3)
      }
    }
    transform.inverse(&grid)
    for index in 0..<side * side {
      #expect((grid.real[index] - original.real[index]).max() < 1e-4 && abs(grid.imaginary[index].max()) < 1e-4)
    }
  }

  /// A patch moved by whole cells moves the response by as many.
  @Test func theResponsePeaksWhereThePatchMoved() {
    let side = PatchFeatures.cells
    func patch(_ shiftX: Int, _ shiftY: Int) -> [ChannelGrid.Lanes] {
      (0..<side * side).map { index in
        var lanes = ChannelGrid.Lanes.zero
        let (x, y) = ((index % side - shiftX + side) % side, (index / side - shiftY + side) % side)
        guard (24..<40).contains(x), (24..<40).contains(y) else { return lanes }
        for channel in 0..<16 { lanes[channel] = Float((x * 31 + y * 17 + channel * 5 + x * y) % 13) / 13 }
        return lanes
      }
    }
    var filter = CorrelationFilter(width: 16, height: 16)
    filter.learn(patch(0, 0), rate: 1)
    for (x, y) in [(0, 0), (3, 0), (-4, 7), (9, -2)] {
      let response = filter.response(patch(x, y))
      let best = response.indices.max { response[$0] < response[$1] } ?? 0
      #expect(best % side == (x + side) % side && best / side == (y + side) % side)
      #expect(abs(Double(response[best]) / filter.own - 1) < 1e-2)
    }
  }

  /// A textured square that moves over textured ground, and grows by a hundredth a frame.
  @Test func aMovingGrowingSquareIsFollowed() throws {
    func noise(_ x: Int, _ y: Int, _ seed: Int) -> UInt8 {
      var value = UInt64(bitPattern: Int64(x &* 73_856_093 ^ y &* 19_349_663 ^ seed &* 83_492_791))
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      return UInt8((value ^ (value >> 27)) % 120)
    }
    func place(_ frame: Int) -> TargetPlace {
      let side = 40 * pow(1.01, Double(frame))
      return TargetPlace(center: Point(80 + 3 * Double(frame), 90 + Double(frame)), width: side, height: side)
    }
    func picture(_ frame: Int) -> Image {
      var image = Image(width: 240, height: 180, channels: 3)
      let box = place(frame).box
      for y in 0..<180 {
        for x in 0..<240 {
          let (u, v) = ((Double(x) + 0.5 - box.left) / box.width, (Double(y) + 0.5 - box.top) / box.height)
          let isTarget = (0..<1).contains(u) && (0..<1).contains(v)
          let value = isTarget ? noise(Int(u * 8), Int(v * 8), 5) + 100 : noise(x / 6, y / 6, 1)
          for channel in 0..<3 { image[x, y, channel] = value }
        }
      }
      return image
    }
    var follower = CorrelationFollower()
    try follower.begin(picture(0), place(0))
    var known = place(0)
    for frame in 1..<25 {
      let image = picture(frame)
      let sighting = try follower.find(in: image, near: known, isSearching: false)
      #expect(sighting.place.box.iou(with: place(frame).box) > 0.7, "frame \(frame)")
      #expect(try sighting.assurance > 0.5 && follower.probability(follower.likeness(of: sighting, in: image)) > 0.5)
      try follower.learn(image, sighting)
      known = sighting.place
    }
    // Nothing of it in a picture of the ground alone.
    let empty = Image(width: 240, height: 180, channels: 3, pixels: [UInt8](repeating: 90, count: 3 * 240 * 180))
    let nothing = try follower.find(in: empty, near: known, isSearching: true)
    #expect(try nothing.assurance < 0.5 && follower.probability(follower.likeness(of: nothing, in: empty)) < 0.5)
  }

  /// Looks are those of edges: the same picture is wholly alike, brighter ones too, another one's edges are not, and nothing is like a plain one.
  @Test func looksAreLikeThemselvesAlone() throws {
    func picture(seed: Int, brightness: Int) -> Image {
      var random = SplitMix64(seed: UInt64(seed))
      let cells = (0..<40 * 30).map { _ in Int(random.next(below: 120)) }
      var image = Image(width: 240, height: 180, channels: 3)
      for y in 0..<180 {
        for x in 0..<240 {
          for channel in 0..<3 { image[x, y, channel] = UInt8(cells[y / (5 + seed) * 40 + x / (5 + seed)] + brightness) }
        }
      }
      return image
    }
    let place = TargetPlace(center: Point(120, 90), width: 40, height: 50)
    let looks = try TargetLooks(picture(seed: 1, brightness: 0), place)
    #expect(try abs(looks.likeness(picture(seed: 1, brightness: 0), place) - 1) < 1e-6)
    #expect(try abs(looks.likeness(picture(seed: 1, brightness: 90), place) - 1) < 1e-3)
    #expect(try abs(looks.likeness(picture(seed: 2, brightness: 0), place)) < 0.3)
    let plain = Image(width: 240, height: 180, channels: 3, pixels: [UInt8](repeating: 90, count: 3 * 240 * 180))
    #expect(try looks.likeness(plain, place) == 0)
  }
}
