#!/usr/bin/env python3
"""What the path and the depths of one moving camera are off by on ViSP's rendered castle: 40 frames with exact poses (f 700, middle 320, 240).

usage: castle.py PROGRAM [FOLDER]

The data are those of Debian's package visp-images-data (apt-get install visp-images-data). Printed are the errors of `measures.py` of `sextant orient`
and of `sextant depth`.
"""
import pathlib
import sys
import tempfile

import numpy as np

from measures import depth_errors, path_errors, run, write_camera

DATA = pathlib.Path("/usr/share/visp-images-data/ViSP-images/mbt-depth/Castle-simu")
COUNT, WIDTH, HEIGHT = 40, 640, 480
FOCAL, MIDDLE = 700, (320, 240)
# A step of the files of depths, and how far the camera that took them stands to the right, both in metres: with these its pixels that show something
# cover those of the pictures (95 % of their union).
DEPTH_STEP, DEPTH_SHIFT = 0.000030518, 0.05


def read_depth(frame):
    """Depths of a frame's pixels (rows and columns, then 16 bits each, of another camera); 0 for none."""
    data = (DATA / f"Depth/Depth_{frame + 1:04d}.bin").read_bytes()
    z = np.frombuffer(data[8:], "<u2").reshape(HEIGHT, WIDTH) * DEPTH_STEP
    v, u = np.nonzero(z)
    z = z[v, u]
    x = np.round(u + FOCAL * DEPTH_SHIFT / z).astype(int)
    depth = np.full((HEIGHT, WIDTH), np.inf)
    inside = (x >= 0) & (x < WIDTH)
    np.minimum.at(depth, (v[inside], x[inside]), z[inside])
    return depth


def write_truth(path):
    """The maps from the camera to the world; the files hold their inverses."""
    poses = [np.linalg.inv(np.loadtxt(DATA / f"CameraPose/Camera_{i:03d}.txt"))[:3] for i in range(1, COUNT + 1)]
    np.savetxt(path, [pose.ravel() for pose in poses])


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(scratch)
        folder.mkdir(exist_ok=True)
        camera, path, truth, maps = folder / "camera.yml", folder / "path.txt", folder / "truth.txt", folder / "maps"
        write_camera(camera, WIDTH, HEIGHT, FOCAL, MIDDLE)
        write_truth(truth)
        pictures = DATA / "Images" / "Image_*.pgm"
        run(program, "orient", pictures, "--camera", camera, "--format", "kitti", "-o", path, "--overwrite", "-q")
        place, turn, length, scale = path_errors(program, truth, path)
        print(f"turn {turn:.2f}°, place {100 * place:.1f} % of {length:.3f} m", flush=True)
        run(program, "depth", pictures, "--camera", camera, "-o", maps, "--overwrite", "-q")
        # `depth` follows the camera as `orient` does: the scale is the same.
        found = depth_errors(maps, scale, read_depth)
        print("{} depth maps: median {:.2%}, 90 % {:.2%}, measured {:.0%}".format(*found) if found else "no depth maps")


if __name__ == "__main__":
    main()
