import Splines

/// A map whose rows are sums of a linear part, a constant and edges, each of one source.
public struct LearnedMap: Sendable, Hashable, Codable {
  /// One edge: the row that it adds to and the source that it reads.
  public struct Link: Sendable, Hashable, Codable {
    /// The number of the row that it adds to, from 0.
    public var row: Int
    /// The number of the source that it reads, from 0.
    public var source: Int
    /// The curve between them.
    public var edge: Edge

    /// An edge from a source to a row, both numbers from 0.
    public init(row: Int, source: Int, edge: Edge) {
      self.row = row
      self.source = source
      self.edge = edge
    }
  }

  /// rows × (sources + 1); the last column is the constant.
  public var linear: Matrix
  /// Which numbers of the linear part are learned.
  public var isFree: [Bool]
  /// The edges, in the order of the parameters.
  public var links: [Link]

  /// - Parameters:
  ///   - linear: rows × (sources + 1); the last column is the constant.
  ///   - isFree: One flag a number of `linear`, row by row.
  ///   - links: The edges, between rows and sources that exist.
  public init(linear: Matrix, isFree: [Bool], links: [Link] = []) {
    precondition(isFree.count == linear.values.count, "every number of the linear part is free or not")
    self.linear = linear
    self.isFree = isFree
    self.links = links
  }

  /// The number of values that the map gives.
  public var rows: Int { linear.rows }
  /// The number of values that it reads.
  public var sources: Int { linear.columns - 1 }
  /// The places of the learned numbers of the linear part.
  var freePlaces: [Int] { isFree.indices.filter { isFree[$0] } }

  /// Whether the file's sizes agree with each other.
  var isConsistent: Bool {
    linear.rows >= 0 && linear.columns >= 1 && linear.values.count == linear.rows * linear.columns && linear.isFinite
      && isFree.count == linear.values.count
      && links.allSatisfy { (0..<rows).contains($0.row) && (0..<sources).contains($0.source) }
  }
}
