import Records
extension TrackSideLoader { static func loadStream(_ path: String) throws(RecordsError) -> TrackSide { throw .malformed(path: path, reason: "x") } }
