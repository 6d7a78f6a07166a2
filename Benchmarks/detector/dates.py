#!/usr/bin/env python3
"""A detector for each of HIT-UAV's six dates to fit on, trained on the other five and measured on that one.

usage: dates.py SEXTANT SOURCE FOLDER [--size small] [--epochs 20]

SOURCE is as for hit-uav.py. FOLDER gets the arranged pictures and the models DATE.onnx; a date whose model is there is not trained again. Prints a
row a date: pictures, AP at a rotated overlap of 0.5 of each class, and their number. Classes with fewer than 20 boxes on a date say little.
"""
import argparse
import json
import pathlib
import subprocess
import sys

DATES = ["20210115", "20210116", "20210118", "20210119", "20210121", "20210123"]
CLASSES = ["Person", "Car", "Bicycle"]

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("source")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--size", default="small")
parser.add_argument("--epochs", default="20")
options = parser.parse_args()

print("| date left out | pictures | " + " | ".join(CLASSES) + " |\n|---|---:|" + "---:|" * len(CLASSES), flush=True)
for date in DATES:
    data, model = options.folder / date, options.folder / f"{date}.onnx"
    if not model.exists():
        arrange = pathlib.Path(__file__).with_name("hit-uav.py")
        subprocess.run([sys.executable, arrange, options.source, data, "--leave-out", date], check=True, stdout=subprocess.DEVNULL)
        train = [options.program, "train", "detector", "--data", data, "--format", "hit-uav", "--ignore-classes", "DontCare",
                 "--size", options.size, "--epochs", options.epochs, "--measure-every", options.epochs, "--flip-upright", "--quiet",
                 "-o", options.folder / date, "--resume"]
        subprocess.run(list(map(str, train)), check=True)
    measured = [record for record in map(json.loads, open(options.folder / f"{date}.log.jsonl")) if "classes" in record][-1]["classes"]
    counts = dict.fromkeys(CLASSES, 0)
    for line in open(data / "labels-val.txt"):
        name = line.split()
        counts.update({c: counts[c] + 1 for c in CLASSES if c in name})
    cells = [f"{measured.get(c, float('nan')):.3f} ({counts[c]})" for c in CLASSES]
    print(f"| {date} | {len(list((data / 'images/val').glob('*.png')))} | " + " | ".join(cells) + " |", flush=True)
