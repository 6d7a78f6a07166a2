"""Tracking with given detections: runs `sextant track` over three collections and scores it with trackeval's metrics.

    python given_detections.py [--sextant .build/release/sextant] [--data ../shared/data] [--only kitti|hit-uav|uavdt]

Needs trackeval 1.3, numpy, scipy and shapely. Protocols: the READMEs of kitti-tracking, hit-uav-sequences and uavdt.
kitti: PointRCNN cars as they are, no pictures. hit-uav: the published boxes as detections of score 1, camera motion from the video.
uavdt: the truth as detections of score 0.9, every frame and every fifth; the detections' own boxes are reported (`boxes: detected`).
"""
import argparse
import contextlib
import csv
import glob
import gzip
import io
import json
import math
import os
import subprocess
import tempfile

import numpy as np
import trackeval
from scipy.optimize import linear_sum_assignment
from shapely.geometry import Polygon

QUIET = {"PRINT_CONFIG": False}
METRICS = [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(QUIET), trackeval.metrics.Identity(QUIET)]


def track(sextant, arguments, boxes="filtered"):
    """Runs the command; rows (frame, id, box) of the frames in which a track was seen, box = cx, cy, w, h, angle."""
    with tempfile.TemporaryDirectory() as folder:
        stream, config = os.path.join(folder, "stream.ndjson"), os.path.join(folder, "config.yaml")
        with open(config, "w") as file:
            file.write(f"tracker:\n  boxes: {boxes}\n")
        subprocess.run([sextant, "track", *arguments, "-o", stream, "--config", config, "-q"], check=True)
        rows = []
        for line in open(stream):
            record = json.loads(line)
            if record["record"] != "frame":
                continue
            for t in record["tracks"]:
                if t["observed"]:
                    b = t["box"]
                    rows.append((record["frame"], t["id"], (b["cx"], b["cy"], b["w"], b["h"], b["angle"] or 0)))
        return rows


def hull(box):
    x, y, w, h, a = box
    c, s = abs(math.cos(a)), abs(math.sin(a))
    w, h = w * c + h * s, w * s + h * c
    return (x - w / 2, y - h / 2, w, h)


def corners(box):
    x, y, w, h, a = box
    c, s = math.cos(a), math.sin(a)
    return [(x + u * c - v * s, y + u * s + v * c) for u, v in ((-w/2, -h/2), (w/2, -h/2), (w/2, h/2), (-w/2, h/2))]


def overlaps(truth, result):
    """IoU of upright boxes left, top, width, height."""
    if not truth or not result:
        return np.zeros((len(truth), len(result)))
    a, b = np.array(truth)[:, None], np.array(result)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    shared = np.prod(np.maximum(high - low, 0), -1)
    return shared / (np.prod(a[..., 2:], -1) + np.prod(b[..., 2:], -1) - shared)


def oriented_overlaps(truth, result):
    def iou(p, q):
        shared = p.intersection(q).area
        return shared / (p.area + q.area - shared) if shared else 0.0
    return np.array([[iou(p, q) for q in result] for p in truth]).reshape(len(truth), len(result))


def sequence(truth, result, similarities, name):
    """What trackeval's metrics take; truth and result are per frame lists of ids."""
    def renumbered(frames):
        order = {k: i for i, k in enumerate(sorted({k for frame in frames for k in frame}))}
        return [np.array([order[k] for k in frame], dtype=int) for frame in frames], len(order)
    gt, gt_count = renumbered(truth)
    tr, tr_count = renumbered(result)
    return {
        "gt_ids": gt, "tracker_ids": tr, "similarity_scores": similarities, "num_timesteps": len(gt), "seq": name,
        "num_gt_ids": gt_count, "num_tracker_ids": tr_count, "num_gt_dets": sum(map(len, gt)),
        "num_tracker_dets": sum(map(len, tr))}


def score(sequences):
    """Scores per sequence and of all together."""
    table = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for metric in METRICS:
            each = {s["seq"]: metric.eval_sequence(s) for s in sequences}
            for name, values in {**each, "all": metric.combine_sequences(each)}.items():
                table.setdefault(name, {}).update(values)
    return table


def show(title, table):
    print(f"\n{title}\n\n| sequence | HOTA | DetA | AssA | MOTA | IDF1 | IDSW | FP | FN |\n|---|---|---|---|---|---|---|---|---|")
    for name, v in table.items():
        shares = [100 * float(np.mean(v[k])) for k in ("HOTA", "DetA", "AssA", "MOTA", "IDF1")]
        counts = [int(v[k]) for k in ("IDSW", "CLR_FP", "CLR_FN")]
        print(f"| {name} | " + " | ".join(f"{x:.2f}" for x in shares) + " | " + " | ".join(map(str, counts)) + " |", flush=True)


