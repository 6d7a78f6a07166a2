"""Boxes by the peers: shapely for rotated overlaps, pycocotools for COCO's figures, and the DOTA kit's written definition of AP.

Each function returns what a test or a comparison needs; `fixtures.py` stores small cases, `compare_boxes.py` runs large ones.
"""

import contextlib
import io
import math

import numpy as np
import shapely
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from shapely.geometry import Polygon


def corners(box):
    """Corners of (cx, cy, w, h, angle), clockwise with y down."""
    cx, cy, w, h, a = box
    c, s = math.cos(a), math.sin(a)
    half = [(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)]
    return [(cx + x * c - y * s, cy + x * s + y * c) for x, y in half]


def rotated_iou(a, b):
    # Relative to one centre, so that the peer does not lose digits far from the origin either.
    shift = (-a[0], -a[1])
    p = Polygon(corners((0, 0, *a[2:])))
    q = Polygon(corners((b[0] + shift[0], b[1] + shift[1], *b[2:])))
    shared = p.intersection(q).area
    if shared == 0 and p.contains(q.centroid):
        # GEOS loses the whole intersection of some squares with themselves turned by a quarter; a fine grid helps it.
        shared = shapely.intersection(p, q, grid_size=1e-10).area
    union = p.area + q.area - shared
    return shared / union if union > 0 else 0.0


def random_pair(random):
    """Pairs of every kind: apart, overlapping, nearly equal, thin, square, equal but for a turn."""
    kind = random.integers(6)
    a = [random.uniform(-100, 2000), random.uniform(-100, 2000), random.uniform(1, 80), random.uniform(1, 80),
         random.uniform(-math.pi, math.pi)]
    if kind == 0:
        b = [a[0] + random.normal(0, 40), a[1] + random.normal(0, 40), random.uniform(1, 80), random.uniform(1, 80),
             random.uniform(-math.pi, math.pi)]
    elif kind == 1:
        b = [v + random.normal(0, 2) * (1 if i < 4 else 0.05) for i, v in enumerate(a)]
        b[2], b[3] = abs(b[2]) + 0.1, abs(b[3]) + 0.1
    elif kind == 2:
        scale = 10.0 ** random.uniform(-9, -3)
        b = [v + random.normal(0, scale) for v in a]
    elif kind == 3:
        a[3] = a[2] * random.uniform(0.005, 0.05)
        b = [a[0] + random.normal(0, 3), a[1] + random.normal(0, 3), a[2] * random.uniform(0.8, 1.2), a[3],
             a[4] + random.normal(0, 0.1)]
    elif kind == 4:
        a[3] = a[2]
        b = [a[0], a[1], a[2], a[3], a[4] + random.choice([0, math.pi / 2, math.pi / 4, random.uniform(-3, 3)])]
    else:
        b = [a[0] + a[2] * math.cos(a[4]) * random.choice([0.5, 1.0]), a[1] + a[2] * math.sin(a[4]) * 0.5, a[2], a[3],
             a[4] + random.choice([0, math.pi / 2, math.pi])]
    return [float(v) for v in a], [float(v) for v in b]


def random_coco(seed, images=12, classes=3, truth_per_image=6, noise=0.15):
    """A set with crowds, empty images, ties of scores, every size and false positives."""
    random = np.random.default_rng(seed)
    annotations, results = [], []
    for image in range(1, images + 1):
        if random.random() < 0.1:
            continue
        for _ in range(random.integers(0, truth_per_image)):
            w, h = np.exp(random.uniform(math.log(6), math.log(250), 2))
            x, y = random.uniform(0, 400, 2)
            category = int(random.integers(1, classes + 1))
            crowd = int(random.random() < 0.1)
            annotations.append(
                dict(id=len(annotations) + 1, image_id=image, category_id=category, iscrowd=crowd,
                     bbox=[round(float(v), 2) for v in (x, y, w, h)],
                     area=round(float(w * h * random.uniform(0.5, 1)), 2)))
            for _ in range(random.integers(0, 4)):
                factor = 1 + random.normal(0, noise, 4)
                box = [x + w * (factor[0] - 1), y + h * (factor[1] - 1), w * abs(factor[2]), h * abs(factor[3])]
                wrong = random.random() < 0.1
                results.append(
                    dict(image_id=image, category_id=int(random.integers(1, classes + 1)) if wrong else category,
                         bbox=[round(float(v), 2) for v in box], score=round(float(random.random()), 1 if random.random() < 0.5 else 4)))
        for _ in range(random.integers(0, 4)):
            x, y = random.uniform(0, 400, 2)
            w, h = np.exp(random.uniform(math.log(6), math.log(250), 2))
            results.append(
                dict(image_id=image, category_id=int(random.integers(1, classes + 1)),
                     bbox=[round(float(v), 2) for v in (x, y, w, h)], score=round(float(random.random()), 3)))
    truth = dict(
        images=[dict(id=i, file_name=f"{i:06d}.jpg", width=640, height=640) for i in range(1, images + 1)],
        annotations=annotations, categories=[dict(id=c, name=f"class{c}") for c in range(1, classes + 1)])
    return truth, results


