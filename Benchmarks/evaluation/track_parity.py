"""Every field of `sextant evaluate tracks --json` against TrackEval 1.3.0 on real and made sequences.

    python track_parity.py SEXTANT DATA

Oriented boxes and bird's-eye rectangles have no loader in TrackEval: its metrics are given the similarities that shapely computes.
"""

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

import numpy as np
import shapely
import trackeval
from scipy.optimize import linear_sum_assignment

import kitti
import random_sequences

EPSILON = np.finfo("float").eps


def sextant(program, *arguments):
    output = subprocess.run([program, "evaluate", "tracks", "--json", "--quiet", *arguments], capture_output=True, check=True)
    return json.loads(output.stdout)["results"][0]


def worst(ours, theirs):
    """The greatest difference over all fields and thresholds, relative where values exceed 1, and the number of values."""
    greatest, count = 0.0, 0
    for name, expected in theirs.items():
        a, b = np.atleast_1d(ours[name]).astype(float), np.atleast_1d(expected).astype(float)
        greatest = max(greatest, float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)))))
        count += b.size
    return greatest, count


def flat(metrics):
    return {name: value for fields in metrics.values() for name, value in fields.items()}


def report(title, differences):
    greatest = max(value for value, _ in differences)
    count = sum(number for _, number in differences)
    print(f"{title}: {count} values, greatest difference {greatest:.1e}")
    assert greatest <= 1e-9, title


def metrics_of(data):
    quiet = {"PRINT_CONFIG": False}
    metrics = (trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(quiet), trackeval.metrics.Identity(quiet))
    fields = {}
    for metric in metrics:
        fields.update(metric.eval_sequence(data))
    return fields


# Upright boxes

def tud(program, data):
    oracle = json.load(open(f"{data}/mot/oracle-tud.json"))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("TUD-Campus", "TUD-Stadtmitte"):
            kitti.write(f"{folder}/truth/{name}.txt", open(f"{data}/mot/{name}/gt/gt.txt").read())
            kitti.write(f"{folder}/result/{name}.txt", open(f"{data}/mot/{name}/result/test.txt").read())
        result = sextant(program, "--truth", f"{folder}/truth", "--result", f"{folder}/result")
    pairs = [(sequence["classes"][0]["metrics"], oracle[sequence["name"]]) for sequence in result["sequences"]]
    pairs.append((result["combined"][0]["metrics"], oracle["COMBINED_SEQ"]))
    report("TUD, two sequences and combined", [worst(ours, flat(theirs)) for ours, theirs in pairs])


def motmetrics_tud(program, data):
    """Counts, MOTA, MOTP and IDF1 of motmetrics, whose MOTP is a distance."""
    import motmetrics

    # motmetrics 1.4 calls what numpy 2 has removed.
    np.asfarray = lambda values, dtype=float: np.asarray(values, dtype)
    names = ("TUD-Campus", "TUD-Stadtmitte")
    accumulators = []
    for name in names:
        sides = [motmetrics.io.loadtxt(f"{data}/mot/{name}/{file}", fmt="mot15-2D") for file in ("gt/gt.txt", "result/test.txt")]
        accumulators.append(motmetrics.utils.compare_to_groundtruth(*sides, "iou", distth=0.5))
    wanted = ["num_switches", "num_false_positives", "num_misses", "num_fragmentations", "mota", "motp", "idf1"]
    table = motmetrics.metrics.create().compute_many(accumulators, names=names, metrics=wanted, generate_overall=True)
    differences = []
    for name in names:
        truth, result = f"{data}/mot/{name}/gt/gt.txt", f"{data}/mot/{name}/result/test.txt"
        ours = sextant(program, "--truth", truth, "--result", result)["combined"][0]["metrics"]
        theirs = table.loc[name]
        expected = {
            "IDSW": theirs["num_switches"], "CLR_FP": theirs["num_false_positives"], "CLR_FN": theirs["num_misses"],
            "Frag": theirs["num_fragmentations"], "MOTA": theirs["mota"], "MOTP": 1 - theirs["motp"], "IDF1": theirs["idf1"]}
        differences.append(worst(ours, expected))
    report("motmetrics on TUD", differences)


def ciwt(program, data):
    root = f"{data}/kitti-tracking"
    oracle = json.load(gzip.open(f"{root}/oracle-ciwt-full.json.gz"))
    result = sextant(program, "--truth", f"{root}/label_02", "--result", f"{root}/ciwt")
    differences = []
    for name in ("car", "pedestrian"):
        for sequence in result["sequences"]:
            if sequence["name"] in oracle[name]:
                part = next(part for part in sequence["classes"] if part["class"] == name)
                differences.append(worst(part["metrics"], flat(oracle[name][sequence["name"]])))
        combined = next(part for part in result["combined"] if part["class"] == name)
        differences.append(worst(combined["metrics"], flat(oracle[name]["COMBINED_SEQ"])))
    report("CIWT, cars and pedestrians, every threshold", differences)


