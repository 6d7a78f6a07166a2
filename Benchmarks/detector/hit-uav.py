#!/usr/bin/env python3
"""Arranges HIT-UAV for `sextant train detector --format hit-uav` by protocol A: whole dates to learn from, others to report on.

usage: hit-uav.py SOURCE TARGET [--every-date | --leave-out DATE...]

SOURCE holds images/{train,val}/NAME.webp, labels-{train,val}.txt.gz and images.csv. TARGET gets images/{train,val}/NAME.png (grey, by
FFmpeg) and labels-{train,val}.txt, where train are the six dates to fit on and val the two to report on. Images of 20201217 are in neither.
With --every-date all eight dates are in train, as for weights that are shipped; there is no val, and the program holds every tenth picture out.
With --leave-out one or more of the six dates are val, and train the others.
"""
import csv
import gzip
import pathlib
import subprocess
import sys

FIT = {"20210115", "20210116", "20210118", "20210119", "20210121", "20210123"}
REPORT = {"20210114", "20210120"}

source, target = map(pathlib.Path, sys.argv[1:3])
if sys.argv[3:] == ["--every-date"]:
    FIT, REPORT = FIT | REPORT, set()
elif sys.argv[3:4] == ["--leave-out"]:
    if not set(sys.argv[4:]) < FIT or len(sys.argv) < 5:
        sys.exit(f"--leave-out: give some, not all, of {', '.join(sorted(FIT))}")
    FIT, REPORT = FIT - set(sys.argv[4:]), set(sys.argv[4:])
parts = ("train", "val") if REPORT else ("train",)
part = {}
pairs = []
for row in csv.DictReader(open(source / "images.csv")):
    name = "train" if row["date"] in FIT else "val" if row["date"] in REPORT else None
    if name is None:
        continue
    part[row["image"]] = name
    pairs.append((source / "images" / row["split"] / f"{row['image']}.webp", target / "images" / name / f"{row['image']}.png"))

for name in parts:
    (target / "images" / name).mkdir(parents=True, exist_ok=True)
    with open(target / f"labels-{name}.txt", "w") as out:
        for split in ("train", "val"):
            for line in gzip.open(source / f"labels-{split}.txt.gz", "rt"):
                if part.get(line.split()[0]) == name:
                    out.write(line)

# A hundred pictures a run of FFmpeg, each to a file of its own.
for start in range(0, len(pairs), 100):
    some = [pair for pair in pairs[start : start + 100] if not pair[1].exists()]
    command = ["ffmpeg", "-v", "error", "-y"]
    for picture, _ in some:
        command += ["-i", str(picture)]
    for number, (_, png) in enumerate(some):
        command += ["-map", f"{number}:v", "-pix_fmt", "gray", str(png)]
    if some:
        subprocess.run(command, check=True)
print({name: sum(1 for value in part.values() if value == name) for name in parts})
