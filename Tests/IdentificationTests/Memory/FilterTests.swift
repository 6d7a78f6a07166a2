import Foundation
import Splines
import Testing

@testable import Identification

@Suite("Diagonal state spaces")
struct DiagonalStateSpaceTests {
  @Test("The starts are those of S4D")
  func starts() {
    #expect(isClose(DiagonalStateSpace.poles(.linear, order: 8).map(\.imaginary), [0, .pi, 2 * .pi, 3 * .pi], 1e-15))
    #expect(
      isClose(
        DiagonalStateSpace.poles(.inverse, order: 8).map(\.imaginary),
        [0.363782727067189, 1.5278874536822, 4.24413181578388, 17.8253536262923],
        1e-12))
    #expect(isClose(DiagonalStateSpace.poles(.legendre, order: 4).map(\.imaginary), [0.556501115083744, 4.60329300706685], 1e-12))
    #expect(DiagonalStateSpace.poles(.legendre, order: 64).allSatisfy { $0.real == -0.5 && $0.imaginary > 0 })
  }

  /// A state with pole λ and factor C answers a held step after k samples by 2 Re C (e^{λ k D} − 1)/λ + D u, from the differential equation.
  @Test("The answer to a constant is the differential equation's solution")
  func constantInput() {
    let pole = ComplexNumber(-0.5, 3)
    let model = DiagonalStateSpace(poles: [pole], output: [ComplexNumber(0.3, -0.7)], feedthrough: 0.2)
    let response = model.response(to: [Double](repeating: 2, count: 40), step: 0.05)
    for k in [0, 7, 39] {
      let t = 0.05 * Double(k + 1)
      let decay = exp(-0.5 * t)
      let state = (ComplexNumber(decay * cos(3 * t), decay * sin(3 * t)) - ComplexNumber(1)) / pole
      #expect(abs(response[k] - (2 * 2 * (ComplexNumber(0.3, -0.7) * state).real + 0.4)) < 1e-12)
    }
  }

  @Test("Convolution with the kernel is the recurrence")
  func kernel() {
    let poles = DiagonalStateSpace.poles(.inverse, order: 8)
    let model = DiagonalStateSpace(
      poles: poles, output: poles.indices.map { ComplexNumber(Double($0) - 1.5, 0.5 * Double($0)) }, feedthrough: -1)
    let input = (0..<50).map { sin(Double($0 * $0)) }
    let kernel = model.kernel(length: 50, step: 0.02)
    let convolved = (0..<50).map { k in (0...k).reduce(0) { $0 + kernel[$1] * input[k - $1] } }
    #expect(isClose(model.response(to: input, step: 0.02), convolved, 1e-12))
  }

  @Test("A pole at zero integrates")
  func integrator() {
    let model = DiagonalStateSpace(poles: [ComplexNumber(0)], output: [ComplexNumber(0.5)])
    #expect(isClose(model.response(to: [1, 1, -1, 4], step: 0.5), [0.5, 1, 0.5, 2.5], 1e-15))
  }
}

@Suite("Rational transfer functions")
struct RationalTransferFunctionTests {
  let filter = RationalTransferFunction(denominator: [-1.2, 0.5], numerator: [0.3, 0.1], feedthrough: 0.05)

  @Test("The kernel is the long division's, the response the difference equation's")
  func kernelAndResponse() {
    #expect(isClose(filter.kernel(length: 8), [0.05, 0.3, 0.46, 0.402, 0.2524, 0.10188, -0.003944, -0.0556728], 1e-15))
    let input = [-1.581, -0.199, 1.232, 0.468, -1.93, 1.137, -0.987, 0.362, -0.206, -0.93]
    let expected = [
      -0.07905, -0.48425, -0.72536, -0.334102, 0.1315776, -0.0229058799999999, -0.110995856, -0.1983970872, -0.22937357664,
      -0.226739748368,
    ]
    #expect(isClose(filter.response(to: input), expected, 1e-14))
  }

