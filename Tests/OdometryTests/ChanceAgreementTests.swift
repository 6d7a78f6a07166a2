import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@testable import Odometry

@Suite struct ChanceAgreementTests {
  private let drive = SyntheticDrive()

  /// A picture of independent grey levels, blurred by boxes of so many pixels.
  private func noise(_ seed: UInt64, blur: Int = 0) throws -> Image {
    var random = SplitMix64(seed: seed)
    var image = Image(width: 320, height: 200, channels: 1)
    image.grid.forEachPixel { _, _, index in image.pixels[index] = UInt8(truncatingIfNeeded: random.next() >> 56) }
    guard blur > 0 else { return image }
    let soft = image.pixels
    image.grid.forEachPixel { x, y, index in
      var sum = 0
      for dy in -blur...blur {
        for dx in -blur...blur { sum += Int(soft[(y + dy + 200) % 200 * 320 + (x + dx + 320) % 320]) }
      }
      // The mean's deviation is less by the side of the box; the contrast is brought back.
      let side = 2 * blur + 1
      image.pixels[index] = UInt8(Int(bounded: 128 + (Double(sum) / Double(side * side) - 127.5) * Double(side) / 1.5, in: 0...255))
    }
    return image
  }

  @Test func whatIsExpectedOfUnlikePicturesIsCounted() {
    // 5 of 6 within 2 pixels of a turn: 4 distances, 6 choices of five, 10 pairs of these, and three more within π 2² of 21² pixels.
    #expect(abs(ChanceAgreement.turn.logFalse(5, of: 6, within: 2) - log(4 * 6 * 10 * pow(.pi * 4 / 441, 3))) < 1e-9)
    // 7 of 8 within half a pixel of a line: ten motions of five matches, 3 distances, 8 · 21 choices, two more in a band as long as the diagonal.
    #expect(abs(ChanceAgreement.motion.logFalse(7, of: 8, within: 0.5) - log(30 * 8 * 21 * pow(2.squareRoot() / 21, 2))) < 1e-9)
    // The sample agrees always, and beyond the window everything does.
    #expect(ChanceAgreement.turn.logFalse(2, of: 2, within: 1) == .infinity)
    #expect(ChanceAgreement.turn.logFalse(50, of: 50, within: 12) == .infinity)
  }

  @Test func fewAgreementsAreChanceAndManyAreNot() {
    // A disc of 2 pixels is .0285 of the window: 11 of 400 are the mean.
    #expect(!ChanceAgreement.turn.isBeaten(by: 25, of: 400, within: 2) && ChanceAgreement.turn.isBeaten(by: 70, of: 400, within: 2))
    #expect(!ChanceAgreement.turn.isBeaten(by: 6, of: 40, within: 2) && ChanceAgreement.turn.isBeaten(by: 20, of: 40, within: 2))
    // Evenly over the disc of the window, and crowded around the middle.
    #expect(!ChanceAgreement.turn.isBeaten(by: (1...200).map { 11.8 * (Double($0) / 200).squareRoot() }))
    #expect(ChanceAgreement.turn.isBeaten(by: (1...200).map { 8 * Double($0) / 200 }))
  }

  @Test(arguments: [0, 1, 3]) func aFilmOfNoiseHasNoPath(blur: Int) throws {
    for seed: UInt64 in 0..<4 {
      for isStereo in [false, true] {
        let odometry = try VisualOdometry(rig: isStereo ? drive.rig : CameraRig(left: drive.camera))
        for frame: UInt64 in 0..<8 {
          let key = 1000 * seed + 2 * frame
          try odometry.add(left: noise(key, blur: blur), right: isStereo ? noise(key + 1, blur: blur) : nil)
        }
        #expect(odometry.poses.dropFirst().allSatisfy { $0.status == .lost }, "\(seed), \(odometry.poses.map(\.status))")
      }
    }
  }

  @Test(arguments: [0, 1, 3]) func noiseBetweenPicturesIsALoss(blur: Int) throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    for frame in 0..<24 {
      let isNoise = 10..<16 ~= frame
      try odometry.add(left: isNoise ? noise(UInt64(frame), blur: blur) : drive.image(drive.pose(frame)), right: nil)
    }
    for (frame, pose) in odometry.poses.enumerated() {
      #expect((pose.status == .lost) == (10...16 ~= frame), "\(frame): \(pose.status)")
    }
  }

  /// Water in the lower part of the picture: what stands still above carries the path, or, where most corners are the water's, nothing is told.
  @Test(arguments: [0.25, 1]) func waterIsNoTurn(contrast: Double) throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    for frame in 0..<12 {
      var image = drive.image(drive.pose(frame))
      let water = try noise(UInt64(frame), blur: 1)
      image.grid.forEachPixel { _, y, index in
        if y >= 100 { image.pixels[index] = UInt8(Int(bounded: 128 + contrast * (Double(water.pixels[index]) - 128), in: 0...255)) }
      }
      try odometry.add(left: image, right: nil)
    }
    let first = odometry.poses[0].worldFromCamera
    for (frame, pose) in odometry.poses.enumerated() where pose.status != .lost {
      let turn = drive.pose(0).relative(to: drive.pose(frame))
      #expect(turn.relative(to: first.relative(to: pose.worldFromCamera)).rotationAngle < 6 * drive.pixelAngle)
    }
    if contrast < 1 { #expect(odometry.poses.allSatisfy { $0.status != .lost }) }
  }

  /// A camera that turns until nothing of the first picture is left goes on turning: no frame stands still between.
  @Test func aTurnGoesOnBeyondThePicture() throws {
    let odometry = try VisualOdometry(rig: CameraRig(left: drive.camera))
    let turns = (0..<16).map { RigidTransform(rotationVector: Vector3(0, 0.08 * Double($0), 0), translation: .zero) }
    for turn in turns { try odometry.add(left: drive.image(turn), right: nil) }
    for (pose, turn) in zip(odometry.poses, turns).dropFirst() {
      #expect(pose.status == .rotation)
      #expect(turn.relative(to: pose.worldFromCamera).rotationAngle < 0.5 * .pi / 180)
    }
  }
}