def random_boxes(program, count):
    """Random MOT files with duplicate boxes, so that scores tie, and with empty sides."""
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(count):
            generator = random.Random(seed)
            for side in ("truth", "result"):
                objects = generator.randrange(7)
                rows = [
                    (frame, 3 * identity + 1, 4 * generator.randrange(6), 4 * generator.randrange(3), 8, 8)
                    for frame in range(1, 25) for identity in range(objects) if generator.random() < 0.8]
                kitti.write(f"{folder}/{side}/{seed:04d}.txt", "".join("%d,%d,%d,%d,%d,%d,1,-1,-1,-1\n" % row for row in rows))
        result = sextant(program, "--truth", f"{folder}/truth", "--result", f"{folder}/result")
        for sequence in result["sequences"]:
            theirs = metrics_of(upright_data(folder, sequence["name"]))
            differences.append(worst(sequence["classes"][0]["metrics"], theirs))
    report(f"{count} random sequences of boxes with ties and empty sides", differences)


def upright_data(folder, name):
    sides = []
    for side in ("truth", "result"):
        rows = [[float(value) for value in line.split(",")[:6]] for line in open(f"{folder}/{side}/{name}.txt")]
        sides.append(rows)
    last = int(max([row[0] for rows in sides for row in rows], default=0))
    frames = []
    for frame in range(1, last + 1):
        truth, tracker = ([row for row in rows if row[0] == frame] for rows in sides)
        matrix = np.zeros((len(truth), len(tracker)))
        if truth and tracker:
            matrix = trackeval.datasets._base_dataset._BaseDataset._calculate_box_ious(
                np.array([row[2:] for row in truth]), np.array([row[2:] for row in tracker]), box_format="xywh")
        frames.append(([int(row[1]) for row in truth], [int(row[1]) for row in tracker], matrix))
    return random_sequences.trackeval_data(frames)


# Bird's eye

def rectangle(x, z, length, width, rotation):
    along = np.array([np.cos(rotation), -np.sin(rotation)]) * length / 2
    across = np.array([np.sin(rotation), np.cos(rotation)]) * width / 2
    center = np.array([x, z])
    return shapely.Polygon([center + a * along + b * across for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))])


def iou(a, b):
    if a.area <= 0 or b.area <= 0:
        return 0.0
    shared = a.intersection(b).area
    return shared / (a.area + b.area - shared)


def spatial(path):
    """(frame, id) to the rectangle on the ground."""
    found = {}
    for line in open(path):
        columns = line.split()
        _, width, length, x, _, z, rotation = (float(value) for value in columns[10:17])
        found[int(columns[0]), int(columns[1])] = rectangle(x, z, length, width, rotation)
    return found


def birds_eye(program, data):
    """TrackEval's own KITTI preprocessing in the image, then its metrics on the similarities of the ground rectangles."""
    with tempfile.TemporaryDirectory() as folder:
        truth = kitti.lay_out(f"{data}/kitti-tracking", folder)
        kitti.nine_results(f"{data}/kitti-tracking", folder)
        name = "made-2"
        result = sextant(
            program, "--truth", f"{truth}/label_02", "--result", f"{folder}/results/{name}", "--classes", "car",
            "--similarity", "birds-eye")
        config = trackeval.datasets.Kitti2DBox.get_default_dataset_config()
        config.update(
            GT_FOLDER=truth, TRACKERS_FOLDER=f"{folder}/results", TRACKERS_TO_EVAL=[name], CLASSES_TO_EVAL=["car"],
            SPLIT_TO_EVAL="training", PRINT_CONFIG=False)
        dataset = trackeval.datasets.Kitti2DBox(config)
        differences = []
        for sequence in result["sequences"]:
            raw = dataset.get_raw_seq_data(name, sequence["name"])
            original = [dict(zip(map(tuple, boxes), ids)) for boxes, ids in zip(raw["gt_dets"], raw["gt_ids"])]
            tracked = [dict(zip(map(tuple, boxes), ids)) for boxes, ids in zip(raw["tracker_dets"], raw["tracker_ids"])]
            prepared = dataset.get_preprocessed_seq_data(raw, "car")
            truths = spatial(f"{truth}/label_02/{sequence['name']}.txt")
            results = spatial(f"{folder}/results/{name}/data/{sequence['name']}.txt")
            for frame in range(prepared["num_timesteps"]):
                rows = [truths[frame, original[frame][tuple(box)]] for box in prepared["gt_dets"][frame]]
                columns = [results[frame, tracked[frame][tuple(box)]] for box in prepared["tracker_dets"][frame]]
                prepared["similarity_scores"][frame] = np.array(
                    [[iou(a, b) for b in columns] for a in rows]).reshape(len(rows), len(columns))
            differences.append(worst(sequence["classes"][0]["metrics"], metrics_of(prepared)))
    report("KITTI cars in bird's eye, 13 sequences", differences)


