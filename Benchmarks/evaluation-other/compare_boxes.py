"""Boxes: `sextant` against shapely, pycocotools and the DOTA kit's written definition, on random input.

    SEXTANT_BENCHMARKS=1 SEXTANT_LAYERS="rotated-iou sextant" swift build -c release
    python Benchmarks/evaluation-other/compare_boxes.py .build/release [pairs] [sets]
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import peers_boxes


def rotated_iou(program, count):
    random = np.random.default_rng(7)
    pairs = [peers_boxes.random_pair(random) for _ in range(count)]
    text = "".join(" ".join(repr(v) for v in a + b) + "\n" for a, b in pairs)
    found = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.split()
    worst = max(abs(float(f) - peers_boxes.rotated_iou(a, b)) for f, (a, b) in zip(found, pairs))
    print(f"rotated IoU, {count} random pairs against shapely: largest difference {worst:.2e}")


def sextant_boxes(program, truth, result, *options):
    run = subprocess.run([program, "evaluate", "boxes", "--truth", truth, "--result", result, "--json", "--quiet", *options],
                         capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout)


def coco(program, count, folder):
    worst = 0.0
    for seed in range(100, 100 + count):
        truth, results = peers_boxes.random_coco(seed, images=20 + seed % 30, classes=1 + seed % 5, truth_per_image=12)
        # Images out of order: ties between equal scores are broken by ascending id.
        truth["images"].reverse()
        if not results:
            continue
        (folder / "truth.json").write_text(json.dumps(truth))
        (folder / "result.json").write_text(json.dumps(results))
        figures, per_class = peers_boxes.coco_figures(truth, results)
        found = sextant_boxes(program, str(folder / "truth.json"), str(folder / "result.json"), "--ap", "coco", "--similarity", "iou")
        ours = [-1.0 if v is None else v for v in found["coco"][0].values()]
        worst = max([worst] + [abs(a - b) for a, b in zip(ours, figures)])
        for row, expected in zip(found["classes"], per_class):
            if expected == expected:
                worst = max(worst, abs(row["AP"] - expected))
    print(f"COCO, {count} random sets against pycocotools, 12 figures and AP per class: largest difference {worst:.2e}")


def dota(program, count, folder):
    worst = 0.0
    for seed in range(200, 200 + count):
        truth, detections = peers_boxes.random_oriented(seed, images=25, per_image=12)
        labels, task = folder / f"labels{seed}", folder / f"task{seed}"
        labels.mkdir()
        task.mkdir()
        for image in range(25):
            rows = [(box, difficult) for i, box, difficult in truth if i == image]
            (labels / f"P{image:04d}.txt").write_text("".join(
                " ".join(repr(v) for p in peers_boxes.corners(box) for v in p) + f" ship {difficult}\n" for box, difficult in rows))
        (task / "Task1_ship.txt").write_text("".join(
            f"P{image:04d} {score} " + " ".join(repr(v) for p in peers_boxes.corners(box) for v in p) + "\n"
            for image, score, box in detections))
        eleven, every = peers_boxes.dota_ap(truth, detections)
        for style, expected in (("voc07", eleven), ("all-point", every)):
            found = sextant_boxes(program, str(labels), str(task), "--ap", style)
            worst = max(worst, abs(found["classes"][0]["AP50"] - expected))
    print(f"DOTA, {count} random sets against its written definition, VOC07 and all points: largest difference {worst:.2e}")


if __name__ == "__main__":
    build = pathlib.Path(sys.argv[1])
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    sets = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    with tempfile.TemporaryDirectory() as name:
        rotated_iou(str(build / "rotated-iou"), pairs)
        coco(str(build / "sextant"), sets, pathlib.Path(name))
        dota(str(build / "sextant"), sets, pathlib.Path(name))
