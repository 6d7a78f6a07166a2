import Foundation
import TestSupport
import Testing

@testable import Records

/// Mutated inputs must give a table or an error, never a crash, and errors must be sentences with the file's name.
@Suite struct FuzzTests {
  private static let seeds: [(format: BoxFormat?, text: String)] = [
    (nil, "1,1,912,484,97,109,0,7,1\n2,3,912.5,484,97.25,109,1,1,0.86014\n"),
    (nil, "1,1,88,99,61.08,218.56,1,4.4852,5.5016,0\n1,2,181,95,75.808,227.01,0,4.4091,4.4283,0\n"),
    (nil, "69,-1,912.8,482.9,97.6,112.6,0.95\n70,-1,1e2,.5,3.25E+1,4,1\n"),
    (nil, "1,1,271,72,278,72,278,88,271,88,1,1,1\n3,2,172.29,73.26,157.42,75.22,153.37,44.48,168.25,42.53,0,5,0\n"),
    (nil, "1,1,855.059509,501.965851,335.273407,297.854279,2.586787,1,14,1\n"),
    (
      nil,
      "0 -1 DontCare -1 -1 -10 219.31 188.49 245.5 218.56 -1000 -1000 -1000 -10 -1 -1 -1\n0 0 Van 0 2 -1.79 296.7 161.7 455.2 292.3 2 1.8 4.4 -4.5 1.8 13.4 -2.1\n"
    ),
    (nil, "0,2,298.3125,165.18,458.2292,293.4391,8.2981,1.9605,1.8137,4.7549,-4.572,1.8435,13.5308,-2.1125,-1.7867\n"),
    (.uavdt, "202,1,71,442,119,94,1,1,1\n203,1,73,439,119,93,3,4,2\n"),
    (nil, "0_100 373.94 120.06 381.94 120.06 381.94 135.06 373.94 135.06 Person 0 377.9 127.5 8 15 0\n"),
    (
      nil,
      #"{"images":[{"id":7,"file_name":"a/f.jpg"}],"categories":[{"id":1,"name":"p"}],"annotations":[{"image_id":7,"category_id":1,"bbox":[1,2,3,4],"iscrowd":0}]}"#
    ),
    (.sextant, String(decoding: Samples.text(Samples.all), as: UTF8.self)),
    (
      nil,
      "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,class_name,frame_index\n1,2,3,4,2,0.5,1,car,0\n3,8,9,11,2,0.8,,car,1\n"
    ),
    (nil, "1,0,593,43,174,190,0,0,0,0\n1,1,100,100,40,30,1,4,0,1\n"), (nil, "# a\n1.0 912.1 484.2 97.3 109.4 0.91 0.0\n"),
    (
      nil,
      #"{"videos":[{"id":1,"name":"a"},{"id":2,"name":"b"}],"images":[{"id":1,"video_id":1,"frame_id":0},{"id":2,"video_id":2,"frame_id":4}],"categories":[{"id":1,"name":"p"}],"annotations":[{"id":1,"image_id":1,"category_id":1,"instance_id":3,"bbox":[1,2,3,4,0.5]},{"id":2,"image_id":2,"category_id":1,"attributes":{"rotation":30,"track_id":"a"},"bbox":[1,2,3,4]}]}"#
    ),
    (nil, #"[{"image_id":"a","category_id":1,"bbox":[1,1,5,2],"score":0.9}]"#),
    (
      nil,
      #"[{"name":"v-1","videoName":"v","frameIndex":0,"labels":[{"id":"101","category":"car","box2d":{"x1":10,"y1":20,"x2":50,"y2":40}}]},{"name":"w","videoName":"w","frameIndex":3}]"#
    ),
    (
      nil,
      #"[{"name":"car","class":2,"confidence":0.5,"box":{"x1":0,"y1":0,"x2":20,"y2":0,"x3":20,"y3":10,"x4":0,"y4":10},"track_id":1}]"#
    ),
    (
      nil,
      #"[{"x_min":"1","y_min":"2","x_max":"5","y_max":"6","class_id":"2","confidence":"0.9","tracker_id":"1","frame_index":3}]"#
    ),
    (
      nil,
      "<?xml version=\"1.0\"?><annotations><!-- a --><track id=\"0\" label=\"a&amp;b\"><box frame=\"0\" outside=\"0\" xtl=\"1\" ytl=\"2\" xbr=\"5\" ybr=\"6\" rotation=\"30\"/></track><image id=\"1\" name=\"a.jpg\"><box label=\"c\" xtl=\"1\" ytl=\"2\" xbr=\"5\" ybr=\"6\"><attribute name=\"track_id\">4</attribute></box></image></annotations>"
    ),
    (.csv, "frame,id,class,score,cx_px,cy_px,w_px,h_px,angle_rad\n0,1,\"a, b\",0.5,50,40,20,10,0.25\n2,2,c,,150,40,20,10,\n"),
  ]

  /// Numbers and words that hurt.
  private static let splinters: [[UInt8]] = [
    "nan", "inf", "-", "1e999", "-1", "99999999999999999999", "0x1", ",", " ", "\t", "\n", "\r\n", "\0", "\"", "{", "}", "[", "]",
    "null", "1e-400", "2147483648", "-2147483649", "é", "\u{FEFF}", "0.5", ",,", ".", "e", "+",
  ].map { Array($0.utf8) }

  /// How many mutated inputs each reader gets: 2,000 in the ordinary tests, 20,000 with `make fuzz`.
  private static let budget = ProcessInfo.processInfo.environment["SEXTANT_FUZZ"].flatMap(Int.init) ?? 2000

  private static func mutate(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: splinters.randomElement(using: &random) ?? [], at: place)
      case 3: bytes = Array(bytes[..<place])
      case 4: bytes += bytes[..<place]
      default:
        let end = min(bytes.count, place + Int.random(in: 1...20, using: &random))
        bytes.replaceSubrange(place..<end, with: splinters.randomElement(using: &random) ?? [])
      }
    }
    return bytes
  }

  @Test(arguments: 0..<seeds.count)
  func boxReadersSurviveMutations(kind: Int) throws {
    let seed = Self.seeds[kind]
    var random = TestRandom(seed: UInt64(kind) + 100)
    for round in 0..<Self.budget {
      let bytes = Self.mutate(Array(seed.text.utf8), &random)
      var options = BoxTableReader.Options(format: round % 2 == 0 ? nil : seed.format, keepsLines: true, keepsCorners: true)
      options.images.numbering = round % 3 == 0 ? .automatic : .byImage
      do {
        let table = try BoxTableReader.read(bytes: bytes, name: "fuzz", options: options)
        checkInvariants(of: table)
      } catch {
        #expect(error.description.contains("fuzz"))
      }
    }
  }

  /// Columns are as long as the table or empty, indices point somewhere, numbers are finite; what is read can be written.
  private func checkInvariants(of table: BoxTable) {
    let count = table.count
    #expect(table.ids.count == count)
    #expect(table.axisBoxes.count + table.orientedBoxes.count == count)
    let lengths: [Int] = [
      table.confidences.count, table.classIndices.count, table.considered.count, table.difficult.count,
      table.visibilities.count, table.truncations.count, table.occlusions.count, table.spatialBoxes.count,
      table.worldPositions.count, table.rawScores.count, table.corners.count, table.areas.count, table.lines.count,
    ]
    #expect(lengths.allSatisfy { $0 == 0 || $0 == count })
    #expect(table.frames.allSatisfy { $0 >= 0 } && table.ids.allSatisfy { $0 >= -1 })
    #expect(table.classIndices.allSatisfy { $0 >= -1 && Int($0) < table.classes.count })
    let isFree = table.format == .sextant || table.format == .coco
    #expect(table.annotationIDs.isEmpty || table.annotationIDs.count == count)
    #expect(isFree || table.confidences.allSatisfy { (0...1).contains($0) })
    for format in [BoxFormat.mot, .kitti, .motOriented, .csv] + (table.frameCount < 1000 ? [.coco, .sextant] : []) {
      let text = try? BoxTableWriter.text(table, as: format)
      #expect(text != nil)
    }
    _ = table.duplicateIdentities()
    _ = table.detections(table.rowsByFrame().rows(of: 0))
  }

  @Test func folderFormatsSurviveMutations() throws {
    let seeds: [(BoxFormat, String, String)] = [
      (.dota, "a.txt", "gsd:1\n0 0 10 0 10 4 0 4 ship 1\n5 5 7 5 7 9 5 9 car 0\n"),
      (.dotaResults, "Task1_a.txt", "P1 0.5 0 0 10 0 10 4 0 4\n"), (.yolo, "a.txt", "2 0.5 0.5 0.25 0.5\n"),
      (.yoloOriented, "a.txt", "1 0.25 0.25 0.75 0.25 0.75 0.5 0.25 0.5 0.5 3\n"),
      (.yolo, "a_1.txt", "2 0.5 0.5 0.25 0.5 1\n2 0.5 0.5 0.25 0.5\n"),
      (.kittiObjects, "a_1.txt", "car 18446744073709551615 0 0 0 1 2 3 4 0 0 0 0 0 0 0 0.5\nb 9 0 0 0 1 2 3 4 0 0 0 0 0 0 0 0.5\n"),
      (.visDroneDetections, "a.txt", "10,20,30,40,1,4,0,0\n"),
    ]
    var random = TestRandom(seed: 7)
    for (format, name, text) in seeds {
      // Each input is a file on the disk.
      for _ in 0..<Self.budget / 5 {
        let bytes = Self.mutate(Array(text.utf8), &random)
        let inner = try ScratchFolder()
        try inner.write(bytes, to: name)
        var options = BoxTableReader.Options(format: Bool.random(using: &random) ? format : nil)
        options.images.size = (640, 480)
        options.images.numbering = Bool.random(using: &random) ? .automatic : .byImage
        if let table = try? BoxTableReader.read(path: inner.path, options: options) { checkInvariants(of: table) }
      }
    }
  }

  @Test func theStreamReaderSurvivesMutationsAndGoesOn() throws {
    let text = Samples.text(Samples.all)
    var random = TestRandom(seed: 8)
    for _ in 0..<Self.budget {
      let reader = try StreamReader(bytes: Self.mutate(text, &random), name: "fuzz")
      var calls = 0
      while calls < 1000 {
        calls += 1
        do {
          guard let record = try reader.next() else { break }
          #expect(!Samples.text([record], classes: reader.classes).isEmpty)
        } catch {
          // Bytes that are no text at all are told of the file.
          #expect(error.description.contains("fuzz, line") || error.description.contains("binary data"))
        }
      }
      #expect(calls < 1000)
    }
  }

  @Test func trajectoryAndPointReadersSurviveMutations() throws {
    let seeds = [
      "# t\n1305031098.6659 1.3563 0.6305 1.638 0.6132 0.5962 -0.3311 -0.3986\n",
      "1.5,3,1,2,0,0,0.6,0.8,\n", "1.5 3 1 2 0 0 0 0\n2.5 3 1 2 0 0 0 0\n",
      "1 9.04e-12 2.32e-11 5.55e-17 9.04e-12 1 2.39e-10 3.33e-16 2.32e-11 2.39e-10 0.9999999 -4.44e-16\n",
      "#timestamp\n1403715523912143104,0.878612,2.142470,0.947262,0.060514,-0.828459,-0.058956,-0.553641\n",
      "{\"record\":\"frame\",\"frame\":0,\"time\":0.0,\"tracks\":[],\"pose\":{\"position\":[1,2,3],\"quaternion\":[0,0,0,1]}}\n",
    ]
    var random = TestRandom(seed: 9)
    for seed in seeds {
      for _ in 0..<Self.budget {
        let bytes = Self.mutate(Array(seed.utf8), &random)
        if let file = try? TrajectoryReader.read(bytes: bytes, name: "fuzz") {
          #expect(!file.trajectory.poses.contains { !$0.isFinite })
          // Times beyond 64 bits of nanoseconds are refused.
          if let text = try? TrajectoryWriter.text(file, as: .euroc) { #expect(text.count > 0) }
        }
        _ = try? PointTable.read(bytes: bytes, name: "fuzz")
        _ = try? SequenceInformation.read(bytes: bytes, name: "fuzz")
      }
    }
  }
}
