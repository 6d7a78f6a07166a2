#!/usr/bin/env python3
"""Average precision and angle errors of a trained detector on HIT-UAV's report dates, with every picture turned.

usage: rotation.py SEXTANT ARRANGED MODEL FOLDER [--step 15] [--every 1] [--type f32]

ARRANGED is what hit-uav.py makes. Each picture is turned about its middle by 0, 15, … 345 degrees within a square of 832 pixels, which holds
all of it at every turn (its rim is of the picture's mean grey), so that the network sees squares of one size. Measured by `sextant detect` and
`sextant evaluate boxes` at a rotated overlap of 0.5. Needs numpy and OpenCV.
"""
import argparse
import csv
import io
import math
import pathlib
import shutil
import statistics
import subprocess

import cv2
import numpy as np

SIDE = 832  # pixels, a multiple of 32: the diagonal of 640x512 is 820
CLASSES = ["Person", "Car", "Bicycle"]


def turn_of(shape, degrees):
    """The affine map of a turned picture: about its middle, into the square's middle."""
    height, width = shape
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), degrees, 1)
    matrix[:, 2] += (SIDE - width) / 2, (SIDE - height) / 2
    return matrix


def turned_labels(lines, turns, degrees):
    """Label lines with their corners, centre and angle turned; places are of pixels' edges, OpenCV's maps of their middles."""
    for line in lines:
        words = line.split()
        places = np.array(words[1:9] + words[11:13], float).reshape(5, 2) - 0.5
        moved = (places @ turns[words[0]][:, :2].T + turns[words[0]][:, 2] + 0.5).ravel()
        # OpenCV turns against the clock, the labels' angles grow with it.
        angle = (float(words[15]) - math.radians(degrees)) % math.pi
        numbers = [f"{value:.3f}" for value in moved]
        yield " ".join([words[0], *numbers[:8], *words[9:11], *numbers[8:], *words[13:15], f"{angle:.6f}"]) + "\n"


def measure(options, pictures, labels, degrees):
    """AP50 by class and mean angle errors of one turn."""
    folder = options.folder / "turned"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    turns = {}
    for path in pictures:
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        turns[path.stem] = turn_of(image.shape, degrees)
        flags = cv2.INTER_LINEAR
        turned = cv2.warpAffine(image, turns[path.stem], (SIDE, SIDE), flags=flags, borderValue=float(image.mean()))
        cv2.imwrite(str(folder / path.name), turned)
    truth, boxes = options.folder / "truth.txt", options.folder / "boxes.jsonl"
    truth.write_text("".join(turned_labels((line for line in labels if line.split()[0] in turns), turns, degrees)))
    run = lambda *words: subprocess.run([options.sextant, *map(str, words)], check=True, capture_output=True, text=True).stdout
    run("detect", *sorted(folder.glob("*.png")), "--model", options.model, "--type", options.type, "--detector-size", f"{SIDE}x{SIDE}",
        "--min-score", "0.01", "-o", boxes, "--overwrite")
    table = run("evaluate", "boxes", "--truth", truth, "--result", boxes, "--thresholds", "0.5", "--csv", "-q")
    rows = {row["class"]: row for row in csv.DictReader(io.StringIO(table.split("\n\n")[0]))}
    shutil.rmtree(folder)
    return [100 * float(rows[name]["AP50"]) for name in CLASSES], [float(rows[name]["angle_error_deg"] or "nan") for name in CLASSES[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sextant")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--step", type=int, default=15)
    parser.add_argument("--every", type=int, default=1, help="takes every so manieth picture")
    parser.add_argument("--type", default="f32")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    pictures = sorted((options.data / "images/val").glob("*.png"))[:: options.every]
    labels = (options.data / "labels-val.txt").read_text().splitlines()
    print("| turn | person | car | bicycle | mean | car's angle error | bicycle's |\n|---|---|---|---|---|---|---|")
    table = []
    for degrees in range(0, 360, options.step):
        precisions, errors = measure(options, pictures, labels, degrees)
        table.append([*precisions, statistics.mean(precisions), *errors])
        print(f"| {degrees} | " + " | ".join(f"{value:.1f}" for value in table[-1]) + " |", flush=True)
    columns = list(zip(*table))
    print("| **greatest less least** | " + " | ".join(f"{max(c) - min(c):.1f}" for c in columns) + " |")
    print("| **mean** | " + " | ".join(f"{statistics.mean(c):.1f}" for c in columns) + " |")


if __name__ == "__main__":
    main()
