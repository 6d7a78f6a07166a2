"""Looks in the tracker: `sextant track` without and with --appearance, scored by `sextant evaluate tracks`.

    python3 Benchmarks/tracking/looks.py SEXTANT ../shared/data FOLDER hit-uav|gaps|detector [SEEDS] [KINDS]

hit-uav   the truth's boxes of conf 1 as detections (as `measure`), in the five sequences
detector  the same sequences with the detector models/aerial-thermal.onnx
gaps      `sextant synthesize` traffic, fixed, crossing and aerial, 40 s at 10 frames a second, of the seeds (5-9; 1-2 are for choosing): the truth's boxes as
          detections, each object without any in stretches of 1 to 5 s, 10 s of sight between two
KINDS     what --appearance is given, by default none,stripes; networks' files are kinds too
Prints IDF1 / HOTA / AssA / IDSW of each sequence, one column a kind, and their sums and means.
"""

import csv
import io
import os
import random
import subprocess
import sys

SEXTANT, DATA, FOLDER, WHAT = sys.argv[1:5]
SEEDS = sys.argv[5].split(",") if len(sys.argv) > 5 and sys.argv[5] else ["5", "6", "7", "8", "9"]
KINDS = sys.argv[6].split(",") if len(sys.argv) > 6 else ["none", "stripes"]
MODEL = os.path.join(os.path.dirname(__file__), "..", "..", "models", "aerial-thermal.onnx")
PRESETS, SECONDS = ["traffic", "fixed", "crossing", "aerial"], 40
COLUMNS = ["IDF1", "HOTA", "AssA", "IDSW"]


def run(*arguments):
    return subprocess.run([SEXTANT, *arguments], check=True, capture_output=True, text=True).stdout


def measured(video, detections, truth, kind, name, *rules):
    """The columns of a result."""
    result = os.path.join(FOLDER, f"{name}-{os.path.basename(kind)}.txt")
    run("track", video, *detections, "--appearance", kind, "--oriented-mot-output", result, "-o", "/dev/null", "--overwrite", "-q")
    text = run("evaluate", "tracks", "--truth", truth, "--result", result, "--similarity", "rotated-iou", "--one-class", "--csv", "-q", *rules)
    row = [row for row in csv.DictReader(io.StringIO(text)) if row.get("HOTA")][-1]
    return [float(row[column]) for column in COLUMNS]


def without_stretches(rows, rate, seed):
    """Rows of oriented MOT as detections, without stretches of 1 to 5 s of each object."""
    draw = random.Random(seed)
    hidden = {}
    for identity in sorted({int(row[1]) for row in rows}):
        time, stretches = draw.uniform(3, 10), []
        while time < SECONDS:
            stretches.append((time, time + draw.uniform(1, 5)))
            time = stretches[-1][1] + 10
        hidden[identity] = stretches
    for row in rows:
        time = (int(row[0]) - 1) / rate
        if not any(begin <= time < end for begin, end in hidden[int(row[1])]):
            yield [row[0], "-1", *row[2:10], "1", *row[11:]]


def gaps():
    for seed in SEEDS:
        for preset in PRESETS:
            name = f"{preset}-{seed}"
            video, folder = os.path.join(FOLDER, name + ".mp4"), os.path.join(FOLDER, name)
            if not os.path.exists(video):
                run("synthesize", preset, "-o", video, "--truth", folder, "--seed", seed, "--duration", str(SECONDS), "--fps", "10", "-q")
            truth, detections = os.path.join(folder, "gt.txt"), os.path.join(folder, "detections.txt")
            rows = [line.strip().split(",") for line in open(truth) if line.strip()]
            with open(detections, "w") as file:
                file.writelines(",".join(row) + "\n" for row in without_stretches(rows, 10, int(seed)))
            yield name, video, ["--detections", detections], truth, []


def hit_uav(detector):
    for name in sorted(os.listdir(os.path.join(DATA, "hit-uav-sequences"))):
        root = os.path.join(DATA, "hit-uav-sequences", name)
        if not os.path.isdir(root):
            continue
        base = os.path.join(FOLDER, name)
        rows = [line.strip().split(",") for line in open(os.path.join(root, "gt.txt")) if line.strip()]
        for part, chosen in (("truth", lambda row: row[10] == "1"), ("ignored", lambda row: row[10] != "1")):
            with open(f"{base}.{part}.txt", "w") as file:
                file.writelines(",".join(row) + "\n" for row in rows if chosen(row))
        with open(base + ".detections.txt", "w") as file:
            file.writelines(
                ",".join([row[0], "-1", *row[2:10], "1", str(int(row[11]) - 1), "0"]) + "\n" for row in rows if row[10] == "1")
        given = ["--detector", MODEL] if detector else ["--detections", base + ".detections.txt"]
        yield name, os.path.join(root, "video.mp4"), given, base + ".truth.txt", [
            "--ignore", base + ".ignored.txt", "--preprocess", "ignored"]


def text(values):
    return "{:.2f} / {:.2f} / {:.2f} / {:.0f}".format(*[100 * value for value in values[:3]], values[3])


def main():
    os.makedirs(FOLDER, exist_ok=True)
    cases = gaps() if WHAT == "gaps" else hit_uav(WHAT == "detector")
    print(f"| {' / '.join(COLUMNS)} | " + " | ".join(KINDS) + " |")
    print("| --- " * (len(KINDS) + 1) + "|")
    groups = {}
    for name, video, given, truth, rules in cases:
        found = [measured(video, given, truth, kind, name, *rules) for kind in KINDS]
        print(f"| {name} | " + " | ".join(map(text, found)) + " |", flush=True)
        for group in (name.rsplit("-", 1)[0] if WHAT == "gaps" else None, "all"):
            if group:
                groups.setdefault(group, []).append(found)
    for group, rows in groups.items():
        cells = []
        for kind in range(len(KINDS)):
            means = [sum(row[kind][column] for row in rows) / len(rows) for column in range(3)]
            cells.append(text([*means, sum(row[kind][3] for row in rows)]))
        print(f"| **{group}** (means, sum of IDSW) | " + " | ".join(cells) + " |", flush=True)


main()
