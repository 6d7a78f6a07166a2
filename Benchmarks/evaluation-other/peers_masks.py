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