def coco_figures(truth, results):
    """pycocotools' twelve figures and the AP of each class (nan for a class without truth)."""
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes([dict(r) for r in results]), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"]
    per_class = []
    for k in range(precision.shape[2]):
        values = precision[:, :, k, 0, 2]
        values = values[values > -1]
        per_class.append(float(values.mean()) if values.size else float("nan"))
    return [float(v) for v in evaluation.stats], per_class


def voc_ap(recall, precision, use_07_metric):
    """The DOTA development kit's `voc_ap`, from its written definition."""
    if use_07_metric:
        ap = 0.0
        for t in np.arange(0.0, 1.1, 0.1):
            p = np.max(precision[recall >= t]) if np.sum(recall >= t) else 0
            ap = ap + p / 11.0
        return float(ap)
    r = np.concatenate(([0.0], recall, [1.0]))
    p = np.concatenate(([0.0], precision, [0.0]))
    for i in range(p.size - 1, 0, -1):
        p[i - 1] = np.maximum(p[i - 1], p[i])
    i = np.where(r[1:] != r[:-1])[0]
    return float(np.sum((r[i + 1] - r[i]) * p[i + 1]))


def dota_ap(truth, detections, threshold=0.5):
    """VOC07 and all-point AP of one class. truth: (image, box, difficult); detections: (image, score, box)."""
    by_image = {}
    for image, box, difficult in truth:
        by_image.setdefault(image, []).append([box, difficult, False])
    positives = sum(1 for t in truth if not t[2])
    order = sorted(range(len(detections)), key=lambda i: -detections[i][1])
    hits, misses = [], []
    for i in order:
        image, _, box = detections[i]
        best, best_truth = -math.inf, None
        for candidate in by_image.get(image, []):
            overlap = rotated_iou(candidate[0], box)
            if overlap > best:
                best, best_truth = overlap, candidate
        hit = miss = 0
        if best > threshold:
            if not best_truth[1]:
                if not best_truth[2]:
                    hit, best_truth[2] = 1, True
                else:
                    miss = 1
        else:
            miss = 1
        hits.append(hit)
        misses.append(miss)
    tp, fp = np.cumsum(hits), np.cumsum(misses)
    recall = tp / float(positives)
    precision = tp / np.maximum(tp + fp, np.finfo(np.float64).eps)
    return voc_ap(recall, precision, True), voc_ap(recall, precision, False)


def random_oriented(seed, images=10, per_image=8):
    """Truth with difficult boxes and detections around it, one class."""
    random = np.random.default_rng(seed)
    truth, detections = [], []
    for image in range(images):
        for _ in range(random.integers(0, per_image)):
            box = [float(v) for v in (*random.uniform(0, 300, 2), random.uniform(8, 80), random.uniform(8, 40), random.uniform(-1.5, 1.5))]
            truth.append((image, box, int(random.random() < 0.15)))
            for _ in range(random.integers(0, 3)):
                near = [v + random.normal(0, 3) for v in box[:2]] + [v * random.uniform(0.8, 1.25) for v in box[2:4]] + [box[4] + random.normal(0, 0.15)]
                detections.append((image, round(float(random.random()), 3), [float(v) for v in near]))
        for _ in range(random.integers(0, 3)):
            box = [float(v) for v in (*random.uniform(0, 300, 2), random.uniform(8, 80), random.uniform(8, 40), random.uniform(-1.5, 1.5))]
            detections.append((image, round(float(random.random()), 3), box))
    return truth, detections
