/// What a format can say about a box beyond where it is and in which frame.
enum BoxColumn: String, CaseIterable {
  case orientation = "the boxes' angles (upright hulls are written)"
  case identity = "identities"
  case confidence = "confidences"
  case rawScore = "scores before their conversion to probabilities"
  case className = "classes"
  case considered = "the flags of rows that do not count"
  case difficult = "the flags of difficult or crowd boxes"
  case visibility = "visibilities"
  case truncation = "truncations"
  case occlusion = "occlusions"
  case spatial = "boxes in space"
  case worldPosition = "world positions"
  case corners = "corners that are no exact rectangle's"
  case area = "annotated areas"
  case centerCovariance = "covariances of the centres"
  case image = "the images' names"
}
