#!/usr/bin/env python3
"""Single-id shares of `sextant track` on the davis and tld sequences, protocol (a) of their READMEs.

    Benchmarks/motion-detector/score.py SEXTANT SHARED_DATA

Share: the largest number of frames in which one single track id has an upright IoU of at least 0.5 with the truth, over the frames in which
the truth is visible. Tracks: the mean number of confirmed tracks per frame (those with a detection in it). The last column is the best "motion" column of the READMEs.
"""
import collections
import json
import subprocess
import sys

SEQUENCES = [
    ("davis", "car-shadow", .53), ("davis", "drift-straight", .10), ("davis", "scooter-black", .81), ("davis", "blackswan", .80),
    ("davis", "soapbox", .65), ("tld", "pedestrian1", .00), ("tld", "pedestrian2", .01), ("tld", "pedestrian3", .12), ("tld", "car", .08),
]


def truth(folder, name):
    """The truth box (left, top, right, bottom) of each frame, None where the object is not visible."""
    boxes = []
    if folder.endswith("davis"):
        for line in open(f"{folder}/{name}.boxes.txt"):
            if not line.startswith("#"):
                x, y, w, h = map(float, line.split()[1:5])
                boxes.append((x, y, x + w, y + h) if w > 0 else None)
    else:
        for line in open(f"{folder}/{name}.gt.txt"):
            left, top, right, bottom = map(float, line.strip().split(","))
            boxes.append(None if left != left else (left - 1, top - 1, right, bottom))
    return boxes


def hull(box):
    """The upright hull of an oriented box of the stream."""
    from math import cos, sin
    c, s = abs(cos(box["angle"] or 0)), abs(sin(box["angle"] or 0))
    w, h = box["w"] * c + box["h"] * s, box["w"] * s + box["h"] * c
    return box["cx"] - w / 2, box["cy"] - h / 2, box["cx"] + w / 2, box["cy"] + h / 2


def iou(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def main():
    program, data = sys.argv[1], sys.argv[2]
    print("| sequence | share | any id | confirmed tracks per frame | README's best motion |\n|---|---|---|---|---|")
    for folder, name, best in SEQUENCES:
        boxes = truth(f"{data}/{folder}", name)
        stream = subprocess.run([program, "track", f"{data}/{folder}/{name}.mp4", "-q"], capture_output=True, text=True, check=True).stdout
        frames = [r for r in map(json.loads, stream.splitlines()) if r["record"] == "frame"]
        hits, any_id, rows = collections.Counter(), 0, 0
        for frame in frames:
            box = boxes[frame["frame"]]
            rows += sum(t["state"] == "confirmed" for t in frame["tracks"])
            ids = {t["id"] for t in frame["tracks"] if box and iou(hull(t["box"]), box) >= 0.5}
            hits.update(ids)
            any_id += bool(ids)
        visible = sum(box is not None for box in boxes)
        share = max(hits.values(), default=0) / visible
        print(f"| {name} | {share:.2f} | {any_id / visible:.2f} | {rows / len(frames):.1f} | {best:.2f} |", flush=True)


if __name__ == "__main__":
    main()
