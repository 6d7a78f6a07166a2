#!/usr/bin/env python3
"""Trains a detector of what moves, on what may train weights that are passed on: made films and flying objects.

usage: recipe.py SEXTANT SHARED FOLDER [--films 400] [--epochs 26]

SHARED/data holds hit-uav, aerial-cars, clips and flying-objects, SHARED/onnx the photographs. FOLDER gets

    textures/      231 photographs: of HIT-UAV without 20201217, of aerial cars, of the clips, of every fourth clip of flying objects
    films/         collages of them (collage.py, bodies.py), with their boxes
    presets/       the five presets of `sextant synthesize`, seeds 101 to 103, six seconds
    flying/        every fourth clip of flying objects by name, with its boxes as oriented MOT
    moving/        what moves in all of them, and what the rules find (`sextant train evidence`)
    moving.onnx    the detector (`sextant train detector --evidence`)

What is there is not made again. Needs OpenCV, NumPy and ffmpeg; some two hours of one core.
"""
import argparse
import csv
import glob
import gzip
import io
import os
import pathlib
import random
import subprocess
import sys

import cv2
import numpy as np

PRESETS, SEEDS, STEP = ["aerial", "fixed", "traffic", "crossing", "stress"], range(101, 104), 4
PHOTOGRAPHS = ["yolo/coffee_640.rgb.u8", "fastestdet/chelsea_352.bgr.u8", "fastestdet/astronaut_352.bgr.u8"]
LARGEST = 1000


def put(folder, picture, name):
    scale = min(1, LARGEST / max(picture.shape[:2]))
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])


def frames_of(path, count):
    video = cv2.VideoCapture(str(path))
    step = max(1, int(video.get(cv2.CAP_PROP_FRAME_COUNT)) // count)
    number = 0
    while True:
        there, picture = video.read()
        if not there:
            return
        if number % step == 0:
            yield number, picture
        number += 1


def textures(shared, folder):
    folder.mkdir(parents=True)
    chance = random.Random(1)
    rows = [row for row in csv.DictReader(open(shared / "data/hit-uav/images.csv")) if row["date"] != "20201217"]
    chance.shuffle(rows)
    for row in rows[:100]:
        path = glob.glob(str(shared / "data/hit-uav/images" / row["split"] / f"{row['image']}.*"))[0]
        put(folder, cv2.imread(path), "hit_" + row["image"])
    cars = sorted((shared / "data/aerial-cars/images").glob("*"))
    chance.shuffle(cars)
    for path in cars[:80]:
        put(folder, cv2.imread(str(path)), path.stem)
    for name in ["overhead", "surveillance", "box", "base"]:
        for number, picture in frames_of(shared / f"data/clips/{name}.mp4", 8):
            put(folder, picture, f"{name}_{number}")
    for path in flying_clips(shared):
        for number, picture in frames_of(path, 3):
            put(folder, picture, f"{path.stem}_{number}")
    for name in PHOTOGRAPHS:
        pixels = np.load(io.BytesIO(gzip.open(shared / "onnx" / f"{name}.npy.gz").read())).squeeze()
        put(folder, np.ascontiguousarray(pixels[..., ::-1] if "rgb" in name else pixels), name.split("/")[1].split("_")[0])


def flying_clips(shared):
    return sorted((shared / "data/flying-objects").glob("*.mp4"))[::STEP]


def flying(shared, folder):
    folder.mkdir()
    for clip in flying_clips(shared):
        os.symlink(clip.resolve(), folder / clip.name)
        lines = []
        for line in clip.with_suffix(".boxes.txt").read_text().splitlines():
            fields = line.split()
            if not line.startswith("#") and fields[1] != "nan":
                x, y, w, h = map(float, fields[1:5])
                lines.append(f"{int(fields[0]) + 1},1,{x},{y},{x + w},{y},{x + w},{y + h},{x},{y + h},1,1,0\n")
        (folder / f"{clip.stem}.txt").write_text("".join(lines))


def presets(program, folder):
    folder.mkdir()
    for seed in SEEDS:
        for preset in PRESETS:
            stem = folder / f"{preset}-{seed}"
            subprocess.run([program, "synthesize", preset, "--seed", str(seed), "--duration", "6", "-q", "-o", f"{stem}.mp4", "--truth", stem],
                           check=True)
            os.link(stem / "gt.txt", f"{stem}.txt")


def evidence(program, folder):
    """Each source by itself, so that every fifth film of each is held out, then all in one folder."""
    for name, every in [("films", 4), ("presets", 8), ("flying", 20)]:
        part = folder / f"moving-{name}"
        if not part.exists():
            subprocess.run([program, "train", "evidence", *sorted(map(str, (folder / name).glob("*.mp4"))), "-o", part, "--every", str(every)],
                           check=True)
        for path in filter(pathlib.Path.is_file, part.rglob("*")):
            link = folder / "moving" / path.relative_to(part)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                os.link(path, link)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--films", default="400")
    parser.add_argument("--epochs", default="26")
    options = parser.parse_args()
    folder = options.folder
    if not (folder / "textures").exists():
        textures(options.shared, folder / "textures")
    if not (folder / "films").exists():
        collage = pathlib.Path(__file__).with_name("collage.py")
        pictures = sorted(map(str, (folder / "textures").glob("*.jpg")))
        subprocess.run([sys.executable, collage, *pictures, "-o", folder / "films", "--count", options.films, "--seed", "2"], check=True)
    if not (folder / "presets").exists():
        presets(options.program, folder / "presets")
    if not (folder / "flying").exists():
        flying(options.shared, folder / "flying")
    evidence(options.program, folder)
    subprocess.run([options.program, "train", "detector", "--data", folder / "moving", "--evidence", "--side", "256", "--resize", "2", "--epochs",
                    options.epochs, "--measure-every", "13", "-o", folder / "moving", "--resume"], check=True)


if __name__ == "__main__":
    main()