def kitti(sextant, data):
    root = os.path.join(data, "kitti-tracking")
    with tempfile.TemporaryDirectory() as work:
        labels, results = os.path.join(work, "gt", "label_02"), os.path.join(work, "trackers", "sextant", "data")
        os.makedirs(labels), os.makedirs(results)
        seqmap = open(os.path.join(root, "seqmap.txt")).read()
        open(os.path.join(work, "gt", "evaluate_tracking.seqmap.training"), "w").write(seqmap)
        for name in (line.split()[0] for line in seqmap.splitlines()):
            open(os.path.join(labels, name + ".txt"), "w").write(gzip.open(f"{root}/label_02/{name}.txt.gz", "rt").read())
            rows = track(sextant, ["--detections", f"{root}/det/car/{name}.txt.gz", "--fps", "10"])
            with open(os.path.join(results, name + ".txt"), "w") as file:
                for frame, identity, box in rows:
                    x, y, w, h = hull(box)
                    file.write(f"{frame} {identity} Car -1 -1 -10 {x} {y} {x + w} {y + h} -1 -1 -1 -1000 -1000 -1000 -10 1\n")
        with contextlib.redirect_stdout(io.StringIO()):
            dataset = trackeval.datasets.Kitti2DBox({
                "GT_FOLDER": f"{work}/gt", "TRACKERS_FOLDER": f"{work}/trackers", "OUTPUT_FOLDER": work, "PRINT_CONFIG": False,
                "CLASSES_TO_EVAL": ["car"], "SPLIT_TO_EVAL": "training"})
            sequences = [
                dataset.get_preprocessed_seq_data(dataset.get_raw_seq_data("sextant", name), "car")
                for name in (line.split()[0] for line in seqmap.splitlines())]
        show("kitti-tracking, PointRCNN cars", score(sequences))


def hit_uav(sextant, data):
    sequences = []
    for name in ("hit_60_30_a", "hit_60_30_b", "hit_60_50", "hit_60_60_b", "hit_60_70"):
        root = os.path.join(data, "hit-uav-sequences", name)
        rows = [row for row in csv.reader(open(f"{root}/gt.txt"))]
        count = sum(1 for _ in open(f"{root}/frames.csv")) - 1
        with tempfile.TemporaryDirectory() as work:
            detections = os.path.join(work, "detections.txt")
            with open(detections, "w") as file:
                for r in rows:
                    if r[12] == "1":
                        file.write(",".join([r[0], "-1", *r[2:10], "1", str(int(r[11]) - 1), "0"]) + "\n")
            found = track(sextant, [f"{root}/video.mp4", "--detections", detections])
        sequences.append(hit_uav_sequence(name, count, rows, found))
    show("hit-uav-sequences, truth as detections, camera motion from the video", score(sequences))


def hit_uav_sequence(name, count, rows, found):
    """Rows of conf 0 are dropped with what matches them; so is what lies mostly inside a DontCare box."""
    truth = [[] for _ in range(count)]
    for r in rows:
        polygon = Polygon([(float(r[2 + 2 * k]), float(r[3 + 2 * k])) for k in range(4)])
        truth[int(r[0]) - 1].append((int(r[1]), polygon, r[10] == "1", r[11] == "5"))
    result = [[] for _ in range(count)]
    for frame, identity, box in found:
        result[frame].append((identity, Polygon(corners(box))))
    gt_ids, tr_ids, similarities = [], [], []
    for t, r in zip(truth, result):
        overlap = oriented_overlaps([p for _, p, _, _ in t], [p for _, p in r])
        gated = np.where(overlap >= 0.5, overlap, 0)
        matched = [(i, j) for i, j in zip(*linear_sum_assignment(-gated)) if gated[i, j] > 0]
        drop = {j for i, j in matched if not t[i][2]}
        free = set(range(len(r))) - {j for _, j in matched}
        drop |= {j for j in free for _, p, _, careless in t if careless and r[j][1].intersection(p).area > 0.5 * r[j][1].area}
        rows_kept = [i for i in range(len(t)) if t[i][2]]
        columns_kept = [j for j in range(len(r)) if j not in drop]
        gt_ids.append([t[i][0] for i in rows_kept])
        tr_ids.append([r[j][0] for j in columns_kept])
        similarities.append(overlap[np.ix_(rows_kept, columns_kept)])
    return sequence(gt_ids, tr_ids, similarities, name)


def uavdt(sextant, data):
    for step in (1, 5):
        sequences = []
        for path in sorted(glob.glob(os.path.join(data, "uavdt", "gt", "*.txt.gz"))):
            rows = [tuple(map(int, line.split(","))) for line in gzip.open(path, "rt") if (int(line.split(",")[0]) - 1) % step == 0]
            count = (max(r[0] for r in rows) - 1) // step + 1
            with tempfile.TemporaryDirectory() as work:
                detections = os.path.join(work, "detections.txt")
                with open(detections, "w") as file:
                    for r in rows:
                        file.write(f"{(r[0] - 1) // step + 1},-1,{r[2]},{r[3]},{r[4]},{r[5]},0.9,-1,-1,-1\n")
                found = track(sextant, ["--detections", detections, "--fps", str(30 / step)], boxes="detected")
            truth, result = [[] for _ in range(count)], [[] for _ in range(count)]
            for r in rows:
                truth[(r[0] - 1) // step].append((r[1], r[2:6]))
            for frame, identity, box in found:
                result[frame].append((identity, hull(box)))
            similarities = [overlaps([b for _, b in t], [b for _, b in r]) for t, r in zip(truth, result)]
            sequences.append(sequence(
                [[k for k, _ in t] for t in truth], [[k for k, _ in r] for r in result], similarities,
                os.path.basename(path)[:5]))
        show(f"uavdt, association only, {'every frame' if step == 1 else 'every fifth frame'}", score(sequences))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sextant", default=".build/release/sextant")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--only", choices=["kitti", "hit-uav", "uavdt"])
    options = parser.parse_args()
    for name, run in (("kitti", kitti), ("hit-uav", hit_uav), ("uavdt", uavdt)):
        if options.only in (None, name):
            run(options.sextant, options.data)


main()
