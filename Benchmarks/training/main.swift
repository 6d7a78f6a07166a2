/// training digits [NAME …] [--steps N] [--seeds N] [--threads N] [--bf16] [--list]
/// training streets FOLDER CHECKPOINT [--steps N] [--threads N]
/// training hybrid [--batch N] [--side N] [--steps N] [--threads N] [--bf16] [--list]
/// training unet [--base N] [--batch N] [--side N] [--steps N] [--threads N] [--bf16] [--list]
import NetworkPrograms

var arguments = Array(CommandLine.arguments.dropFirst())

@MainActor func option(_ name: String, _ standard: Int) -> Int {
  guard let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count, let value = Int(arguments[place + 1]) else {
    return standard
  }
  arguments.removeSubrange(place...place + 1)
  return value
}

@MainActor func flag(_ name: String) -> Bool {
  guard let place = arguments.firstIndex(of: "--" + name) else { return false }
  arguments.remove(at: place)
  return true
}

let threads = option("threads", 1)
let isListed = flag("list")
let type = flag("bf16") ? ProgramType.bf16 : .f32
switch arguments.first {
case "digits":
  let proof = DigitProof(
    steps: option("steps", 2000), seeds: option("seeds", 3), threads: threads, type: type, listsSteps: isListed)
  try proof.run(Array(arguments.dropFirst()))
case "unet":
  let net = UNet(base: option("base", 32), classes: 12)
  let measured = net.measured(batch: option("batch", 4), side: option("side", 512))
  try StepSpeed(steps: option("steps", 20), threads: threads, type: type, listsSteps: isListed).run(measured)
case "hybrid":
  let measured = Hybrid(classes: 10).measured(batch: option("batch", 8), side: option("side", 256))
  try StepSpeed(steps: option("steps", 20), threads: threads, type: type, listsSteps: isListed).run(measured)
case "streets":
  let steps = option("steps", 2000)
  if arguments.count > 2 {
    try StreetProof(folder: arguments[1], steps: steps, threads: threads, checkpoint: arguments[2]).run()
  } else {
    print("training streets FOLDER CHECKPOINT")
  }
default: print("training digits [NAME …] | training unet | training hybrid | training streets FOLDER CHECKPOINT")
}
