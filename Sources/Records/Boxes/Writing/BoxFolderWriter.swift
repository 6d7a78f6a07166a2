import Foundation
import Geometry

/// Writes the formats that are a folder with a file per image or per class.
struct BoxFolderWriter {
  let table: BoxTable
  let format: BoxFormat
  let options: BoxTableWriter.Options

  func write(to path: String) throws(RecordsError) -> [ConversionLoss] {
    if isYOLO, table.frames.contains(where: { size(ofFrame: $0) == nil }) {
      throw .unknownImageSize(path: path)
    }
    guard fileCount <= BoxFolderWriter.maximumFiles else {
      throw .malformed(path: path, reason: "\(fileCount) frames would be as many files, more than \(BoxFolderWriter.maximumFiles)")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: "the folder cannot be made")
    }
    if format == .dotaResults {
      try writeClasses(to: path)
    } else {
      try writeImages(to: path)
    }
    return isYOLO ? table.numberingLoss(numbers, first: 0) : []
  }

  /// A folder with more files helps nobody.
  private static let maximumFiles = 1_000_000

  private var fileCount: Int { format == .dotaResults ? table.classes.count : max(table.images.count, table.frameCount) }

  /// The image's size as told or, where nobody did, as the table has it.
  private func size(ofFrame frame: Int32) -> (width: Double, height: Double)? {
    if let size = options.imageSize { return size }
    guard table.imageRecords.indices.contains(Int(frame)) else { return nil }
    let image = table.imageRecords[Int(frame)]
    return image.width > 0 && image.height > 0 ? (Double(image.width), Double(image.height)) : nil
  }

  private var isYOLO: Bool { format == .yolo || format == .yoloOriented }
  private var numbers: [Int] { table.writtenClassNumbers(first: 0) }

  /// A name becomes part of a path, so that it must not lead out of the folder.
  private func fileName(_ name: String) -> String {
    let safe = String(name.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
    return safe.hasPrefix(".") ? "_" + safe : safe
  }

  private func writeImages(to path: String) throws(RecordsError) {
    let rows = table.rowsByFrame()
    let numbers = self.numbers
    for frame in 0..<fileCount {
      var text = TextBuffer()
      for row in rows.rows(of: frame) { append(row, numbers, to: &text) }
      try write(text, to: path + "/" + fileName(table.writtenImage(Int32(frame))) + ".txt")
    }
  }

  private func writeClasses(to path: String) throws(RecordsError) {
    let rows = RowIndex(table.classIndices.isEmpty ? table.frames.map { _ in 0 } : table.classIndices.map(Int32.init))
    for position in rows.keys.indices {
      var text = TextBuffer()
      for row in rows.rows(at: position) {
        text.append(table.writtenImage(table.frames[row]))
        text.append(" ", exact: table.confidence(row))
        text.append(" ", corners: table.writtenCorners(row))
        text.append("\n")
      }
      let name = rows.rows(at: position).first.map(table.writtenClass) ?? "unknown"
      try write(text, to: path + "/" + DOTAResultNames.prefix + fileName(name) + ".txt")
    }
  }

  private func write(_ text: TextBuffer, to path: String) throws(RecordsError) {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: options.overwrite)
    try sink.write(text)
    try sink.close()
  }

  private func append(_ row: Int, _ numbers: [Int], to text: inout TextBuffer) {
    switch format {
    case .dota: appendDOTA(row, to: &text)
    case .yolo: appendYOLO(row, numbers, to: &text)
    case .yoloOriented: appendOrientedYOLO(row, numbers, to: &text)
    default: break
    }
  }

  private func appendDOTA(_ row: Int, to text: inout TextBuffer) {
    let corners = table.writtenCorners(row)
    text.append("", derived: corners.first.x)
    text.append(" ", derived: corners.first.y)
    for corner in [corners.second, corners.third, corners.fourth] {
      text.append(" ", derived: corner.x)
      text.append(" ", derived: corner.y)
    }
    text.append(" ")
    text.append(table.writtenClass(row))
    text.append(!table.difficult.isEmpty && table.difficult[row] ? " 1\n" : " 0\n")
  }

  private func appendYOLO(_ row: Int, _ numbers: [Int], to text: inout TextBuffer) {
    guard let size = size(ofFrame: table.frames[row]) else { return }
    let box = table.axisBox(row)
    text.append(table.classIndex(row).map { numbers[$0] } ?? 0)
    text.append(" ", exact: box.center.x / size.width)
    text.append(" ", exact: box.center.y / size.height)
    text.append(" ", exact: box.width / size.width)
    text.append(" ", exact: box.height / size.height)
    appendConfidence(row, to: &text)
  }

  private func appendOrientedYOLO(_ row: Int, _ numbers: [Int], to text: inout TextBuffer) {
    guard let size = size(ofFrame: table.frames[row]) else { return }
    let corners = table.writtenCorners(row)
    text.append(table.classIndex(row).map { numbers[$0] } ?? 0)
    for corner in [corners.first, corners.second, corners.third, corners.fourth] {
      text.append(" ", exact: corner.x / size.width)
      text.append(" ", exact: corner.y / size.height)
    }
    appendConfidence(row, to: &text)
  }

  private func appendConfidence(_ row: Int, to text: inout TextBuffer) {
    if !table.confidences.isEmpty { text.append(" ", exact: table.confidence(row)) }
    text.append("\n")
  }
}
