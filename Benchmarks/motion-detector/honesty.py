#!/usr/bin/env python3
"""Whether the scores and covariances of the motion detector's detections are what they say.

    Benchmarks/motion-detector/honesty.py SHARED_DATA SEXTANT FOLDER [--seeds 5,6,7,8,9] [--part test]
        [--only synthetic,davis,flying-objects] [--jobs 1]

FOLDER holds the scenes that `Benchmarks/synthetic/measure` has rendered there. Every clip is run with `track --detections-output`. A detection is
right on the synthetic scenes and on `davis` where its box and one of the truth's have an IoU of 0.3 (rotated, or upright), on `flying-objects`,
whose boxes are loose, where its centre lies in one. `davis` knows one object a clip, so there is more that is right than it counts.

Printed are, for each tenth of the score, how many detections have it, their mean score, and the share of them that are right, with the expected error of
calibration (the mean distance of both, weighed by number); and how many true centres of the right ones lie in the detection's ellipses
of 50 and 95 % (not on `flying-objects`, where a box's middle is not the object's), with the mean squared distance, 2 where that is honest.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import math
import pathlib
import subprocess
import tempfile

import score
from truth import box_rows, center, holds

PRESETS = ["aerial", "fixed", "traffic", "crossing", "stress"]
LEAST_IOU = 0.3
BINS = 10

Detection = collections.namedtuple("Detection", "score box covariance")
# A detection's score, whether it is right, and the squared distance of the true centre by its covariance (None where unknown).
Sample = collections.namedtuple("Sample", "score right distance")


def detections(program, video):
    """The detections of each frame."""
    rows = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        found = pathlib.Path(folder) / "found.csv"
        subprocess.run([program, "track", str(video), "-q", "--detections-output", str(found), "-o", f"{folder}/tracks.ndjson"], check=True)
        for row in csv.DictReader(found.open()):
            box = {key: float(row[column]) for key, column in zip(("cx", "cy", "w", "h", "angle"), score.BOX_COLUMNS)}
            covariance = [float(row[key]) for key in ("cx_var_px2", "cx_cy_cov_px2", "cy_var_px2")]
            rows[int(row["frame"])].append(Detection(float(row["score"]), box, covariance))
    return rows


def squared_distance(detection, place):
    (xx, xy, yy), x, y = detection.covariance, place[0] - detection.box["cx"], place[1] - detection.box["cy"]
    return (yy * x * x - 2 * xy * x * y + xx * y * y) / (xx * yy - xy * xy)


def corners(box):
    c, s = math.cos(box["angle"] or 0), math.sin(box["angle"] or 0)
    return [(box["cx"] + c * u * box["w"] / 2 - s * v * box["h"] / 2, box["cy"] + s * u * box["w"] / 2 + c * v * box["h"] / 2)
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def synthetic(folder):
    """A judge of detections by a scene's truth."""
    import shapely

    frames = {}
    for line in (folder / "truth.ndjson").open():
        record = json.loads(line)
        if record["record"] == "frame":
            frames[record["frame"]] = [(shapely.Polygon(corners(t["box"])), (t["box"]["cx"], t["box"]["cy"])) for t in record["tracks"]]

    def judge(frame, detection):
        own, best, place = shapely.Polygon(corners(detection.box)), 0, None
        for polygon, middle in frames.get(frame, []):
            shared = polygon.intersection(own).area
            overlap = shared / (polygon.area + own.area - shared)
            if overlap > best:
                best, place = overlap, middle
        return Sample(detection.score, best >= LEAST_IOU, squared_distance(detection, place) if best >= LEAST_IOU else None)

    return judge


def single(truth, loose):
    """A judge by the boxes of one object."""

    def judge(frame, detection):
        wanted = truth[frame] if frame < len(truth) else None
        own = score.hull(detection.box)
        right = wanted is not None and (holds(wanted, center(own)) if loose else score.iou(own, wanted) >= LEAST_IOU)
        return Sample(detection.score, right, squared_distance(detection, center(wanted)) if right and not loose else None)

    return judge


def clips(data, folder, seeds, part):
    """Group and video of each clip, and what makes its judge."""
    for preset in PRESETS:
        for seed in seeds:
            yield "synthetic", folder / f"{preset}-{seed}.mp4", lambda path=folder / f"{preset}-{seed}": synthetic(path)
    for name in score.OLDER_DAVIS if part == "training" else score.NEWER_DAVIS:
        yield "davis", data / "davis" / f"{name}.mp4", lambda name=name: single(score.davis_truth(data / "davis", name), False)
    for k, video in enumerate(sorted((data / "flying-objects").glob("*.mp4"))):
        if (k % score.TRAINING_STEP == 0) == (part == "training"):
            yield "flying-objects", video, lambda video=video: single(box_rows(video.with_suffix(".boxes.txt")), True)


def reliability(samples):
    """Number, mean score and share right of each bin, and the expected error of calibration."""
    bins = [[s for s in samples if min(BINS - 1, int(BINS * s.score)) == k] for k in range(BINS)]
    rows = [(len(b), sum(s.score for s in b) / len(b), sum(s.right for s in b) / len(b)) if b else (0, None, None) for b in bins]
    return rows, sum(n * abs(mean - share) for n, mean, share in rows if n) / max(1, len(samples))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", default="5,6,7,8,9")
    parser.add_argument("--part", choices=["training", "test"], default="test")
    parser.add_argument("--only", default="synthetic,davis,flying-objects")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    clips_of_part = clips(arguments.data, arguments.folder, arguments.seeds.split(","), arguments.part)
    wanted = [clip for clip in clips_of_part if clip[0] in arguments.only.split(",")]

    def run(clip):
        _, video, judge_of = clip
        judge = judge_of()
        return [judge(frame, found) for frame, rows in detections(arguments.program, video).items() for found in rows]

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(run, wanted))
    groups = collections.defaultdict(list)
    for (group, _, _), samples in zip(wanted, results):
        groups[group] += samples
    tables = {group: reliability(samples) for group, samples in groups.items()}
    print("| score | " + " | ".join(f"{group}: detections | mean score | right" for group in tables) + " |")
    print("|" + "---|" * (1 + 3 * len(tables)))
    for k in range(BINS):
        cells = [str(value) if value is not None and i % 3 == 0 else score.text(value)
                 for i, value in enumerate(v for rows, _ in tables.values() for v in rows[k])]
        print(f"| {k / BINS:.1f} to {(k + 1) / BINS:.1f} | " + " | ".join(cells) + " |")
    print("\n| group | detections | error of calibration | true centres in 50 % | in 95 % | squared distance |\n|---|---|---|---|---|---|")
    for group, samples in groups.items():
        distances = [s.distance for s in samples if s.distance is not None]
        inside = [sum(d <= -2 * math.log(1 - p) for d in distances) / len(distances) if distances else None for p in (0.5, 0.95)]
        mean = f"{sum(distances) / len(distances):.1f}" if distances else ""
        print(f"| {group} | {len(samples)} | {tables[group][1]:.3f} | {score.text(inside[0])} | {score.text(inside[1])} | {mean} |")


if __name__ == "__main__":
    main()
