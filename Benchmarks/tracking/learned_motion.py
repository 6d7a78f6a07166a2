"""Learned motions in the tracker: what they expect, and what HOTA they give, on sequences that they did not see.

    python3 Benchmarks/tracking/learned_motion.py SEXTANT ../shared/data FOLDER [--only kitti|uavdt]

The sequences of a collection are dealt out in two halves by turns. A motion is trained on the truth of one half (`sextant train motion`, 8
rows seen and 10 expected; of the half every fourth sequence chooses) and used on the other. Then the tracker follows KITTI's PointRCNN cars,
and UAVDT's true boxes with a score of 0.9 (every fifth frame), by each rung, and `sextant evaluate tracks` scores all sequences together.
"""

import argparse
import os
import shutil
import subprocess

from frame_loss import COLLECTIONS, evaluate, run_sextant, write_truth

RUNGS = ("kalman", "noise", "linear", "kan", "memory")


def train(options, collection, half, sequences, folder):
    """The motions of a half, and the table that the program prints."""
    truth = f"{folder}/tracks"
    os.makedirs(truth, exist_ok=True)
    paths = []
    for name, _, _, lines in sequences:
        path = f"{truth}/{name}.txt"
        with open(path, "w") as file:
            for frame in sorted(lines):
                # What no detector is asked for has no motion to learn.
                file.writelines(line for line in lines[frame] if "DontCare" not in line)
        paths.append(path)
    rungs = f"{folder}/rungs{half}"
    os.makedirs(rungs, exist_ok=True)
    run = subprocess.run(
        [options.program, "train", "motion", "--tracks", *paths, "--fps", str(COLLECTIONS[collection]["fps"]), "--observed", "8",
         "--predicted", "10", "-o", f"{rungs}/best.json", "--rungs", rungs, "--overwrite"],
        check=True, capture_output=True, text=True)
    return rungs, run.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--only", choices=list(COLLECTIONS))
    options = parser.parse_args()
    for collection, settings in COLLECTIONS.items():
        if options.only not in (None, collection):
            continue
        sequences = list(settings["read"](options.data))
        halves = sequences[0::2], sequences[1::2]
        folder = f"{options.folder}/{collection}"
        shutil.rmtree(folder, ignore_errors=True)
        nothing = {name: set() for name, *_ in sequences}
        write_truth(f"{folder}/truth", sequences, nothing)
        motions = []
        for half in (0, 1):
            rungs, table = train(options, collection, half, halves[half], folder)
            motions.append(rungs)
            print(f"\n{collection}, learned from half {half + 1}\n\n{table}", flush=True)
        print(f"\n{collection}, motions of the other half\n\n| motion | HOTA | IDF1 | IDSW |\n|---|---|---|---|")
        for motion in ("default", *RUNGS, "best"):
            for half in (0, 1):
                extra = [] if motion == "default" else ["--motion", f"{motions[1 - half]}/{motion}.json"]
                run_sextant(options.program, f"{folder}/{motion}", halves[half], nothing, settings["fps"], extra)
            figures = evaluate(options.program, f"{folder}/truth", f"{folder}/{motion}", sequences, settings["evaluate"])
            print("| {} | {:.2f} | {:.2f} | {} |".format(motion, *figures), flush=True)


if __name__ == "__main__":
    main()
