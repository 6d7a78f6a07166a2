"""What the programs of this folder share: running the command, errors of paths and of depth maps."""
import json
import re
import subprocess

import numpy as np


def run(*command):
    """What a command says, both on its output and on its errors."""
    return subprocess.run([str(word) for word in command], check=True, text=True, capture_output=True)


def write_camera(path, width, height, focal, middle):
    """A camera without distortion, in OpenCV's pixels."""
    path.write_text(
        f"image_width: {width}\nimage_height: {height}\ndistortion_model: none\n"
        f"camera_matrix: [{focal}, 0, {middle[0]}, 0, {focal}, {middle[1]}, 0, 0, 1]\n")


def evaluation(program, truth, result, align, relation):
    return json.loads(run(
        program, "evaluate", "trajectory", "--truth", truth, "--result", result, "--align", align, "--relations", relation, "--json").stdout)


def path_errors(program, truth, result):
    """Of a path: the place's error as a share of the length (Sim(3)), the turn's in degrees with the first frame's taken as right, both root mean
    squares, the length of the truth, and the scale from the result to the truth.
    """
    fitted = evaluation(program, truth, result, "sim3", "translation_part")
    turn = evaluation(program, truth, result, "origin", "rotation_angle_deg")["errors"][0]["rmse"]
    length = float(re.search(r"path ([\d.]+) m", fitted["files"][0])[1])
    return fitted["errors"][0]["rmse"] / length, turn, length, fitted["alignment"]["scale"]


def depth_errors(folder, scale, truth):
    """Of the dense maps that `sextant depth` wrote of a moving camera: how many, the median and the 90 % quantile of the relative error of measured
    depths, and the share of pixels measured.

    - truth: gives the true depths of a frame, infinite or 0 where there are none.
    """
    errors, counts = [], []
    maps = sorted(folder.glob("*_depth.npy"))
    for path in maps:
        depth, true = np.load(path) * scale, truth(int(path.name.split("_")[0]))
        known = np.isfinite(true) & (true > 0)
        counts.append((np.isfinite(depth) & known).sum() / known.sum())
        both = np.isfinite(depth) & known
        errors.append(np.abs(depth[both] / true[both] - 1))
    if not maps:
        return None
    every = np.concatenate(errors)
    return len(maps), np.median(every), np.quantile(every, 0.9), float(np.mean(counts))
