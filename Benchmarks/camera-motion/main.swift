// Accuracy and speed of the camera's motion.
//
//   camera-motion pairs FOLDER            the pairs of oxford-affine: mean corner error by features
//   camera-motion light FOLDER            the same pairs with the second picture in other light: how many are solved, refused, wrong
//   camera-motion frames FOLDER           a video's frames as PNG or JPEG: statuses, and what is left when the motion is taken out
//   camera-motion moving PICTURE [COUNT]  a camera that moves over a picture: error against the truth and time per frame

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "pairs" where arguments.count == 2:
  try WideBaselinePairs(folder: arguments[1]).run()
case "light" where arguments.count == 2:
  try WideBaselinePairs(folder: arguments[1]).runInOtherLight()
case "moving" where arguments.count >= 2:
  try MovingCamera(picture: arguments[1], count: arguments.count > 2 ? Int(arguments[2]) ?? 300 : 300).run()
case "frames" where arguments.count >= 2:
  try RealFrames(folder: arguments[1], isVerbose: arguments.count > 2).run()
default:
  print("usage: camera-motion pairs FOLDER | light FOLDER | frames FOLDER [verbose] | moving PICTURE [COUNT]")
}
