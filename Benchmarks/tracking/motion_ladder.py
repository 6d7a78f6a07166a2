"""From Kalman's filter to a KAN: how each rung expects boxes of sequences that chose nothing.

    python3 Benchmarks/tracking/motion_ladder.py SEXTANT ../shared/data FOLDER [--only kitti|uavdt]

The sequences of a collection are dealt out to four parts by turns. Four times `sextant train motion` learns from two parts, a third one chooses
the curves' smoothness, and the fourth is measured: so every sequence is measured once, by motions that have not seen it. KITTI's cars (10 Hz)
are filtered as PointRCNN detected them, matched to the truth; UAVDT (30 Hz) has no detections, and its annotated boxes, whole pixels, stand for
them. The figures of the four parts are joined by their numbers of forecasts.
"""

import argparse
import collections
import glob
import math
import os
import re
import subprocess

PARTS = 4
RUNGS = ("kalman", "noise", "linear", "kan", "memory")
CELL = re.compile(r"(\d+): (\d+) ([\d.]+) ([\d.]+) +([\d.]+) % +([\d.]+) %")
INNOVATION = re.compile(r"NIS/2 ([\d.]+) of (\d+)")


def collections_of(data):
    kitti = sorted(glob.glob(f"{data}/kitti-tracking/label_02/*.txt.gz"))
    uavdt = sorted(glob.glob(f"{data}/uavdt/gt/*.txt.gz"))
    return {
        "kitti": (kitti, ["--fps", "10", "--detections", f"{data}/kitti-tracking/det/car"]),
        "uavdt": (uavdt, ["--fps", "30"]),
    }


def measure(program, output, files, options, part):
    """The program's table for one part."""
    parts = [files[number::PARTS] for number in range(PARTS)]
    training = [path for number in range(PARTS) if number not in (part, (part + 1) % PARTS) for path in parts[number]]
    run = subprocess.run(
        [program, "train", "motion", "--tracks", *training, "--hold-out", *parts[(part + 1) % PARTS], "--test", *parts[part],
         "--observed", "8", "--predicted", "10", "-o", output, "--overwrite", *options],
        check=True, capture_output=True, text=True)
    return run.stdout


class Sums:
    """The figures of a rung, joined."""

    def __init__(self):
        self.ahead = collections.defaultdict(lambda: [0, 0.0, 0.0, 0.0, 0.0])
        self.innovation = [0, 0.0]

    def add(self, line):
        for frames, count, overlap, error, truth, detected in CELL.findall(line):
            sums, weight = self.ahead[int(frames)], int(count)
            for index, value in enumerate((1, float(overlap), float(error) ** 2, float(truth), float(detected))):
                sums[index] += weight * value
        value, count = INNOVATION.search(line).groups()
        self.innovation[0] += int(count)
        self.innovation[1] += int(count) * float(value)

    def cells(self):
        yield f"{self.innovation[1] / self.innovation[0]:.2f}"
        for sums in (self.ahead[frames] for frames in sorted(self.ahead)):
            yield "{:.3f} / {:.3f} / {:.1f} / {:.1f}".format(
                sums[1] / sums[0], math.sqrt(sums[2] / sums[0]), sums[3] / sums[0], sums[4] / sums[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--only", choices=["kitti", "uavdt"])
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for name, (files, extra) in collections_of(options.data).items():
        if options.only not in (None, name):
            continue
        sums = {rung: Sums() for rung in RUNGS}
        for part in range(PARTS):
            table = measure(options.program, f"{options.folder}/{name}{part}.json", files, extra, part)
            print(f"\n{name}, part {part + 1}\n\n{table}", flush=True)
            for line in table[table.index("\nboxes of the") + 1:].splitlines():
                rung = line.split()[0] if line.split() else ""
                if rung in sums and CELL.search(line):
                    sums[rung].add(line)
        print(f"\n{name}: NIS/2; IoU / RMSE in sides / true / detected centres in 90 % ellipses\n\n| rung | NIS/2 | 1 frame | 5 | 10 |")
        print("|---" * 5 + "|")
        for rung in RUNGS:
            print(f"| {rung} | " + " | ".join(sums[rung].cells()) + " |", flush=True)


if __name__ == "__main__":
    main()
