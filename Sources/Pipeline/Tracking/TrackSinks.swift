import Records

/// The outputs of a run: one line for each kind.
enum TrackSinks {
  /// Opens every output that was asked for.
  ///
  /// - Throws: `PipelineError`, or `RecordsError` and `VideoError` where an output cannot be created.
  static func open(
    _ request: TrackRequest, watcher: (any TrackWatcher)?, hasPictures: Bool, isLive: Bool
  ) throws -> [any TrackSink] {
    let outputs = request.outputs
    if outputs.overlay != nil, !hasPictures { throw PipelineError.needsPictures(output: "an overlay") }
    // What follows a live input reads its files while they grow.
    let policy = isLive ? OutputSink.Policy.live : .whole
    var sinks: [any TrackSink] = [try StreamSink(path: outputs.stream, policy: policy, overwrites: outputs.overwrites)]
    let lookBack = TrackingStage.lookBackSeconds(request.tracker)
    let texts: [(path: String?, format: TrackTextWriter.Format)] = [
      (outputs.mot, .mot), (outputs.orientedMot, .motOriented), (outputs.csv, .csv),
    ]
    for case (let path?, let format) in texts {
      sinks.append(
        try TextSink(
          path: path, format: format, rows: outputs.rows, lookBack: lookBack, policy: policy, overwrites: outputs.overwrites))
    }
    if let summary = outputs.summary {
      sinks.append(try SummarySink(path: summary, lookBack: lookBack, policy: policy, overwrites: outputs.overwrites))
    }
    if let detections = outputs.detections, let format = DetectionTextWriter.format(ofName: detections) {
      sinks.append(try DetectionTextSink(path: detections, format: format, policy: policy, overwrites: outputs.overwrites))
    }
    if let overlay = outputs.overlay {
      sinks.append(
        OverlaySink(
          path: overlay, overwrites: outputs.overwrites, grows: isLive, layers: outputs.overlayLayers, blurred: outputs.blurred))
    }
    if let watcher { sinks.append(WatchSink(watcher)) }
    return sinks
  }
}
