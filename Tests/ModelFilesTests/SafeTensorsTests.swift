import ModelFiles
import Testing

@Suite struct SafeTensorsTests {
  private func file(_ header: String, body: [UInt8]) -> FileBytes {
    var bytes: [UInt8] = []
    UInt64(header.utf8.count).append(to: &bytes)
    return FileBytes(name: "a.safetensors", bytes: bytes + Array(header.utf8) + body)
  }

  @Test func readsWhatItWrote() throws {
    let tensors = [
      "weight": try Tensor(shape: [2, 2], [1, -2, 3.5, 0] as [Float]), "steps": Tensor(scalar: Int64(7)),
      "half": Tensor(list: [BFloat16(1.5)]), #"a "name": {\"#: Tensor(scalar: Int64(8)),
      "empty": try Tensor(shape: [0, 3], [] as [UInt8]),
    ]
    let written = try SafeTensors(tensors: tensors, metadata: ["format": "pt"]).bytes()
    let read = try SafeTensors(FileBytes(name: "a", bytes: written))
    #expect(read.tensors == tensors)
    #expect(read.metadata == ["format": "pt"])
  }

  @Test func readsAFileWrittenByHand() throws {
    let read = try SafeTensors(file(#"{"a":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}}"#, body: [1, 0, 255, 255]))
    #expect(read.tensors["a"] == Tensor(list: [1, -1] as [Int16]))
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4000]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, #"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#, #"{"a":{"dtype":"F32","shape":[9223372036854775807,2]}}"#,
    #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "{", "[]",
  ])
  func refusesHeadersThatLie(header: String) {
    #expect(throws: ModelFileError.self) { try SafeTensors(file(header, body: [1, 2, 3, 4])) }
  }

  @Test func refusesALengthBeyondTheFile() {
    #expect(throws: ModelFileError.self) { try SafeTensors(FileBytes(name: "a", bytes: [255, 255, 255, 255, 255, 255, 255, 127])) }
  }
}
