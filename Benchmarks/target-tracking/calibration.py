#!/usr/bin/env python3
"""Fits what the score of a target means: the probability that the box that a follower told shares half of the union with the truth.

    calibration.py TARGET_TRACKING FOLDER [--model BACKBONE.onnx,HEAD.onnx] FILMS...

TARGET_TRACKING is the program of this folder's main.swift, FILMS are videos with boxes beside them: oriented MOT (.txt), such as those of
`../moving-object/recipe.py`, or the rows of `flying-objects` (.boxes.txt). FOLDER keeps what was followed. Every fifth film, by name, judges and does not
teach. What is fitted is a logistic function of the follower's likeness, of a network's the logarithm of its odds. Prints its weight and constant,
and for scores by tenths how many sightings there were and which share was right. Needs NumPy.
"""
import argparse
import collections
import math
import pathlib
import subprocess

import numpy as np

# Objects with a shorter side, in pixels, are not begun with; this many of a film are.
LEAST_SIDE, MOST = 8, 3
# Odds are bounded where 32-bit floats end.
LEAST = 1e-6


def truth(film):
    """Upright boxes by object and frame, with whether they count."""
    found = collections.defaultdict(dict)
    rows = film.with_suffix(".boxes.txt")
    for line in open(rows) if rows.exists() else []:
        v = line.split()
        if not line.startswith("#") and v[1] != "nan":
            x, y, w, h = map(float, v[1:5])
            found[1][int(v[0])] = (x, y, x + w, y + h, True)
    for line in open(film.with_suffix(".txt")) if not rows.exists() else []:
        v = line.split(",")
        x, y = list(map(float, v[2:10:2])), list(map(float, v[3:10:2]))
        found[int(v[1])][int(v[0]) - 1] = (min(x), min(y), max(x), max(y), float(v[10]) > 0)
    return found


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h) if w > 0 and h > 0 else 0


def sightings(program, film, folder, model):
    """Rows of the likeness, whether the box is right, and a weight; objects that count for little are left out."""
    boxes = truth(film)
    targets = []
    for number, frames in sorted(boxes.items()):
        start = next((f for f, b in sorted(frames.items()) if b[4] and min(b[2] - b[0], b[3] - b[1]) >= LEAST_SIDE), None)
        if start is not None:
            targets.append((number, start, frames[start]))
    targets = targets[:MOST]
    if not targets:
        return []
    out = folder / f"{film.parent.name}-{film.stem}.csv"
    if not out.exists():
        words = [program] + (["--model", model] if model else []) + [film]
        for _, start, b in targets:
            words += [start, b[0], b[1], b[2] - b[0], b[3] - b[1]]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
        if done.returncode:
            print(film, done.stderr.strip().splitlines()[-1:])
        out.write_text(done.stdout)
    rows = []
    for line in open(out):
        v = list(map(float, line.split(",")))
        frames = boxes[targets[int(v[0])][0]]
        b = frames.get(int(v[1]))
        if b and not b[4]:
            continue
        right = b is not None and iou(b, (v[5], v[6], v[5] + v[7], v[6] + v[8])) >= 0.5
        likeness = v[2]
        if model:
            own = min(1 - LEAST, max(LEAST, likeness))
            likeness = math.log(own / (1 - own))
        rows.append((likeness, right))
    # Each film counts alike, however long it is.
    return [(*row, 1 / len(rows)) for row in rows]


def fit(x, y, weight):
    """Logistic regression by Newton's steps, with a ridge of a thousandth; inputs and a constant."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - mean) / deviation, np.ones((len(x), 1))])
    b = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ b))
        slope = z.T @ (weight * (p - y)) / weight.sum() + 1e-3 * np.append(b[:-1], 0)
        bend = (z * (weight * p * (1 - p))[:, None]).T @ z / weight.sum() + 1e-3 * np.eye(len(b))
        b -= np.linalg.solve(bend, slope)
    own = b[:-1] / deviation
    return np.append(own, b[-1] - own @ mean)


def table(p, y, weight):
    bins = np.minimum((p * 10).astype(int), 9)
    error = 0
    for k in range(10):
        m = bins == k
        if m.any():
            share, said = np.average(y[m], weights=weight[m]), np.average(p[m], weights=weight[m])
            error += weight[m].sum() / weight.sum() * abs(share - said)
            print(f"  {k / 10:.1f}  {m.sum():7d} said {said:.2f} right {share:.2f}")
    entropy = -np.average(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9), weights=weight)
    wrong = (p >= 0.5) & (y == 0)
    print(f"  expected calibration error {error:.3f}, log loss {entropy:.3f}; told of {np.mean(p >= 0.5):.3f}, wrong of those "
          f"{wrong.sum() / max(1, (p >= 0.5).sum()):.3f}, right and not told {((p < 0.5) & (y == 1)).mean():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("films", nargs="+", type=pathlib.Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    learned, judged = [], []
    for number, film in enumerate(sorted(options.films)):
        (judged if number % 5 == 4 else learned).extend(sightings(options.program, film, options.folder, options.model))
    learned, judged = np.array(learned), np.array(judged)
    print(f"{len(learned)} sightings to learn from, {len(judged)} to judge; right {learned[:, 1].mean():.3f}, {judged[:, 1].mean():.3f}")
    b = fit(learned[:, :1], learned[:, 1], learned[:, 2])
    print(f"weight {b[0]:.2f}, constant {b[1]:.2f}; of the films that judge:")
    table(1 / (1 + np.exp(-(judged[:, 0] * b[0] + b[1]))), judged[:, 1], judged[:, 2])


if __name__ == "__main__":
    main()
