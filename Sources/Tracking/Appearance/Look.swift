/// How something looks, as a vector of numbers.
struct Look: Codable {
  private(set) var values: [Float] = []

  var isEmpty: Bool { values.isEmpty }

  init() {}

  /// An embedding; empty where there is none, or where it is not of the length that the others have.
  init(_ embedding: [Float]?, length: Int) {
    guard let embedding, embedding.count == length, embedding.allSatisfy(\.isFinite) else { return }
    values = embedding
  }

  /// Goes a share of the way to another one, or all of it where there was none.
  mutating func approach(_ other: Look, share: Float) {
    guard !isEmpty else {
      values = other.values
      return
    }
    for index in 0..<min(values.count, other.values.count) { values[index] += (other.values[index] - values[index]) * share }
  }

  /// The direction from the mean: of looks that all have much in common, what tells them apart. Empty where there is no difference.
  func direction(from mean: Look) -> Look {
    guard values.count == mean.values.count else { return Look() }
    var result = self
    var squares: Float = 0
    for index in values.indices {
      let difference = values[index] - mean.values[index]
      result.values[index] = difference
      squares += difference * difference
    }
    guard squares > .leastNormalMagnitude else { return Look() }
    let scale = 1 / squares.squareRoot()
    for index in values.indices { result.values[index] *= scale }
    return result
  }

  /// The cosine of two directions.
  func likeness(to other: Look) -> Double {
    var sum: Float = 0
    for index in 0..<min(values.count, other.values.count) { sum += values[index] * other.values[index] }
    return Double(sum)
  }
}

/// What is remembered of how a track looks.
struct TrackLook: Codable {
  let serial: Int
  /// When the track was first seen, seconds.
  let began: Double
  /// The mean over its clear detections, the later ones counting more.
  private(set) var mean: Look
  private var count: Float = 1
  private var taken: Double
  /// The mean some time ago, and when.
  private(set) var earlier: Look
  private(set) var earlierTime: Double

  /// The time in which what was seen fades to 1/e, seconds: about as long as an object takes to turn.
  private static let memory = 1.0

  /// - Parameter look: Of the first clear detection; empty where there was none yet.
  init(serial: Int, began: Double, _ look: Look, now: Double) {
    (self.serial, self.began, mean, taken) = (serial, began, look, now)
    (earlier, earlierTime) = (look, now)
  }

  /// Takes in a clear detection: the plain mean of the first ones, then one that forgets.
  mutating func take(_ look: Look, now: Double) {
    guard !look.isEmpty else { return }
    guard !mean.isEmpty else {
      self = TrackLook(serial: serial, began: began, look, now: now)
      return
    }
    count += 1
    let fading = Float((now - taken) / TrackLook.memory)
    mean.approach(look, share: max(1 / count, min(1, fading)))
    taken = now
  }

  /// Notes the present mean as that of some time ago.
  mutating func note(now: Double) { (earlier, earlierTime) = (mean, now) }
}
