#!/usr/bin/env python3
"""Average precision of a trained detector on HIT-UAV's report dates, by `sextant detect` and `sextant evaluate boxes`.

usage: precision.py SEXTANT ARRANGED MODEL FOLDER [TYPE]

ARRANGED is what hit-uav.py makes. Boxes from a score of 0.01 on, of all pictures and by night and day, are measured against the truth at a
rotated overlap of 0.5 and at 0.5:0.95. TYPE: f32 (default), bf16, int8.
"""
import json
import pathlib
import subprocess
import sys

sextant, data, model, folder = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
kind = sys.argv[5] if len(sys.argv) > 5 else "f32"
folder.mkdir(parents=True, exist_ok=True)
pictures = sorted(map(str, (data / "images/val").glob("*.png")))
lines = folder / f"boxes-{kind}.jsonl"
subprocess.run(
    [sextant, "detect", *pictures, "--model", model, "--type", kind, "--min-score", "0.01", "-o", lines, "--overwrite"], check=True
)
found = lines.read_text().splitlines()
truth = (data / "labels-val.txt").read_text().splitlines()

# The first digit of a picture's name says whether it was night.
for part, first in (("all", ""), ("night", "1_"), ("day", "0_")):
    results, labels = folder / f"{kind}-{part}.jsonl", folder / f"{part}.txt"
    chosen = (line for line in found if pathlib.Path(json.loads(line)["image"]).name.startswith(first))
    results.write_text("".join(line + "\n" for line in chosen))
    labels.write_text("".join(line + "\n" for line in truth if line.startswith(first)))
    for thresholds in ("0.5", "0.5:0.95"):
        print(f"{kind}, {part}, rotated overlap {thresholds}", flush=True)
        subprocess.run(
            [sextant, "evaluate", "boxes", "--truth", labels, "--result", results, "--thresholds", thresholds, "-q"], check=True
        )