# Oriented boxes

def oriented_sequences(data):
    """Name, truth rows (frame, id, corners, counts) with ids that are unique in a frame."""
    for name in sorted(os.listdir(f"{data}/dota8-mot")):
        path = f"{data}/dota8-mot/{name}/gt_obb.txt"
        if os.path.exists(path):
            rows = []
            for line in open(path):
                frame, identity, x, y, w, h, angle, conf = (float(value) for value in line.split(",")[:8])
                along = np.array([np.cos(angle), np.sin(angle)]) * w / 2
                across = np.array([-np.sin(angle), np.cos(angle)]) * h / 2
                center = np.array([x, y])
                corners = [center - along - across, center + along - across, center + along + across, center - along + across]
                rows.append((int(frame), int(identity), np.array(corners), conf > 0))
            yield name, path, rows
    for name in sorted(os.listdir(f"{data}/hit-uav-sequences")):
        path = f"{data}/hit-uav-sequences/{name}/gt.txt"
        if os.path.exists(path):
            rows = []
            for line in open(path):
                values = [float(value) for value in line.split(",")]
                rows.append((int(values[0]), int(values[1]), np.array(values[2:10]).reshape(4, 2), values[10] > 0))
            yield name, path, rows


def moved(rows, seed):
    """A result: rectangles turned and shifted, some missing, ids that change."""
    generator = random.Random(seed)
    names, following, result = {}, 1, []
    for frame, identity, corners, _ in rows:
        if identity not in names or generator.random() < 0.03:
            names[identity] = following
            following += 1
        if generator.random() < 0.1:
            continue
        center = corners.mean(axis=0)
        angle = generator.gauss(0, 0.08)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        size = np.linalg.norm(corners[1] - corners[0])
        shift = np.array([generator.gauss(0, 0.08), generator.gauss(0, 0.08)]) * size
        result.append((frame, names[identity], (corners - center) @ turn.T + center + shift))
    return result


def oriented(program, data):
    """The rule of hit-uav: rows that do not count are dropped, and with them the result boxes matched to them."""
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        for seed, (name, path, rows) in enumerate(oriented_sequences(data)):
            result = moved(rows, seed)
            text = "".join(
                "%d,%d,%s,1,0,0\n" % (frame, identity, ",".join(repr(float(value)) for value in corners.ravel()))
                for frame, identity, corners in result)
            kitti.write(f"{folder}/{name}.txt", text)
            ours = sextant(program, "--truth", path, "--result", f"{folder}/{name}.txt", "--one-class")
            frames = []
            for frame in range(1, max(row[0] for row in rows) + 1):
                truth = [(row[1], shapely.Polygon(rectangular(row[2])), row[3]) for row in rows if row[0] == frame]
                tracks = [(row[1], shapely.Polygon(rectangular(row[2]))) for row in result if row[0] == frame]
                matrix = np.array([[iou(a[1], b[1]) for b in tracks] for a in truth]).reshape(len(truth), len(tracks))
                frames.append(without_ignored(truth, tracks, matrix))
            differences.append(worst(ours["combined"][0]["metrics"], metrics_of(random_sequences.trackeval_data(frames))))
    report("oriented boxes, dota8-mot and hit-uav-sequences", differences)


def rectangular(corners):
    """The rectangle of the mean opposite sides, as readers of corners make of them."""
    along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    across = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    width, height = np.linalg.norm(along), np.linalg.norm(across)
    direction = along / width if width > 0 else np.array([1.0, 0.0])
    normal = np.array([-direction[1], direction[0]])
    center = corners.mean(axis=0)
    return [center + a * direction * width / 2 + b * normal * height / 2 for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def without_ignored(truth, tracks, matrix):
    scores = np.where(matrix < 0.5 - EPSILON, 0, matrix)
    rows, columns = linear_sum_assignment(-scores)
    dropped = {j for i, j in zip(rows, columns) if scores[i, j] > EPSILON and not truth[i][2]}
    kept_rows = [i for i, item in enumerate(truth) if item[2]]
    kept_columns = [j for j in range(len(tracks)) if j not in dropped]
    return [truth[i][0] for i in kept_rows], [tracks[j][0] for j in kept_columns], matrix[np.ix_(kept_rows, kept_columns)]


if __name__ == "__main__":
    program, data = sys.argv[1:3]
    tud(program, data)
    motmetrics_tud(program, data)
    ciwt(program, data)
    random_boxes(program, 500)
    birds_eye(program, data)
    oriented(program, data)
