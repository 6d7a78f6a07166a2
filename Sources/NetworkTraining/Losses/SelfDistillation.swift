internal import NetworkGraph

/// Losses of a student that learns from a slower copy of itself. No gradient flows to the teacher.
extension GraphBuilder {
  /// H(t, s) = −Σ softmax((t − c)/τ_t) ln softmax(s/τ_s) along the last axis, which is kept with one place (Caron et al. 2021, "DINO", section 3.1).
  ///
  /// - Parameters:
  ///   - center: c, which broadcasts to the teacher; it is subtracted before the division. Without it all outputs become one class, with a
  ///     teacher's temperature that is too high all classes become equal.
  public mutating func centredEntropy(
    teacher: Int, student: Int, center: Int, teacherTemperature: Double, studentTemperature: Double
  ) -> Int {
    let last: [String: Attribute] = ["axis": .integer(-1)]
    let logits = multiply(subtract(stopGradient(teacher), stopGradient(center)), number: 1 / teacherTemperature)
    let shares = one("Softmax", [logits], last)
    let logarithms = one("LogSoftmax", [multiply(student, number: 1 / studentTemperature)], last)
    return negative(sum(multiply(shares, logarithms), axes: [-1]))
  }

  /// The mean of H(tᵢ, sⱼ) over the batch and over all pairs of different views i ≠ j (Caron et al. 2021, equation 3).
  ///
  /// - Parameters:
  ///   - teachers: The teacher's outputs for the first views, [batch, K] each.
  ///   - students: The student's for all views, the first ones in the same order.
  ///   - center: c, [K]; the next one is `movedCenter`.
  public mutating func selfDistillation(
    teachers: [Int], students: [Int], center: Int, teacherTemperature: Double = 0.04, studentTemperature: Double = 0.1
  ) throws -> Int {
    var terms: [Int] = []
    for (place, teacher) in teachers.enumerated() {
      for (other, student) in students.enumerated() where other != place {
        terms.append(
          mean(
            centredEntropy(
              teacher: teacher, student: student, center: center, teacherTemperature: teacherTemperature,
              studentTemperature: studentTemperature)))
      }
    }
    guard !terms.isEmpty else { throw TrainingError("Self-distillation needs two views at least, of which the teacher sees one.") }
    return multiply(terms.dropFirst().reduce(terms[0]) { add($0, $1) }, number: 1 / Double(terms.count))
  }

  /// c' = mix(c, mean of the teacher's outputs over everything but the last axis, 1 − momentum) (Caron et al. 2021, equation 4).
  ///
  /// - Parameter teachers: All of one shape, [batch, K] or [batch, patches, K], `axes` of them before K.
  public mutating func movedCenter(_ center: Int, teachers: [Int], axes: Int = 1, momentum: Double = 0.9) throws -> Int {
    let means = teachers.map { mean($0, axes: Array(0..<axes), keepsAxes: false) }
    guard let first = means.first else { throw TrainingError("A centre moves to the outputs of one view at least.") }
    let total = means.dropFirst().reduce(first) { add($0, $1) }
    return mix(center, multiply(total, number: 1 / Double(means.count)), constant(1 - momentum))
  }

  /// Σ mᵢ H(tᵢ, sᵢ)/Σ mᵢ over the patches of each sample, and the mean over samples: the student sees them masked, the teacher whole (Zhou et al.
  /// 2022, "iBOT", equation 2). A sample without a masked patch adds zero.
  ///
  /// - Parameters:
  ///   - teacher: [batch, patches, K]; the student likewise.
  ///   - masks: m, zero or one, [batch, patches].
  ///   - center: Of the patches, not that of the whole pictures; [K].
  public mutating func patchDistillation(
    teacher: Int, student: Int, masks: Int, center: Int, patches: Int, teacherTemperature: Double = 0.04,
    studentTemperature: Double = 0.1
  ) -> Int {
    let entropies = centredEntropy(
      teacher: teacher, student: student, center: center, teacherTemperature: teacherTemperature,
      studentTemperature: studentTemperature)
    return maskedMean(entropies, masks, patches: patches)
  }

  /// Squared errors of predicted features over the masked patches of each sample, the mean over features and samples (Wei et al. 2022,
  /// "MaskFeat", section 3.2); targets by `OrientedGradients`.
  ///
  /// - Parameters:
  ///   - predictions: [batch, patches, features]; the targets likewise.
  ///   - masks: Zero or one, [batch, patches].
  public mutating func maskedFeatures(_ predictions: Int, _ targets: Int, masks: Int, patches: Int) -> Int {
    let difference = subtract(predictions, targets)
    return maskedMean(mean(multiply(difference, difference), axes: [-1]), masks, patches: patches)
  }

  /// The mean of [batch, patches, 1] over masked patches, then over samples.
  private mutating func maskedMean(_ values: Int, _ masks: Int, patches: Int) -> Int {
    let chosen = sum(multiply(reshape(values, [-1, patches]), masks), axes: [1])
    // Masks are zero or one: a sum below one is zero.
    let count = one("Max", [sum(masks, axes: [1]), constant(1)])
    return mean(divide(chosen, count))
  }
}
