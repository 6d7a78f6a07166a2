/// What one pixel looked like: a Gaussian that is believed (the background) and one that may replace it.
///
/// The numbers here were chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".
struct PixelModel: Blendable, Codable {
  /// By the names below.
  private(set) var lanes: SIMD8<Float>

  init(lanes: SIMD8<Float>) { self.lanes = lanes }

  /// A pixel that was never seen: whatever it shows next is its background.
  static let unknown = PixelModel(mean: 0, chroma: .zero, age: 0)

  /// - Parameters:
  ///   - mean: The grey value that both Gaussians begin with.
  ///   - chroma: The blue and the red difference, 0 for grey.
  ///   - age: Of the background, in frames.
  init(mean: Float, chroma: SIMD2<Float>, age: Float) {
    lanes = SIMD8(mean, Self.firstVariance, age, mean, Self.firstVariance, 0, chroma.x, chroma.y)
  }

  /// The background's blue and red difference, 0 for grey, which follow its grey value.
  var chroma: SIMD2<Float> {
    get { SIMD2(lanes[6], lanes[7]) }
    set { (lanes[6], lanes[7]) = (newValue.x, newValue.y) }
  }

  /// The background's grey value.
  var mean: Float {
    get { lanes[0] }
    set { lanes[0] = newValue }
  }

  /// The background's variance in levels².
  var variance: Float {
    get { lanes[1] }
    set { lanes[1] = newValue }
  }

  /// How many frames taught the background; 0 where there is none.
  var age: Float {
    get { lanes[2] }
    set { lanes[2] = newValue }
  }

  /// The candidate's grey value.
  private var candidateMean: Float {
    get { lanes[3] }
    set { lanes[3] = newValue }
  }

  /// The candidate's variance in levels².
  private var candidateVariance: Float {
    get { lanes[4] }
    set { lanes[4] = newValue }
  }

  /// How many frames taught the candidate.
  private var candidateAge: Float {
    get { lanes[5] }
    set { lanes[5] = newValue }
  }

  /// A Gaussian seen once: a deviation of 10 levels, twice the least one.
  private static let firstVariance: Float = 100
  /// A value fits a Gaussian within so many variances: two deviations.
  private static let gate: Float = 4
  /// It fits in any case within 8 levels, squared.
  private static let leastGate: Float = 64
  /// The age of a background that an object has just uncovered, in frames: surer than one look, quick to learn.
  static let uncoveredAge: Float = 3
  /// The age of a new candidate, in frames: one look under an object does not count for a whole one.
  private static let firstCandidateAge: Float = 0.5
  /// Under objects candidates age by so many times the rate at which backgrounds learn there.
  private static let candidateHaste: Float = 1.7

  /// Follows a change of exposure.
  mutating func brighten(by gain: Float) {
    lanes *= SIMD8(gain, 1, 1, gain, 1, 1, gain, gain)
  }

  /// Takes in the pixel's value in one more frame.
  /// - Parameters:
  ///   - chroma: Its blue and red difference, 0 for grey.
  ///   - isObject: Whether the frame shows an object there.
  @inline(__always)
  mutating func learn(_ value: Float, _ chroma: SIMD2<Float>, isObject: Bool, _ learning: BackgroundModel.Learning) {
    if candidateAge > age {
      lanes = SIMD8(candidateMean, candidateVariance, candidateAge, mean, variance, 0, chroma.x, chroma.y)
    }
    let fromBackground = value - mean
    let fromCandidate = value - candidateMean
    let ofColor = chroma - self.chroma
    let hasColor = max(abs(ofColor.x), abs(ofColor.y)) < learning.greatestColorDifference
    if age < 1 || (hasColor && fromBackground * fromBackground < max(Self.gate * variance, Self.leastGate)) {
      let rate = (isObject ? learning.rateUnderObjects : 1) / (age + 1)
      mean += rate * fromBackground
      self.chroma += rate * ofColor
      let rest = value - mean
      variance = max(learning.leastVariance, variance + rate * (rest * rest - variance))
      age = min(learning.greatestAge, age + 1)
    } else if fromCandidate * fromCandidate < max(Self.gate * candidateVariance, Self.leastGate) {
      let rate = 1 / (candidateAge + 1)
      candidateMean += rate * fromCandidate
      let rest = value - candidateMean
      candidateVariance = max(learning.leastVariance, candidateVariance + rate * (rest * rest - candidateVariance))
      let growth = isObject ? learning.rateUnderObjects * Self.candidateHaste : 1
      candidateAge = min(learning.greatestAge, candidateAge + growth)
    } else {
      candidateMean = value
      candidateVariance = Self.firstVariance
      candidateAge = Self.firstCandidateAge
    }
  }
}