  @Test("On roots of unity the kernel is wrapped, and the corrected numerator gives the truncated one")
  func wrapping() {
    let wrapped = filter.wrappedKernel(length: 16)
    let long = filter.kernel(length: 16 * 40)
    for j in 0..<16 {
      let folded = stride(from: j, to: long.count, by: 16).reduce(0) { $0 + long[$1] }
      #expect(abs(wrapped[j] - folded) < 1e-13)
    }
    let corrected = filter.truncatingNumerator(length: 16)
    #expect(isClose(corrected, [-0.0027988641612544, 0.302975617045056, 0.1], 1e-14))
    // (c₀ + c₁ z⁻¹ + c₂ z⁻²)/a = c₀ + ((c₁ − c₀ a₁) z⁻¹ + (c₂ − c₀ a₂) z⁻²)/a.
    let truncating = RationalTransferFunction(
      denominator: filter.denominator, numerator: zip(corrected.dropFirst(), filter.denominator).map { $0 - corrected[0] * $1 },
      feedthrough: 0.05 + corrected[0])
    #expect(isClose(truncating.wrappedKernel(length: 16), filter.kernel(length: 16), 1e-13))
  }

  @Test("The value at i")
  func valueAtI() {
    let value = filter.value(at: ComplexNumber(0, 1))
    #expect(abs(value.real + 0.192603550295858) < 1e-14 && abs(value.imaginary + 0.0177514792899408) < 1e-14)
  }

  @Test("Stability agrees with the poles, of sixty denominators by the roots of their polynomials")
  func stability() {
    for index in 0..<60 {
      let t = Double(index)
      let denominator = [1.6 * sin(1.3 * t), 0.8 * sin(2.3 * t), 0.53 * sin(3.3 * t)]
      let radius = Polynomial.roots([1] + denominator).map(\.magnitude).max() ?? 0
      guard abs(radius - 1) > 1e-6 else { continue }
      let filter = RationalTransferFunction(denominator: denominator, numerator: [0, 0, 0])
      #expect(filter.isStable == (radius < 1), "denominator \(denominator)")
    }
    #expect(!RationalTransferFunction(denominator: [.nan], numerator: [1]).isStable)
    #expect(RationalTransferFunction(denominator: [], numerator: [], feedthrough: 2).isStable)
  }
}

@Suite("Sections of second order")
struct SecondOrderSectionTests {
  let first = SecondOrderSection(numerator: (0.3, 0.1, 0), p: 0.5493061443340549, q: -1.0986122886681098)
  let second = SecondOrderSection(numerator: (1, -0.5, 0.25), p: -0.2, q: 0.4)

  @Test("Parameters become coefficients, poles, zeros and gains")
  func coefficients() throws {
    #expect(abs(first.a1 + 1.2) < 1e-14 && abs(first.a2 - 0.5) < 1e-14)
    #expect(abs(first.poles[0].real - 0.6) < 1e-14 && abs(first.poles[0].imaginary - 0.14.squareRoot()) < 1e-14)
    #expect(abs(first.staticGain - 4 / 3) < 1e-12)
    #expect(abs(second.poles[0].real - 0.3172291) < 1e-7 && abs(second.poles[1].real + 0.6221855) < 1e-7)
    #expect(isClose(second.zeros.map(\.real), [0.25, 0.25], 1e-12))
    let again = try #require(SecondOrderSection(numerator: (0.3, 0.1, 0), a1: -1.2, a2: 0.5))
    #expect(abs(again.p - first.p) < 1e-12 && abs(again.q - first.q) < 1e-12)
    #expect(SecondOrderSection(numerator: (1, 0, 0), a1: 1.6, a2: 0.5) == nil)
    #expect(SecondOrderSection(numerator: (1, 0, 0), a1: 0, a2: .nan) == nil)
  }

