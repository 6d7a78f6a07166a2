import Records

/// The outputs of a run: one line for each kind.
enum TrackSinks {
  /// Opens every output that was asked for.
  ///
  /// - Parameter memories: Where an earlier run left them; empty: they begin.
  /// - Throws: `PipelineError`, or `RecordsError` and `VideoError` where an output cannot be created.
  static func open(
    _ request: TrackRequest, watcher: (any TrackWatcher)?, publication: Publication?, hasPictures: Bool, isLive: Bool,
    memories: [SinkMemory] = []
  ) throws -> [any TrackSink] {
    let outputs = request.outputs
    var left = memories[...]
    if outputs.overlay != nil, !hasPictures { throw PipelineError.needsPictures(output: "an overlay") }
    // What follows a live input reads its files while they grow.
    let policy = isLive ? OutputSink.Policy.live : .whole
    func output(_ path: String) throws -> ResumedOutput {
      let memory = left.popFirst()
      let output = try OutputSink(
        path: path, policy: policy, overwrite: outputs.overwrites, isResumable: request.checkpoint != nil,
        packedInterval: isLive ? StreamSink.packedInterval : nil, from: memory?.position)
      return ResumedOutput(output: output, memory: memory)
    }
    // Told last, and so of what stands in the files.
    var listeners: [any TrackSink] = []
    if let watcher { listeners.append(WatchSink(watcher)) }
    if let publication { listeners.append(PublishSink(publication)) }
    if let rotation = request.rotation {
      return [RotatedStreamSink(path: outputs.stream, rotation: rotation, overwrites: outputs.overwrites)] + listeners
    }
    var sinks: [any TrackSink] = [StreamSink(try output(outputs.stream))]
    let lookBack = TrackingStage.lookBackSeconds(request.tracker)
    let texts: [(path: String?, format: TrackTextWriter.Format)] = [
      (outputs.mot, .mot), (outputs.orientedMot, .motOriented), (outputs.kitti, .kitti), (outputs.csv, .csv),
    ]
    for case (let path?, let format) in texts {
      sinks.append(TextSink(try output(path), format: format, rows: outputs.rows, lookBack: lookBack))
    }
    if let summary = outputs.summary { sinks.append(SummarySink(try output(summary), lookBack: lookBack)) }
    if let detections = outputs.detections, let format = DetectionTextWriter.format(ofName: detections) {
      sinks.append(DetectionTextSink(try output(detections), format: format))
    }
    if let overlay = outputs.overlay {
      sinks.append(
        OverlaySink(
          path: overlay, overwrites: outputs.overwrites, grows: isLive, layers: outputs.overlayLayers, blurred: outputs.blurred))
    }
    return sinks + listeners
  }
}

/// A file of a sink, with what an earlier run's sink knew where this one goes on.
struct ResumedOutput {
  let output: OutputSink
  let memory: SinkMemory?
}
