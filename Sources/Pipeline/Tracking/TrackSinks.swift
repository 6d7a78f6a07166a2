import Records

/// The outputs of a run: one line for each kind.
enum TrackSinks {
  /// Opens every output that was asked for.
  ///
  /// - Throws: `PipelineError`, or `RecordsError` and `VideoError` where an output cannot be created.
  static func open(_ request: TrackRequest, hasPictures: Bool) throws -> [any TrackSink] {
    let outputs = request.outputs
    try check(outputs, hasPictures: hasPictures)
    var sinks: [any TrackSink] = [try StreamSink(path: outputs.stream, overwrites: outputs.overwrites)]
    let texts: [(path: String?, format: TrackTextWriter.Format)] = [
      (outputs.mot, .mot), (outputs.orientedMot, .motOriented), (outputs.csv, .csv),
    ]
    for case (let path?, let format) in texts {
      sinks.append(try TextSink(path: path, format: format, overwrites: outputs.overwrites))
    }
    if let overlay = outputs.overlay {
      sinks.append(try OverlaySink(path: overlay, overwrites: outputs.overwrites, layers: outputs.overlayLayers))
    }
    return sinks
  }

  private static func check(_ outputs: TrackOutputs, hasPictures: Bool) throws {
    let paths = [outputs.stream, outputs.mot, outputs.orientedMot, outputs.csv, outputs.overlay].compactMap { $0 }
    for (index, path) in paths.enumerated() where !path.hasPrefix("/dev/") && paths[..<index].contains(path) {
      throw PipelineError.outputTwice(path: path)
    }
    if outputs.overlay != nil, !hasPictures { throw PipelineError.needsPictures(option: "--overlay") }
  }
}
