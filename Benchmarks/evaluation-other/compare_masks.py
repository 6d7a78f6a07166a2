"""Masks: `sextant evaluate masks` against trackeval's J and F on the DAVIS sequences and on random ones of several objects, and the
location prior of CamVid.

DAVIS: each frame's result is the truth of the next frame. Zips are unpacked into a temporary folder.

    python Benchmarks/evaluation-other/compare_masks.py .build/release ../shared/data
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
from PIL import Image

import peers_masks

NAMES = dict(J_mean="J-Mean", J_recall="J-Recall", J_decay="J-Decay", F_mean="F-Mean", F_recall="F-Recall", F_decay="F-Decay")
NAMES["J&F"] = "J&F"


def run(program, *options):
    done = subprocess.run([program, "evaluate", "masks", "--json", *options], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def davis(program, data, folder):
    for path in sorted((data / "davis").glob("*.masks.zip")):
        masks = peers_masks.masks_of_zip(path)
        shifted = masks[1:] + masks[-1:]
        truth, result = folder / "truth" / path.name, folder / "result" / path.name
        truth.mkdir(parents=True)
        result.mkdir(parents=True)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(truth)
        for index, mask in enumerate(shifted):
            Image.fromarray(mask).save(result / f"{index:05d}.png")
        worst = 0.0
        for protocol, skip_ends in (("unsupervised", False), ("semi-supervised", True)):
            row = run(program, "--truth", str(truth), "--result", str(result), "--protocol", protocol)["objects"][0]
            expected = peers_masks.figures(masks, shifted, skip_ends)
            worst = max([worst] + [abs(row[ours] - expected[theirs]) for ours, theirs in NAMES.items()])
        print(f"trackeval J and F, {path.name}, {len(masks)} frames, both protocols: largest difference {worst:.2e}")


def several_objects(program, folder, count):
    for seed in range(count):
        truth, result = peers_masks.random_objects(seed)
        for side, images in (("truth", truth), ("result", result)):
            place = folder / "objects" / side / f"{seed:03d}"
            place.mkdir(parents=True)
            for index, image in enumerate(images):
                Image.fromarray(image).save(place / f"{index}.png")
    found = run(program, "--truth", str(folder / "objects/truth"), "--result", str(folder / "objects/result"), "--protocol",
                "unsupervised")["sequences"]
    worst = 0.0
    for row in found:
        truth, result = peers_masks.random_objects(int(row["sequence"]))
        expected = peers_masks.figures_of_objects(truth, result)
        worst = max([worst] + [abs(row[ours] - expected[theirs]) for ours, theirs in NAMES.items()])
    print(f"trackeval J and F of several objects, {len(found)} random sequences, unsupervised: largest difference {worst:.2e}")


def location_prior(program, data, folder):
    counts = np.zeros((360, 480, 12), np.int32)
    for path in sorted((data / "camvid/train/labels").glob("*.png")):
        labels = np.array(Image.open(path))
        np.put_along_axis(counts, labels[..., None].astype(np.int64),
                          np.take_along_axis(counts, labels[..., None].astype(np.int64), 2) + 1, 2)
    prior = Image.fromarray(counts[..., :11].argmax(2).astype(np.uint8))
    result = folder / "prior"
    result.mkdir()
    for path in (data / "camvid/val/labels").glob("*.png"):
        prior.save(result / path.name)
    found = run(program, "--truth", str(data / "camvid/val/labels"), "--result", str(result), "--class-names",
                str(data / "camvid/classes.csv"), "--void", "11")["mean"]
    print("CamVid location prior, val: mIoU {IoU:.4f}, pixel accuracy {pixel_accuracy:.4f}, class accuracy {accuracy:.4f}".format(**found))


if __name__ == "__main__":
    program, data = str(pathlib.Path(sys.argv[1]) / "sextant"), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        davis(program, data, pathlib.Path(name))
        several_objects(program, pathlib.Path(name), 60)
        location_prior(program, data, pathlib.Path(name))
