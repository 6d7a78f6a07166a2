"""From Kalman's filter to a KAN: how each rung expects boxes of sequences that chose nothing.

    python3 Benchmarks/tracking/motion_ladder.py SEXTANT ../shared/data FOLDER [--only kitti|uavdt|synthetic]

The sequences of a collection are dealt out to four parts by turns. Four times `sextant train motion` learns from two parts, a third one chooses
the curves' smoothness, and the fourth is measured: so every sequence is measured once, by motions that have not seen it. KITTI's cars (10 Hz)
are filtered as PointRCNN detected them, matched to the truth; UAVDT (30 Hz) has no detections, and its annotated boxes, whole pixels, stand for
them. The figures of the four parts are joined by their numbers of forecasts. Made-up scenes (four presets, 10 Hz, 12 s) are learned from with
seed 1, seed 2 chooses and seed 3 is measured; what the filter sees are the true boxes, each moved by a normal error of a fortieth of its mean
side, with the camera's true motion taken off.
"""

import argparse
import collections
import glob
import math
import os
import random
import re
import shutil
import subprocess

PARTS = 4
RUNGS = ("kalman", "noise", "linear", "kan", "memory")
CELL = re.compile(r"(\d+): (\d+) ([\d.]+) ([\d.]+) +([\d.]+) % +([\d.]+) %")
PRESETS = ("aerial", "crossing", "fixed", "traffic")
SEEDS = (1, 2, 3)
INNOVATION = re.compile(r"NIS/2 ([\d.]+) of (\d+)")


def collections_of(data):
    kitti = sorted(glob.glob(f"{data}/kitti-tracking/label_02/*.txt.gz"))
    uavdt = sorted(glob.glob(f"{data}/uavdt/gt/*.txt.gz"))
    return {
        "kitti": (kitti, ["--fps", "10", "--detections", f"{data}/kitti-tracking/det/car"]),
        "uavdt": (uavdt, ["--fps", "30"]),
    }


def of_part(files, part):
    """What is learned from, what chooses and what is measured."""
    parts = [files[number::PARTS] for number in range(PARTS)]
    training = [path for number in range(PARTS) if number not in (part, (part + 1) % PARTS) for path in parts[number]]
    return training, parts[(part + 1) % PARTS], parts[part]


def measure(program, output, options, training, held_out, test):
    """The program's table."""
    run = subprocess.run(
        [program, "train", "motion", "--tracks", *training, "--hold-out", *held_out, "--test", *test,
         "--observed", "8", "--predicted", "10", "-o", output, "--overwrite", *options],
        check=True, capture_output=True, text=True)
    return run.stdout


def synthetic(program, folder):
    """Makes the scenes; their files of tracks by seed, and the options that go with them."""
    tracks = {seed: [] for seed in SEEDS}
    for name in ("tracks", "detections", "cameras"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    for seed in SEEDS:
        for preset in PRESETS:
            name = f"{preset}{seed}"
            tracks[seed].append(f"{folder}/tracks/{name}.txt")
            if os.path.exists(tracks[seed][-1]):
                continue
            subprocess.run(
                [program, "synthesize", preset, "-o", f"{folder}/scene.mp4", "--truth", f"{folder}/{name}", "--seed", str(seed), "--fps",
                 "10", "--duration", "12", "--size", "320x256", "-q", "--overwrite"], check=True)
            shutil.copy(f"{folder}/{name}/truth.ndjson", f"{folder}/cameras/{name}.ndjson")
            disturb(f"{folder}/{name}/gt.txt", f"{folder}/detections/{name}.txt", random.Random(name))
            shutil.copy(f"{folder}/{name}/gt.txt", tracks[seed][-1])
    return tracks, ["--fps", "10", "--detections", f"{folder}/detections", "--cameras", f"{folder}/cameras"]


def disturb(truth, detections, draw):
    """Moves every box by an error of its own."""
    with open(detections, "w") as file:
        for line in open(truth):
            cells = line.rstrip("\n").split(",")
            corners = [tuple(map(float, cells[place:place + 2])) for place in range(2, 10, 2)]
            side = math.sqrt(math.dist(corners[0], corners[1]) * math.dist(corners[1], corners[2]))
            error = draw.gauss(0, side / 40), draw.gauss(0, side / 40)
            moved = [f"{value + shift:.3f}" for corner in corners for value, shift in zip(corner, error)]
            file.write(",".join([cells[0], "-1", *moved, "1", *cells[11:]]) + "\n")


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
    parser.add_argument("--only", choices=["kitti", "uavdt", "synthetic"])
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for name in ("kitti", "uavdt", "synthetic"):
        if options.only not in (None, name):
            continue
        if name == "synthetic":
            tracks, extra = synthetic(options.program, options.folder)
            splits = [[tracks[seed] for seed in SEEDS]]
        else:
            files, extra = collections_of(options.data)[name]
            splits = [of_part(files, part) for part in range(PARTS)]
        sums = {rung: Sums() for rung in RUNGS}
        for part, split in enumerate(splits):
            table = measure(options.program, f"{options.folder}/{name}{part}.json", extra, *split)
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
