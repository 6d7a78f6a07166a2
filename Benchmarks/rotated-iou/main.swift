// Reads pairs of oriented boxes, ten numbers a line (cx cy w h angle of each), and prints their intersection over union with every digit.
// Benchmarks/evaluation-other/compare_boxes.py compares it with shapely.

import Geometry

func box(_ v: ArraySlice<Double>) -> OrientedBox {
  let v = Array(v)
  return OrientedBox(center: Point(v[0], v[1]), width: v[2], height: v[3], angle: v[4])
}

var lineNumber = 0
while let line = readLine() {
  lineNumber += 1
  let numbers = line.split(separator: " ").compactMap { Double($0) }
  guard numbers.count == 10 else {
    print("line \(lineNumber) has \(numbers.count) numbers where ten are needed")
    break
  }
  print(box(numbers[0..<5]).iou(with: box(numbers[5..<10])))
}