  @Test("Whatever the parameters, the poles lie within the unit circle")
  func alwaysStable() {
    for p in stride(from: -6.0, through: 6, by: 1.5) {
      for q in stride(from: -6.0, through: 6, by: 1.5) {
        let section = SecondOrderSection(numerator: (1, 0, 0), p: p, q: q)
        #expect(section.poles.allSatisfy { $0.magnitude < 1 }, "p \(p), q \(q)")
      }
    }
  }

  @Test("Responses of a section and of a cascade, and the cascade's polynomials")
  func responses() {
    let impulse = [1.0, 0, 0, 0, 0, 0, 0, 0]
    #expect(isClose(first.response(to: impulse), [0.3, 0.46, 0.402, 0.2524, 0.10188, -0.003944, -0.0556728, -0.06483536], 1e-12))
    let cascade = SectionCascade([first, second])
    #expect(
      isClose(
        cascade.response(to: impulse), [0.3, 0.2185131, 0.2395756, 0.136469, 0.0818492, 0.0101912, -0.0151836, -0.0313431], 1e-7))
    let polynomials = cascade.polynomials
    #expect(isClose(polynomials.numerator, [0.3, -0.05, 0.025, 0.025, 0], 1e-12))
    // The long division of the polynomials gives the same answer.
    let whole = RationalTransferFunction(
      denominator: Array(polynomials.denominator.dropFirst()),
      numerator: (1...4).map { polynomials.numerator[$0] - polynomials.numerator[0] * polynomials.denominator[$0] },
      feedthrough: polynomials.numerator[0])
    #expect(isClose(whole.response(to: impulse), cascade.response(to: impulse), 1e-13))
  }

  @Test("Sensitivities are the central differences")
  func sensitivities() {
    let input = (0..<30).map { cos(0.7 * Double($0 * $0)) }
    let found = first.sensitivities(to: input)
    func difference(_ change: (inout SecondOrderSection, Double) -> Void) -> [Double] {
      let step = 1e-6
      var (up, down) = (first, first)
      change(&up, step)
      change(&down, -step)
      return zip(up.response(to: input), down.response(to: input)).map { ($0 - $1) / (2 * step) }
    }
    #expect(isClose(found.p, difference { $0.p += $1 }, 1e-7))
    #expect(isClose(found.q, difference { $0.q += $1 }, 1e-7))
    #expect(isClose(found.b[0], difference { $0.numerator.0 += $1 }, 1e-8))
    #expect(isClose(found.b[1], difference { $0.numerator.1 += $1 }, 1e-8))
    #expect(isClose(found.b[2], difference { $0.numerator.2 += $1 }, 1e-8))
  }

  @Test("Another frame rate keeps the poles' times and the gain")
  func resampling() throws {
    let half = try #require(first.resampled(stepFactor: 0.5))
    #expect(abs(half.a1 + 1.616853) < 1e-6 && abs(half.a2 - 0.5.squareRoot()) < 1e-12)
    #expect(abs(half.staticGain - first.staticGain) < 1e-12)
    let back = try #require(half.resampled(stepFactor: 2))
    #expect(abs(back.a1 - first.a1) < 1e-12 && abs(back.a2 - first.a2) < 1e-12)
    #expect(second.resampled(stepFactor: 0.5) == nil)
    #expect(second.resampled(stepFactor: 2) != nil)
  }

  @Test("Poles near the circle stay where a polynomial in single precision would lose them")
  func narrowPoles() {
    let poles = [(0.995, 0.02), (0.99, 0.05), (0.99, 0.08), (0.985, 0.11)]
    let sections = poles.compactMap { radius, angle in
      SecondOrderSection(numerator: (1, 0, 0), a1: -2 * radius * cos(angle), a2: radius * radius)
    }
    #expect(sections.count == 4)
    for (section, (radius, _)) in zip(sections, poles) { #expect(abs(section.poles[0].magnitude - radius) < 1e-9) }
    let rounded = SectionCascade(sections).polynomials.denominator.map { Double(Float($0)) }
    #expect((Polynomial.roots(rounded).map(\.magnitude).max() ?? 0) > 1)
  }
}
