public import ModelFiles

/// A fixed argument of an operation.
public enum Attribute: Sendable {
  case float(Float), integer(Int64), string(String), tensor(Tensor), graph(Graph)
  case floats([Float]), integers([Int64]), strings([String])
}
