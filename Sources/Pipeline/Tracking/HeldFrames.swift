import Records

/// Frames that wait for their rows, and what happened to the source between them.
struct HeldFrames {
  enum Item {
    case frame(TrackedFrame)
    case event(EventRecord)
  }

  private var items: [Item] = []

  /// What is held, for a checkpoint; pictures, which nobody but an overlay needs, stay out.
  struct Memory: Codable {
    fileprivate struct Entry: Codable {
      var frame: TrackedFrame?
      var event: EventMemory?
    }

    fileprivate var entries: [Entry]
  }

  var memory: Memory {
    Memory(
      entries: items.map { item in
        switch item {
        case .frame(let frame): Memory.Entry(frame: frame, event: nil)
        case .event(let event): Memory.Entry(frame: nil, event: EventMemory(event))
        }
      })
  }

  /// Nothing, or what another one held.
  init(_ memory: Memory = Memory(entries: [])) {
    items = memory.entries.compactMap { entry in
      entry.frame.map { .frame($0) } ?? entry.event.map { .event($0.record) }
    }
  }

  var isEmpty: Bool { items.isEmpty }

  mutating func append(_ item: Item) { items.append(item) }

  /// The items up to the frame of an ordinal and with it, which are held no longer; all of them for nil.
  mutating func take(through ordinal: Int?) -> [Item] {
    let end = items.firstIndex { if case .frame(let frame) = $0 { frame.ordinal == ordinal } else { false } }
    let taken = end.map { Array(items[...$0]) } ?? items
    items.removeFirst(taken.count)
    return taken
  }

  /// The events that no frame comes before.
  mutating func takeLeadingEvents() -> [EventRecord] {
    var events: [EventRecord] = []
    for case .event(let event) in items.prefix(while: { if case .event = $0 { true } else { false } }) { events.append(event) }
    items.removeFirst(events.count)
    return events
  }
}
