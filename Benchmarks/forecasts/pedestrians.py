#!/usr/bin/env python3
"""Forecasts of ETH/UCY pedestrians by motions that never saw the scene, with the product's own commands.

    python3 Benchmarks/forecasts/pedestrians.py SEXTANT ../shared/data/pedestrian-trajectories FOLDER

For each of the scenes eth, hotel, univ and zara1 `sextant train motion` learns from the training parts of the other files and chooses on
their validation parts, `sextant forecast` forecasts the whole scene (8 steps seen, 12 expected), and `sextant evaluate forecasts` measures:
the expected place alone, then the expected place and 19 draws from the filter's distribution.
"""

import csv
import gzip
import io
import os
import subprocess
import sys

from pedestrians_protocol import BOUNDARY, SCENES

SEXTANT, DATA, FOLDER = sys.argv[1:4]
RUNGS = ["kalman", "noise", "linear", "kan", "memory"]


def cut():
    """Writes the training and the validation part of each file."""
    for name, boundary in BOUNDARY.items():
        with gzip.open(f"{DATA}/{name}.txt.gz", "rt") as source:
            lines = source.readlines()
        for part, belongs in (("train", lambda frame: frame < boundary), ("val", lambda frame: frame >= boundary)):
            with open(f"{FOLDER}/{name}.{part}.txt", "w") as file:
                file.writelines(line for line in lines if belongs(float(line.split()[0])))


def evaluate(truth, what):
    """The figures over all files of a scene."""
    run = subprocess.run(
        [SEXTANT, "evaluate", "forecasts", "--truth", truth, "--csv", "-q", *what], check=True, capture_output=True, text=True)
    return [row for row in csv.DictReader(io.StringIO(run.stdout)) if row.get("ADE_m")][-1]


def forecast(truth, names, model, folder, draws):
    os.makedirs(folder, exist_ok=True)
    for name in names:
        subprocess.run(
            [SEXTANT, "forecast", f"{truth}/{name}.txt", "--motion", model, "--samples", str(draws), "-o", f"{folder}/{name}.txt",
             "--overwrite"], check=True)
    return evaluate(truth, ["--result", folder])


def main():
    os.makedirs(FOLDER, exist_ok=True)
    cut()
    sums = {}
    print("| scene | motion | ADE / FDE | best of 20 | held by 50 % | held by 90 % |\n|---|---|---|---|---|---|")
    for scene, names in SCENES.items():
        truth, rungs = f"{FOLDER}/{scene}", f"{FOLDER}/{scene}.rungs"
        for folder in (truth, rungs):
            os.makedirs(folder, exist_ok=True)
        for name in names:
            with gzip.open(f"{DATA}/{name}.txt.gz", "rb") as source, open(f"{truth}/{name}.txt", "wb") as target:
                target.write(source.read())
        others = [name for name in BOUNDARY if name not in names]
        training, held = ([f"{FOLDER}/{name}.{part}.txt" for name in others] for part in ("train", "val"))
        run = subprocess.run(
            [SEXTANT, "train", "motion", "--tracks", *training, "--hold-out", *held, "-o", f"{rungs}/best.json", "--rungs", rungs,
             "--overwrite"], check=True, capture_output=True, text=True)
        # The rung of the largest likelihood on the validation parts of the other scenes: what the program writes.
        chosen = next(line.split()[0] for line in run.stdout.splitlines() if " is written to " in line)
        rows = {"constant velocity": evaluate(truth, ["--baseline", "constant-velocity"])}
        for rung in RUNGS:
            draws = 19 if rung in ("kan", "memory") else 0
            rows[rung] = forecast(truth, names, f"{rungs}/{rung}.json", f"{FOLDER}/{scene}.{rung}", draws)
        print(f"{scene}: {chosen} was chosen", file=sys.stderr, flush=True)
        sums.setdefault("chosen", []).append([float(rows[chosen][key]) for key in ("ADE_m", "FDE_m", "minADE_m", "minFDE_m")])
        for motion, row in rows.items():
            best = "{:.3f} / {:.3f}".format(float(row["minADE_m"]), float(row["minFDE_m"])) if motion in ("kan", "memory") else ""
            held = ["{:.1f} %".format(100 * float(row[key])) if row.get(key) else "" for key in ("coverage50", "coverage90")]
            print("| {} | {} | {:.3f} / {:.3f} | {} | {} | {} |".format(
                scene, motion, float(row["ADE_m"]), float(row["FDE_m"]), best, *held), flush=True)
            sums.setdefault(motion, []).append([float(row[key]) for key in ("ADE_m", "FDE_m", "minADE_m", "minFDE_m")])
    for motion, values in sums.items():
        mean = [sum(column) / len(values) for column in zip(*values)]
        best = "{:.3f} / {:.3f}".format(*mean[2:]) if motion in ("kan", "memory", "chosen") else ""
        print("| mean | {} | {:.3f} / {:.3f} | {} | | |".format(motion, *mean[:2], best))


main()
