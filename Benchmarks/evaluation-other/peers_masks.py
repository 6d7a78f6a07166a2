"""DAVIS J and F by trackeval's own functions, on PNG masks."""

import io
import sys
import types
import zipfile

import numpy as np
from PIL import Image


def _disk(radius):
    r = int(radius)
    y, x = np.mgrid[-r:r + 1, -r:r + 1]
    return (x * x + y * y <= r * r).astype(np.uint8)


# trackeval asks scikit-image for nothing but this disc.
sys.modules["skimage"] = types.ModuleType("skimage")
sys.modules["skimage.morphology"] = types.ModuleType("skimage.morphology")
sys.modules["skimage.morphology"].disk = _disk

from pycocotools import mask as coco_mask  # noqa: E402
from trackeval.metrics import JAndF  # noqa: E402


def masks_of_zip(path):
    """The masks of a sequence, 0 and 1, in the order of their names."""
    with zipfile.ZipFile(path) as archive:
        return [np.array(Image.open(io.BytesIO(archive.read(name)))).astype(np.uint8) for name in sorted(archive.namelist())]


def figures(truth, result, skip_ends):
    """trackeval's figures of one object; J and F by trackeval, frame by frame."""
    if skip_ends:
        truth, result = truth[1:-1], result[1:-1]
    encode = lambda m: coco_mask.encode(np.asfortranarray(m))
    data = dict(
        num_timesteps=len(truth), num_tracker_ids=1, num_gt_ids=1,
        gt_dets=[[encode(m)] for m in truth], tracker_dets=[[encode(m)] for m in result],
        gt_ids=[np.array([0])] * len(truth), tracker_ids=[np.array([0])] * len(truth))
    found = JAndF().eval_sequence(data)
    return {k: float(v) for k, v in found.items()}


def figures_of_objects(truth, result):
    """trackeval's figures of several objects, assigned by (J + F)/2 and averaged; images of labels, 0 the background."""
    def side(images):
        labels = sorted(set(np.unique(images)) - {0})
        masks = [[coco_mask.encode(np.asfortranarray((image == label).astype(np.uint8))) for label in labels] for image in images]
        return masks, len(labels)

    (truths, true_count), (results, count) = side(truth), side(result)
    metric = JAndF()
    metric.optim_type = "J&F"
    found = metric.eval_sequence(dict(
        num_timesteps=len(truth), num_tracker_ids=count, num_gt_ids=true_count, gt_dets=truths, tracker_dets=results,
        gt_ids=[np.arange(true_count)] * len(truth), tracker_ids=[np.arange(count)] * len(truth)))
    return {k: float(v) for k, v in found.items()}


def random_objects(seed):
    """Moving discs with labels, and a result that moves, loses and invents some under labels of its own."""
    random = np.random.default_rng(seed)
    height, width, frames = 90, 120, int(random.integers(4, 14))
    y, x = np.mgrid[:height, :width]

    def paint(discs, time):
        image = np.zeros((height, width), np.uint8)
        for label, (cx, cy, vx, vy, radius, first, last) in discs:
            if first <= time <= last:
                image[(x - cx - vx * time) ** 2 + (y - cy - vy * time) ** 2 <= radius * radius] = label
        return image

    def disc():
        return (*random.uniform((15, 15), (105, 75)), *random.uniform(-3, 3, 2), random.uniform(5, 18), 0, random.integers(frames // 2, frames))

    truth = [(i + 1, disc()) for i in range(random.integers(1, 6))]
    labels = random.permutation(np.arange(1, 12))
    result = [(int(labels[i]), (d[0] + random.normal() * 2, d[1] + random.normal() * 2, *d[2:])) for i, (_, d) in enumerate(truth)
              if random.random() > 0.2]
    result += [(int(labels[6 + i]), disc()) for i in range(random.integers(0, 3))]
    return [paint(truth, t) for t in range(frames)], [paint(result, t) for t in range(frames)]
