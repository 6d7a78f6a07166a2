#!/usr/bin/env python3
"""Arranges CamVid for `sextant train segmenter`: drives 0001TP and 0016E5 to learn from, drive 0006R0 to measure on.

usage: camvid.py SOURCE TARGET

SOURCE is ../shared/data/camvid. TARGET gets images/{train,val}/NAME.png (by FFmpeg), labels/{train,val}/NAME.png and classes.csv;
official/{images,labels} are the pictures of the official validation, which lie inside drive 0016E5.
"""
import pathlib
import shutil
import subprocess
import sys

source, target = map(pathlib.Path, sys.argv[1:3])
pairs = []
for split in ("train", "val"):
    for picture in sorted((source / split / "images").glob("*.webp")):
        name = picture.stem
        part = "val" if name.startswith("0006R0") else "train"
        images, labels = (target / f"{kind}/{part}" for kind in ("images", "labels"))
        if split == "val":
            images, labels = target / "official/images", target / "official/labels"
        images.mkdir(parents=True, exist_ok=True)
        labels.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / split / "labels" / f"{name}.png", labels / f"{name}.png")
        pairs.append((picture, images / f"{name}.png"))
shutil.copyfile(source / "classes.csv", target / "classes.csv")

# A hundred pictures a run of FFmpeg, each to a file of its own.
for start in range(0, len(pairs), 100):
    some = [pair for pair in pairs[start : start + 100] if not pair[1].exists()]
    command = ["ffmpeg", "-v", "error", "-y"]
    for picture, _ in some:
        command += ["-i", str(picture)]
    for number, (_, png) in enumerate(some):
        command += ["-map", f"{number}:v", "-pix_fmt", "rgb24", str(png)]
    if some:
        subprocess.run(command, check=True)
print(f"{len(pairs)} pictures")
