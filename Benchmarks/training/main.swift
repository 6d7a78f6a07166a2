/// training digits [NAME …] [--steps N] [--seeds N] [--threads N]
/// training unet [--base N] [--batch N] [--side N] [--steps N] [--threads N] [--list]
var arguments = Array(CommandLine.arguments.dropFirst())

@MainActor func option(_ name: String, _ standard: Int) -> Int {
  guard let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count, let value = Int(arguments[place + 1]) else {
    return standard
  }
  arguments.removeSubrange(place...place + 1)
  return value
}

let threads = option("threads", 1)
switch arguments.first {
case "digits":
  let proof = DigitProof(steps: option("steps", 2000), seeds: option("seeds", 3), threads: threads)
  try proof.run(Array(arguments.dropFirst()))
case "unet":
  let isListed = arguments.contains("--list")
  try UNetSpeed(
    base: option("base", 32), batch: option("batch", 4), side: option("side", 512), steps: option("steps", 20), threads: threads,
    listsSteps: isListed
  ).run()
default: print("training digits [NAME …] | training unet")
}
