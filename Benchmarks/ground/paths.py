#!/usr/bin/env python3
"""How far paths on the mosaic and places on the ground are off, on made-up flights with exact truth.

usage: paths.py PROGRAM [FOLDER]

Each clip is tracked as a video (motion detector, estimated camera motion). Printed for each, over all rows of tracks:
  mosaic   distance in pixels of the first frame between the place by the estimated camera motions and by the true ones
  ground   the same in metres, by --ground with the true corners of a rectangle; and as a share of the distance from the camera
  pose     place and turn of the frames' poses with --camera, against the true ones
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

CLIPS = [("aerial", 1), ("aerial", 2), ("crossing", 1), ("crossing", 2)]
WIDTH, HEIGHT, SECONDS = 960, 540, 10


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stderr=subprocess.DEVNULL)


def records(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def project(pose, focal, ground):
    """The pixel of a place on the ground."""
    camera = pose[:, :3].T @ (np.array([ground[0], ground[1], 0.0]) - pose[:, 3])
    return np.array([focal * camera[0] / camera[2] + WIDTH / 2, focal * camera[1] / camera[2] + HEIGHT / 2])


def unproject(pose, focal, pixel):
    """The place on the ground that a pixel shows."""
    ray = pose[:, :3] @ np.array([(pixel[0] - WIDTH / 2) / focal, (pixel[1] - HEIGHT / 2) / focal, 1.0])
    return (pose[:, 3] - ray * pose[2, 3] / ray[2])[:2]


def apply(map_, point):
    x, y, w = map_ @ np.array([point[0], point[1], 1.0])
    return np.array([x / w, y / w])


def rectangle(pose, focal):
    """Corners in pixels, clockwise, of a rectangle on the ground in the middle of the first picture, its origin and its sides."""
    middle = unproject(pose, focal, (WIDTH / 2, HEIGHT / 2))
    side = np.linalg.norm(unproject(pose, focal, (WIDTH / 2, HEIGHT / 4)) - middle)
    corners = [middle + side * np.array(c) for c in [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]]
    return [project(pose, focal, c) for c in corners], corners[0], side


def quantiles(values):
    return " ".join(f"{np.quantile(values, q):.3f}" for q in (0.5, 0.95, 1))


def measure(program, folder, scene, seed):
    clip, truth, stream, camera = (folder / f"{scene}{seed}{end}" for end in (".mp4", "", ".ndjson", ".yml"))
    run(program, "synthesize", scene, "--seed", seed, "--size", f"{WIDTH}x{HEIGHT}", "--duration", SECONDS,
        "-o", clip, "--truth", truth, "--overwrite", "-q")
    poses = np.loadtxt(truth / "poses-kitti.txt").reshape(-1, 3, 4)
    motions = np.loadtxt(truth / "homographies.txt").reshape(-1, 3, 3)
    zooms = [key["state"]["zoom"] for key in json.load(open(truth / "scene.json"))["camera"]["keys"]]
    focal = zooms[0] * WIDTH
    corners, origin, side = rectangle(poses[0], focal)
    text = " ".join(f"{x:.4f},{y:.4f}" for x, y in corners) + f":{side:.6f}x{side:.6f}"
    camera.write_text(
        f"image_width: {WIDTH}\nimage_height: {HEIGHT}\ndistortion_model: none\n"
        f"camera_matrix: [{focal}, 0, {WIDTH / 2 - 0.5}, 0, {focal}, {HEIGHT / 2 - 0.5}, 0, 0, 1]\n")
    has_zoom = max(zooms) - min(zooms) > 1e-9
    options = ["--ground", text] + ([] if has_zoom else ["--camera", camera])
    run(program, "track", clip, "-o", stream, "--overwrite", "-q", *options)
    ours = theirs = np.eye(3)
    mosaic, ground, share, places, turns = [], [], [], [], []
    for record in records(stream):
        if record["record"] != "frame":
            continue
        frame = record["frame"]
        ours = ours @ np.linalg.inv(np.array(record["camera"]["homography"]).reshape(3, 3))
        theirs = theirs @ np.linalg.inv(motions[frame])
        for track in record["tracks"]:
            point = (track["box"]["cx"], track["box"]["cy"])
            first = apply(theirs, point)
            mosaic.append(np.linalg.norm(apply(ours, point) - first))
            true = unproject(poses[0], focal, first) - origin
            if "ground" in track:
                error = np.linalg.norm(np.array([track["ground"]["x"], track["ground"]["y"]]) - true)
                ground.append(error)
                share.append(100 * error / np.linalg.norm(np.append(true + origin, 0) - poses[frame][:, 3]))
        if "pose" in record:
            pose = record["pose"]
            expected = poses[frame][:, 3] - np.append(origin, 0)
            places.append(np.linalg.norm(np.array(pose["position"]) - expected))
            x, y, z, w = pose["quaternion"]
            rotation = np.array([
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]])
            turns.append(math.degrees(math.acos(min(1, (np.trace(rotation.T @ poses[frame][:, :3]) - 1) / 2))))
    print(f"{scene} {seed}: {len(mosaic)} rows; median, 95 %, most: mosaic {quantiles(mosaic)} px", end="")
    if ground:
        print(f"; ground {quantiles(ground)} m, {quantiles(share)} %", end="")
    print(f"; pose {quantiles(places)} m, {quantiles(turns)}°" if places else "", flush=True)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(scratch)
        folder.mkdir(exist_ok=True)
        for scene, seed in CLIPS:
            measure(program, folder, scene, seed)


if __name__ == "__main__":
    main()
