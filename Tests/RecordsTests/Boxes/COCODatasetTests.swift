import Geometry
import Testing

@testable import Records

@Suite struct COCODatasetTests {
  private static let annotations = """
    {"info":{},"images":[{"id":7,"file_name":"a/first.jpg","width":30,"height":40},{"id":3,"file_name":"second.png","width":5,"height":4}],
     "categories":[{"id":18,"name":"dog"},{"id":1,"name":"person"}],
     "annotations":[
      {"id":100,"image_id":3,"category_id":1,"bbox":[1,2,3.5,4],"area":9.5,"iscrowd":0,"segmentation":[[1,2,4.5,2,4.5,6]]},
      {"id":101,"image_id":7,"category_id":18,"bbox":[0,0,30,40],"area":328,"iscrowd":1,
       "segmentation":{"size":[40,30],"counts":"01n7:mH4M2N2N2N2O000000000001N2N2N2N3L[8"}},
      {"id":102,"image_id":7,"category_id":18,"iscrowd":0,"segmentation":{"size":[2,3],"counts":[2,3,1]}}]}
    """

  private func read(_ text: String, truth: COCODataset? = nil) throws -> COCODataset {
    try COCODataset.read(bytes: Array(text.utf8), name: "c.json", truth: truth, keepsSegmentations: true)
  }

  @Test func readsAnnotations() throws {
    let dataset = try read(Self.annotations)
    let table = dataset.table
    #expect(table.images == ["first", "second"])
    #expect(dataset.imageIDs == [7, 3])
    #expect(table.frames == [1, 0, 0])
    #expect(table.classes == ["dog", "person"] && table.classNumbers == [18, 1])
    #expect(table.classIndices == [1, 0, 0])
    #expect(table.axisBoxes[0] == AxisBox(left: 1, top: 2, width: 3.5, height: 4))
    #expect(table.difficult == [false, true, false])
    #expect(table.areas == [9.5, 328, 4])
    #expect(dataset.segmentations[0] == .polygons([[Point(1, 2), Point(4.5, 2), Point(4.5, 6)]]))
    // The third annotation has no box; its mask's pixels are columns 1 (both rows) and 2 (first row).
    #expect(table.axisBoxes[2] == AxisBox(left: 1, top: 0, width: 2, height: 2))
  }

  @Test func readsResultsOfATruth() throws {
    let truth = try read(Self.annotations)
    let result = try read(#"[{"image_id":3,"category_id":18,"bbox":[1,2,3,4],"score":0.25}]"#, truth: truth)
    #expect(result.table.frames == [1])
    #expect(result.table.className(0) == "dog")
    #expect(result.table.confidences == [0.25])
  }

  @Test(arguments: [
    ("{}", "without a list \"annotations\""), ("3", "neither COCO annotations"), ("[", "cannot use c.json"),
    (#"[{"image_id":1}]"#, "result 0 has no integer \"category_id\""),
    (#"[{"image_id":1,"category_id":1,"bbox":[1,2,3]}]"#, "result 0 has no \"bbox\""),
    (#"[{"image_id":1,"category_id":1,"bbox":[1,2,-3,4]}]"#, "result 0 has no \"bbox\""),
    (#"[{"image_id":1,"category_id":1,"bbox":["a",2,3,4]}]"#, "result 0 has no \"bbox\""),
    (#"[{"image_id":1,"category_id":1,"bbox":[1,2,3,4,null]}]"#, "result 0 has no \"bbox\""),
    (#"{"images":[{"id":1},{"id":1}],"annotations":[]}"#, "two images have the id 1"),
    (#"[{"image_id":1,"category_id":1,"segmentation":{"size":[2,2],"counts":[9]}}]"#, "no run-length mask"),
    (#"[{"image_id":1,"category_id":1,"segmentation":5}]"#, "neither polygons nor a run-length mask"),
  ])
  func namesWhatIsWrong(text: String, reason: String) {
    let error = #expect(throws: RecordsError.self) { try read(text) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func runLengthMasksGoIntoTheTableAndOtherSegmentationsAreToldAsLeftOut() throws {
    let text = #"""
      {"images":[{"id":1,"file_name":"a.png","width":4,"height":3}],"categories":[{"id":1,"name":"car"}],"annotations":[
      {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"segmentation":[]},
      {"id":2,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"segmentation":{"size":[3,4],"counts":[2,4,6]}},
      {"id":3,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"segmentation":[[0,0,2,0,2,2]]},
      {"id":4,"image_id":1,"category_id":1,"bbox":[0,0,2,2],"segmentation":"abc"}]}
      """#
    let options = BoxTableReader.Options(format: .coco, keepsCorners: true)
    let table = try BoxTableReader.read(bytes: Array(text.utf8), name: "t", options: options)
    #expect(table.count == 4 && table.masks.map { $0?.area } == [nil, 4, nil, nil])
    #expect(table.leftOut == ["2 segmentations that are no run-length masks"])
    #expect(table.losses(writing: .csv).contains(ConversionLoss("csv has no place for masks")))
    let broken = text.replacing("[2,4,6]", with: "[2,4,7]")
    #expect(throws: RecordsError.self) { try BoxTableReader.read(bytes: Array(broken.utf8), name: "t", options: options) }
  }

  @Test func refusesResultsForAnUnknownImage() throws {
    let truth = try read(Self.annotations)
    #expect(throws: RecordsError.self) { try read(#"[{"image_id":4,"category_id":18,"bbox":[1,2,3,4]}]"#, truth: truth) }
  }
}
