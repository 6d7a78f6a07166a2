#!/usr/bin/env python3
"""What the paths and depths of one camera on made-up flights are off by, through the command: clips by `sextant synthesize`, 640×360, 100 frames.

usage: flights.py PROGRAM [FOLDER] [--quality N] [--name BEGINNING]

For each flight of flights.json (places and heights in metres, yaws and pitches in radians, at even times): root mean square errors of `sextant orient`
(the place after the similarity that fits best, as a share of the path; the turn, the first frame's taken as right); what `--height` makes of the way to the
furthest place, with the 95 % interval that is told; and relative errors of the depths by `sextant depth`.
"""
import argparse
import json
import pathlib
import re
import tempfile

import numpy as np

from measures import depth_errors, evaluation, path_errors, run, write_camera

WIDTH, HEIGHT, SECONDS = 640, 360, 4


def write_scene(program, flight, folder):
    """The preset `aerial` with the flight's camera."""
    base = folder / "preset"
    run(program, "synthesize", "aerial", "--seed", flight.get("seed", 1), "--size", f"{WIDTH}x{HEIGHT}", "--duration", SECONDS,
        "-o", folder / "preset.mp4", "--truth", base, "--overwrite", "-q")
    scene = json.loads((base / "scene.json").read_text())
    step = SECONDS / (len(flight["keys"]) - 1)
    scene["camera"] = {"shake": 0.0015, "keys": [
        {"time": index * step,
         "state": {"position": {"x": x, "y": y}, "height": height, "yaw": yaw, "pitch": pitch, "roll": 0, "zoom": 1}}
        for index, (x, y, height, yaw, pitch) in enumerate(flight["keys"])]}
    if flight.get("flat"):
        scene["occluders"], scene["objects"] = [], []
    path = folder / "scene.json"
    path.write_text(json.dumps(scene))
    return path


def read_depth(path):
    """A PFM file's depths, top row first."""
    with open(path, "rb") as file:
        file.readline(), file.readline(), file.readline()
        return np.frombuffer(file.read(), "<f4").reshape(HEIGHT, WIDTH)[::-1]


def height_error(program, clip, camera, flight, truth, path):
    """How far the way to the furthest place is too long by `--height`, and the half width of the interval that is told, both in per cent."""
    said = run(program, "orient", clip, "--camera", camera, "--height", flight["keys"][0][2], "--format", "kitti", "-o", path, "--overwrite").stderr
    told = re.search(r"metres to ± ([\d.]+) %", said)
    ways = [np.linalg.norm(places - places[0], axis=1) for places in
            (np.loadtxt(file).reshape(-1, 3, 4)[:, :, 3] for file in (path, truth))]
    far = ways[1].argmax()
    return 100 * (ways[0][far] / ways[1][far] - 1), float(told[1]) if told else None


def measure(program, flight, folder, quality):
    clip, camera, truth, path = folder / "clip.mp4", folder / "camera.yml", folder / "truth", folder / "path.txt"
    write_camera(camera, WIDTH, HEIGHT, WIDTH, (WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5))
    run(program, "synthesize", write_scene(program, flight, folder), "-o", clip, "--truth", truth, "--depth", "--quality", quality, "--overwrite", "-q")
    poses = truth / "poses-kitti.txt"
    run(program, "orient", clip, "--camera", camera, "--format", "kitti", "-o", path, "--overwrite", "-q")
    if not np.loadtxt(path).reshape(-1, 3, 4)[:, :, 3].any():
        turn = evaluation(program, poses, path, "origin", "rotation_angle_deg")["errors"][0]["rmse"]
        print(f"{flight['name']}: stays, turn {turn:.3f}°", flush=True)
        return
    place, turn, length, scale = path_errors(program, poses, path)
    print(f"{flight['name']}, {length:.1f} m: place {100 * place:.3f} %, turn {turn:.3f}°", end="", flush=True)
    error, told = height_error(program, clip, camera, flight, poses, path)
    print(f"; by its height {error:+.2f} %, told ± {told} %", end="", flush=True)
    maps = folder / "maps"
    run(program, "depth", clip, "--camera", camera, "-o", maps, "--overwrite", "-q")
    # `depth` follows the camera as `orient` does: the scale is the same.
    found = depth_errors(maps, scale, lambda frame: read_depth(truth / f"depth/{frame:06d}.pfm"))
    print("; {} depth maps: median {:.2%}, 90 % {:.2%}, measured {:.0%}".format(*found) if found else "; no depth maps", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    parser.add_argument("--quality", default=23)
    parser.add_argument("--name", default="")
    given = parser.parse_args()
    flights = json.loads((pathlib.Path(__file__).parent / "flights.json").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        for flight in flights:
            if flight["name"].startswith(given.name):
                folder = (given.folder or pathlib.Path(scratch)) / flight["name"].replace(" ", "-")
                folder.mkdir(parents=True, exist_ok=True)
                measure(given.program.resolve(), flight, folder, given.quality)


if __name__ == "__main__":
    main()
