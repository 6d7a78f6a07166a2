import ArgumentParser
import Foundation
import Geometry
import Imaging
import PictureTraining
import Pipeline
import Video

/// `sextant train embedder`: a network that tells objects apart by their looks, from annotated tracks and pictures.
struct TrainEmbedderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embedder",
    abstract: "Train a network that tells objects apart by their looks.",
    discussion: """
      It learns from films with tracks: each film, a.mp4, has its truth beside it, a.txt, boxes with identities in any format that 'evaluate' reads. \
      Two crops of one identity are to be near each other, and far from those of all others. Every fifth film is held out, of fewer than five the last. Annotated pictures \
      (--data, as for 'train detector') have no identities: there the two crops are the same box, moved, turned and shaded in two ways. Measured on \
      what is held out is how often the crop that is nearest to a crop is of the same object (rank 1), and how likely two crops of one object are more alike than \
      two of different ones (the area under the ROC), beside the same of '--appearance stripes'.

      Written are NAME.onnx, which 'track --appearance' and '--examples' take, a card NAME.md, a report NAME.html, a log NAME.log.jsonl, and \
      NAME.checkpoint, from which --resume goes on. docs/appearance.md tells the rest.

      examples:
        sextant train embedder --tracks films/*.mp4 -o models/looks
        sextant train embedder --tracks films/*.mp4 --data thermal --format dota --turn 180 -o models/looks
        sextant track street.mp4 --detector yolox_nano.onnx --appearance models/looks.onnx -o tracks.ndjson
      """)

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Films with their tracks of truth beside them.", valueName: "films"),
    completion: .file())
  var tracks: [String] = []

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Folders of pictures and labels.", valueName: "folders"), completion: .directory)
  var data: [String] = []

  @OptionGroup var labels: PictureLabelOptions

  @Option(help: ArgumentHelp("Crops are taken of every so many frames of a film: neighbours teach little.", valueName: "n"))
  var every = 5

  @OptionGroup var training: TrainingOptions

  func run() throws {
    try ExitStatus.reporting {
      guard !tracks.isEmpty || !data.isEmpty else {
        throw CommandError.usage("there is nothing to learn from: give films with --tracks, or pictures with --data")
      }
      if data.isEmpty { try labels.refuseAny() }
      let step = try OptionCheck.value(every, of: "--every", in: 1...100_000, unit: "frames")
      let files = try training.files()
      let recipe = try training.recipe(usualSide: 64, usualBatch: 16)
      try tracks.forEach(FilmTruth.check)
      let paths = tracks.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
      if let twice = Dictionary(grouping: paths, by: { $0 }).first(where: { $1.count > 1 })?.key {
        throw CommandError.usage("the film \(twice) is given twice, and would be learned from and measured on: give it once")
      }
      var albums = EmbedderAlbums(side: recipe.side)
      try albums.add(films: tracks, step: step)
      for folder in data { try albums.add(folder: folder, options: labels.options(folder: folder)) }
      tell(albums)
      try training.train(
        EmbedderTask(training: albums.training, validation: albums.validation, recipe: recipe), recipe, files)
    }
  }

  private func tell(_ albums: EmbedderAlbums) {
    albums.sentences.forEach(StandardError.say)
    guard !training.quiet else { return }
    func text(_ album: ObjectAlbum) -> String {
      "\(album.viewCount) crops of \(album.objectCount) objects in \(album.sceneCount) pictures"
    }
    StandardError.say("learning from \(text(albums.training)); held out are \(text(albums.validation))")
  }
}

/// What an embedder learns from and is measured on, read from films and folders of pictures.
private struct EmbedderAlbums {
  var training: ObjectAlbum
  var validation: ObjectAlbum
  /// What is odd about them.
  var sentences: [String] = []

  init(side: Int) { (training, validation) = (ObjectAlbum(side: side), ObjectAlbum(side: side)) }

  mutating func add(films: [String], step: Int) throws {
    for (number, film) in films.enumerated() {
      let part = HeldOutFilms.contains(number, of: films.count) ? \EmbedderAlbums.validation : \EmbedderAlbums.training
      let before = self[keyPath: part].viewCount
      let truth = try FilmTruth(film)
      self[keyPath: part].begin(film, isFilm: true)
      let source = try VideoSources.open(film)
      while let item = try source.next() {
        guard case .frame(let frame) = item, frame.ordinal % step == 0 else { continue }
        // Boxes of nobody tell no two crops to be of one object.
        let rows = truth.rows(of: frame.ordinal).filter { !truth.isIgnored($0) }.compactMap { row in
          truth.identity(row).map { (id: $0, box: truth.table.orientedBox(row)) }
        }
        guard !rows.isEmpty else { continue }
        try self[keyPath: part].add(frame.colorImage(), rows, time: frame.seconds)
      }
      if self[keyPath: part].viewCount == before {
        sentences.append(
          "\(film): none of the \(truth.table.count) boxes of its truth has an identity and is of a frame that is looked at, so nothing is learned of it"
        )
      }
    }
  }

  mutating func add(folder: String, options: DetectorData.Options) throws {
    let store = PictureStore()
    let found = try DetectorData(folder: folder, options: options, store: store)
    sentences += found.notes.sentences
    for (part, pictures) in [(\EmbedderAlbums.training, found.training), (\.validation, found.validation)] {
      self[keyPath: part].begin(folder, isFilm: false)
      for picture in pictures {
        let boxes = picture.boxes.filter { !$0.isIgnored }
        guard !boxes.isEmpty else { continue }
        try self[keyPath: part].add(try store.picture(picture), boxes.map { (-1, $0.box) }, time: 0)
      }
    }
  }
}
