#!/usr/bin/env python3
"""How far `sextant depth`'s stereo depths on KITTI's excerpt are from points that the left camera alone triangulates.

usage: kitti_depth.py PROGRAM FOLDER_OF_KITTI_ODOMETRY

Needs OpenCV's Python package. Corners of each of the first pictures are followed five frames on (Lucas and Kanade, forwards and back within half a pixel) and
triangulated by all rays, from the poses of `sextant orient` of the left camera, scaled to the true path (the true turns miss the same corners by 2.5 pixels
in five frames). Points whose rays differ by less than 2°, or that miss a ray by more than a pixel, are left out. Printed are quantiles of the stereo depth's
relative error at the corners, and in pixels of disparity.
"""
import pathlib
import sys
import tempfile

import cv2
import numpy as np

from measures import path_errors, run

FRAMES, STEPS, LEAST_ANGLE = 3, 5, np.radians(2)


def follow(pictures, corners):
    """Where corners of the first picture are in each later one, and which come back to their start in all."""
    settings = dict(winSize=(21, 21), maxLevel=4, criteria=(3, 30, 0.01))
    places, good = [corners], np.ones(len(corners), bool)
    for before, after in zip(pictures, pictures[1:]):
        there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, places[-1], None, **settings)
        back, returned, _ = cv2.calcOpticalFlowPyrLK(after, before, there, None, **settings)
        good &= (found[:, 0] > 0) & (returned[:, 0] > 0) & (np.linalg.norm(back - places[-1], axis=1) < 0.5)
        places.append(there)
    return np.array(places), good


def triangulate(rays, poses):
    """The point nearest to rays (x, y, 1) of cameras [R|t] to the first one's frame; None where they do not tell it."""
    matrix, right, lines = np.zeros((3, 3)), np.zeros(3), []
    for ray, pose in zip(rays, poses):
        line = pose[:, :3] @ ray / np.linalg.norm(ray)
        across = np.eye(3) - np.outer(line, line)
        matrix, right = matrix + across, right + across @ pose[:, 3]
        lines.append(line)
    if np.linalg.norm(np.cross(lines[0], lines[-1])) < LEAST_ANGLE:
        return None
    point = np.linalg.solve(matrix, right)
    for ray, pose in zip(rays, poses):
        seen = pose[:, :3].T @ (point - pose[:, 3])
        if seen[2] <= 0 or np.linalg.norm(seen[:2] / seen[2] - ray[:2]) * FOCAL > 1:
            return None
    return point


def main():
    global FOCAL
    program, data = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    left, right = np.loadtxt(data / "calib.txt").reshape(2, 3, 4)
    FOCAL, middle, base = left[0, 0], left[:2, 2], -right[0, 3] / left[0, 0]
    video = cv2.VideoCapture(str(data / "left.mp4"))
    pictures = [cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2GRAY) for _ in range(FRAMES + STEPS)]
    shares, pixels, asked = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        run(program, "depth", data / "left.mp4", data / "right.mp4", "--camera", data / "calib.txt", "--max-disparity", 96, "--frames", FRAMES,
            "-o", folder, "-q")
        path = f"{folder}/path.txt"
        run(program, "orient", data / "left.mp4", "--camera", data / "calib.txt", "--format", "kitti", "-o", path, "-q")
        poses = np.loadtxt(path).reshape(-1, 3, 4)
        poses[:, :, 3] *= path_errors(program, data / "poses.txt", path)[3]
        for frame in range(FRAMES):
            depth = np.load(f"{folder}/{frame:06d}_depth.npy")
            corners = cv2.goodFeaturesToTrack(pictures[frame], 2000, 0.005, 8).reshape(-1, 2)
            places, good = follow(pictures[frame:frame + STEPS + 1], corners)
            inverse = np.linalg.inv(np.vstack([poses[frame], [0, 0, 0, 1]]))
            relative = [inverse[:3] @ np.vstack([pose, [0, 0, 0, 1]]) for pose in poses[frame:frame + STEPS + 1]]
            for index in np.flatnonzero(good):
                rays = np.column_stack([(places[:, index] - middle) / FOCAL, np.ones(STEPS + 1)])
                point = triangulate(rays, relative)
                if point is None:
                    continue
                asked += 1
                found = depth[tuple(np.round(corners[index][::-1]).astype(int))]
                if np.isfinite(found):
                    shares.append(found / point[2] - 1)
                    pixels.append(FOCAL * base * (1 / found - 1 / point[2]))
    shares, pixels = np.array(shares), np.array(pixels)
    print(f"{asked} points, stereo depth at {len(shares) / asked:.0%}; relative error: median of its size {np.median(np.abs(shares)):.2%}, "
          f"90 % {np.quantile(np.abs(shares), 0.9):.2%}, signed {np.median(shares):+.2%}; disparity: {np.median(np.abs(pixels)):.2f} and "
          f"{np.quantile(np.abs(pixels), 0.9):.2f} px, signed {np.median(pixels):+.2f}; off by more than 1 px {np.mean(np.abs(pixels) > 1):.1%}")


if __name__ == "__main__":
    main()
