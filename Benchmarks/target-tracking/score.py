#!/usr/bin/env python3
"""How well `sextant track --target` follows the objects of ../shared/data/davis and tld from the truth's first box.

    score.py PROGRAM [--model BACKBONE.onnx,HEAD.onnx] [CLIP ...]

prints for each clip the share of visible frames in which the box and the truth share half of their union, the mean of that share of the
union (0 where no box is told), the frames with a box, and those with one that shares less than a quarter (or where nothing is visible); then the
first, third and fourth of the boxes with a score of at least a half, and in the end what scores promised and held.
"""
import json
import math
import os
import subprocess
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data")
CLIPS = [
    "davis/car-shadow", "davis/drift-straight", "davis/scooter-black", "davis/blackswan", "davis/soapbox", "davis/dance-twirl",
    "davis/dog", "davis/goat", "davis/paragliding-launch", "davis/parkour", "tld/pedestrian1", "tld/pedestrian2", "tld/pedestrian3",
    "tld/car",
]


def truth(clip):
    """One [left, top, right, bottom] a frame, None where nothing is visible; TLD's corners count from 1 and are inclusive."""
    boxes = []
    tld = clip.startswith("tld")
    for line in open(f"{DATA}/{clip}.{'gt' if tld else 'boxes'}.txt"):
        if line.startswith("#"):
            continue
        if tld:
            v = [float(x) for x in line.split(",")]
            boxes.append(None if math.isnan(v[0]) else [v[0] - 1, v[1] - 1, v[2], v[3]])
        else:
            x, y, w, h = [float(x) for x in line.split()[1:5]]
            boxes.append([x, y, x + w, y + h])
    return boxes


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def hull(box):
    angle = box["angle"] or 0
    w = abs(box["w"] * math.cos(angle)) + abs(box["h"] * math.sin(angle))
    h = abs(box["w"] * math.sin(angle)) + abs(box["h"] * math.cos(angle))
    return [box["cx"] - w / 2, box["cy"] - h / 2, box["cx"] + w / 2, box["cy"] + h / 2]


def follow(program, clip, boxes, model):
    first = boxes[0]
    target = ",".join(str(v) for v in (first[0], first[1], first[2] - first[0], first[3] - first[1]))
    words = [program, "track", f"{DATA}/{clip}.mp4", "--target", target, "-q"]
    run = subprocess.run(words + (["--target-model", model] if model else []), capture_output=True, text=True, check=True)
    found = {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["record"] == "frame" and record["tracks"]:
            track = record["tracks"][0]
            found[record["frame"]] = [*hull(track["box"]), track["score"]]
    return found


def print_calibration(told):
    """What scores promise, by tenths, and what held."""
    error = 0.0
    for k in range(10):
        part = [(p, r) for p, r in told if min(int(p * 10), 9) == k]
        if part:
            said, held = sum(p for p, _ in part) / len(part), sum(r for _, r in part) / len(part)
            error += len(part) / len(told) * abs(said - held)
            print(f"score {k / 10:.1f}: {len(part):5} boxes, mean {said:.2f}, right {held:.2f}")
    print(f"expected calibration error {error:.3f}")


def main():
    words = sys.argv[1:]
    program = words.pop(0)
    model = None
    if words and words[0] == "--model":
        model = words[1]
        words = words[2:]
    shares, likely, told = [], [], []
    print("clip                      share   IoU  boxes wrong   share boxes wrong")
    for clip in words or CLIPS:
        boxes = truth(clip)
        found = follow(program, clip, boxes, model)
        overlaps = [iou(found[f], box) if f in found else 0.0 for f, box in enumerate(boxes) if box]
        sure = [iou(found[f], box) if f in found and found[f][4] >= 0.5 else 0.0 for f, box in enumerate(boxes) if box]
        shares.append(sum(o >= 0.5 for o in overlaps) / len(overlaps))
        likely.append(sum(o >= 0.5 for o in sure) / len(sure))
        right = {f: iou(found[f], boxes[f]) if boxes[f] else 0.0 for f in found}
        wrong = [f for f in found if right[f] < 0.25]
        # The first box is the truth's own.
        told += [(found[f][4], right[f] >= 0.5) for f in found if f > 0]
        print(f"{clip:24} {shares[-1]:6.2f} {sum(overlaps) / len(overlaps):5.2f} {len(found):6} {len(wrong):5}  {likely[-1]:6.2f} "
              f"{sum(v[4] >= 0.5 for v in found.values()):5} {sum(found[f][4] >= 0.5 for f in wrong):5}", flush=True)
    print(f"mean                     {sum(shares) / len(shares):6.3f}                    {sum(likely) / len(likely):6.3f}")
    print_calibration(told)


main()
