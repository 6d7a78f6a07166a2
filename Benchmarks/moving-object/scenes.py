#!/usr/bin/env python3
"""HOTA, IDF1, wrong boxes and switches of a detector on the made scenes: the five presets of `sextant synthesize`, eight seconds.

usage: scenes.py SEXTANT FOLDER [--seeds 5 6 7] [--detector NAME...]

FOLDER keeps the films and their truth. A row a detector and preset with its seeds, and one of all: means, and sums of wrong boxes and
switches. `motion` are the rules.
"""
import argparse
import csv
import io
import pathlib
import subprocess

PRESETS = ["aerial", "crossing", "fixed", "stress", "traffic"]
SECONDS = 8

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--detector", nargs="+", default=["motion", "moving-object"])
parser.add_argument("--seeds", nargs="+", type=int, default=[5, 6, 7])
options = parser.parse_args()


def run(*words):
    return subprocess.run([options.program, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout


def measured(detector, preset, seed):
    """HOTA and IDF1 as shares, wrong boxes, switches."""
    film, truth, tracks = (options.folder / f"{preset}-{seed}{end}" for end in (".mp4", "", ".ndjson"))
    if not truth.exists():
        run("synthesize", preset, "--seed", seed, "--duration", SECONDS, "-o", film, "--truth", truth, "--overwrite", "-q")
    run("track", film, "--detector", detector, "-o", tracks, "--overwrite", "-q")
    text = run("evaluate", "tracks", "--truth", truth / "gt.txt", "--result", tracks, "--one-class", "--similarity", "rotated-iou", "--csv", "-q")
    combined = list(csv.DictReader(io.StringIO(text)))[-1]
    return [float(combined[name]) for name in ("HOTA", "IDF1", "CLR_FP", "IDSW")]


options.folder.mkdir(parents=True, exist_ok=True)
print("| detector | scene | HOTA | IDF1 | wrong boxes | switches |\n|---|---|---|---|---|---|")
for detector in options.detector:
    every = []
    for preset in PRESETS:
        rows = [measured(detector, preset, seed) for seed in options.seeds]
        every += rows
        cells = [" ".join(f"{100 * row[k]:.1f}" if k < 2 else f"{row[k]:.0f}" for row in rows) for k in range(4)]
        print(f"| {detector} | {preset} | " + " | ".join(cells) + " |", flush=True)
    sums = [sum(column) for column in zip(*every)]
    print(f"| {detector} | all | {100 * sums[0] / len(every):.1f} | {100 * sums[1] / len(every):.1f} | {sums[2]:,.0f} | {sums[3]:.0f} |", flush=True)
