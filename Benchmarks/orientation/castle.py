#!/usr/bin/env python3
"""What the path of one moving camera is off by on ViSP's rendered castle: 40 frames with exact poses (f 700, middle 320, 240).

usage: castle.py PROGRAM [FOLDER]

The data are those of Debian's package visp-images-data (apt-get install visp-images-data). Printed are the root mean square errors of `sextant orient`
over all frames: the angle, the first frame's taken as right, and the place after the similarity that fits best, as a share of the path.
"""
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

DATA = pathlib.Path("/usr/share/visp-images-data/ViSP-images/mbt-depth/Castle-simu")
COUNT = 40
CAMERA = """image_width: 640
image_height: 480
distortion_model: none
camera_matrix: [700, 0, 320, 0, 700, 240, 0, 0, 1]
"""


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stderr=subprocess.DEVNULL)


def truth():
    """The maps from the camera to the world; the files hold their inverses."""
    return [np.linalg.inv(np.loadtxt(DATA / f"CameraPose/Camera_{i:03d}.txt")) for i in range(1, COUNT + 1)]


def similarity(found, expected):
    """Scale, rotation and shift that bring places nearest to others (Umeyama 1991)."""
    a, b = found - found.mean(0), expected - expected.mean(0)
    u, d, v = np.linalg.svd(b.T @ a)
    sign = np.diag([1, 1, np.sign(np.linalg.det(u @ v))])
    rotation = u @ sign @ v
    scale = np.trace(np.diag(d) @ sign) / (a ** 2).sum()
    return scale, rotation, expected.mean(0) - scale * rotation @ found.mean(0)


def angle(rotation):
    return math.degrees(math.acos(max(-1, min(1, (np.trace(rotation) - 1) / 2))))


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(scratch)
        folder.mkdir(exist_ok=True)
        camera, path = folder / "camera.yml", folder / "path.txt"
        camera.write_text(CAMERA)
        run(program, "orient", DATA / "Images" / "Image_*.pgm", "--camera", camera, "--format", "kitti", "-o", path, "--overwrite", "-q")
        poses = np.loadtxt(path).reshape(-1, 3, 4)
        expected = truth()
        places = np.array([pose[:3, 3] for pose in expected])
        scale, rotation, shift = similarity(poses[:, :, 3], places)
        misses = np.linalg.norm(scale * poses[:, :, 3] @ rotation.T + shift - places, axis=1)
        turns = [
            angle((expected[0][:3, :3].T @ true[:3, :3]).T @ (poses[0][:, :3].T @ found[:, :3]))
            for found, true in zip(poses, expected)]
        length = np.linalg.norm(np.diff(places, axis=0), axis=1).sum()
        print(f"turn {math.sqrt(np.mean(np.square(turns))):.2f}°, place {100 * math.sqrt((misses ** 2).mean()) / length:.1f} % of {length:.3f} m")


if __name__ == "__main__":
    main()
