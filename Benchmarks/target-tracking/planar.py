#!/usr/bin/env python3
"""How well `sextant track` follows flat targets: VOT's `bag`, which is not flat, and targets in synthetic clips whose corners are known.

    planar.py PROGRAM [bag|synthetic|ratio ...]

The synthetic clips are made in a temporary folder: a picture of ../shared/data/oxford-affine, reduced, moves over another by a known
homography (it turns by up to 80°, tilts, comes nearer and goes away by a factor of 2 and leaves the picture in part), with noise of 2 grey
levels, a light that changes by 30 %, a blur of the motion within a fiftieth of a second and H.264 at crf 20; in frames 120 to 149 something
else covers it. Told are the median and the 95 % quantile of the worst corner's error in pixels, visible frames without a box, and boxes
told while it is covered or off by more than 10 pixels. Needs OpenCV for Python.

`ratio` tells, on two of these clips, the share of matches that agree with the map: of ours the score of a row, of the corners of the target's picture that
are followed to where they should be; of OpenCV the recipe of its tutorial on planar tracking (AKAZE with threshold 3e-4 or ORB, the best two matches by
Hamming distance with a ratio of .8, RANSAC within 2.5 pixels), on the same frames.
"""
import json
import math
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data")
WIDTH, HEIGHT, FRAMES, COVERED = 640, 480, 240, range(120, 150)
SERIES = ["graf", "boat", "bikes"]
SEEDS = range(6)


def rows(program, words):
    run = subprocess.run([program, "track", *words, "-q"], capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    found = {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["record"] == "frame" and record["tracks"]:
            found[record["frame"]] = record["tracks"][0]
    return found


def overlap(a, b):
    a, b = np.float32(a), np.float32(b)
    both, _ = cv2.intersectConvexConvex(cv2.convexHull(a), cv2.convexHull(b))
    union = cv2.contourArea(cv2.convexHull(a)) + cv2.contourArea(cv2.convexHull(b)) - both
    return both / union if union > 0 else 0.0


def corners_of(box):
    c, s = math.cos(box["angle"] or 0), math.sin(box["angle"] or 0)
    w, h = box["w"] / 2, box["h"] / 2
    return [(box["cx"] + u * w * c - v * h * s, box["cy"] + u * w * s + v * h * c) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def upright(corners):
    (left, top), (right, bottom) = np.min(corners, axis=0), np.max(corners, axis=0)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def bag(program):
    truth = [np.array([float(v) for v in line.split(",")]).reshape(4, 2) for line in open(f"{DATA}/vot-bag/bag.polygons.txt")]
    (left, top), (right, bottom) = np.min(truth[0], axis=0), np.max(truth[0], axis=0)
    box = f"{left},{top},{right - left},{bottom - top}"
    print("bag                   boxes  corners  >= .5  oriented box  >= .5  axis-aligned  >= .5")
    for name, words in (("--planar", ["--planar"]), ("without", [])):
        found = rows(program, [f"{DATA}/vot-bag/bag.mp4", "--target", box] + words)
        def scores(corners, against):
            values = [overlap(corners(found[f]), against(t)) if f in found else 0.0 for f, t in enumerate(truth)]
            return f"{np.mean(values):.3f}  {np.mean(np.array(values) >= 0.5):.2f}"
        quad = scores(lambda t: t.get("corners") or corners_of(t["box"]), lambda t: t)
        oriented = scores(lambda t: corners_of(t["box"]), lambda t: t)
        aligned = scores(lambda t: upright(corners_of(t["box"])), upright)
        print(f"{name:20s} {len(found):6d}  {quad:>14s}  {oriented:>19s}  {aligned:>19s}")


def picture(series, number):
    for extension in ("png", "jpg", "jpeg", "ppm", "pgm"):
        path = f"{DATA}/oxford-affine/{series}/img{number}.{extension}"
        if os.path.exists(path):
            return cv2.imread(path)
    return None


def poses(seed):
    """One map a frame from the target's own unit square of pixels to the clip."""
    rng = np.random.default_rng(seed)
    phases, rates = rng.uniform(0, 2 * np.pi, 7), rng.uniform(0.6, 1.4, 7)

    def wave(index, number, seconds):
        return math.sin(phases[number] + 2 * np.pi * rates[number] * index / 30 / seconds)
    for index in range(FRAMES):
        angle = math.radians(80) * (wave(index, 1, 5))
        scale = 2 ** (0.5 * wave(index, 2, 6))
        tilt = (9e-4 * wave(index, 3, 4), 9e-4 * wave(index, 4, 4.5))
        place = (WIDTH / 2 + 180 * wave(index, 5, 4), HEIGHT / 2 + 130 * wave(index, 6, 3.5))
        turn = np.array([[scale * math.cos(angle), -scale * math.sin(angle), place[0]],
                         [scale * math.sin(angle), scale * math.cos(angle), place[1]], [0, 0, 1]])
        yield turn @ np.array([[1, 0, 0], [0, 1, 0], [tilt[0], tilt[1], 1]])


def make(series, ground, seed, folder):
    rng = np.random.default_rng(seed)
    target = cv2.resize(picture(series, 1), (200, 160), interpolation=cv2.INTER_AREA)
    cv2.imwrite(f"{folder}/target.png", target)
    back = cv2.resize(picture(ground, 1), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    cover = cv2.resize(picture(ground, 2), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    middle = np.array([[1, 0, -100], [0, 1, -80], [0, 0, 1.0]])
    # OpenCV counts from the middle of the first pixel, the truth from its corner.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    shape = np.float64([[0, 0], [200, 0], [200, 160], [0, 160]]).reshape(-1, 1, 2)
    writer = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", "30", "-i", "-",
         "-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", f"{folder}/clip.mp4"], stdin=subprocess.PIPE)
    maps = [pose @ middle for pose in poses(seed)]
    truth = []
    for index, present in enumerate(maps):
        past = maps[max(0, index - 1)]
        frame = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        steps = 6
        for step in range(steps):
            # Open for a fiftieth of a second, of the thirtieth that a frame lasts, around its time.
            share = 0.6 * (step / (steps - 1) - 0.5)
            blended = present / present[2, 2] + share * (present / present[2, 2] - past / past[2, 2])
            moved = np.linalg.inv(half) @ blended @ half
            warped = cv2.warpPerspective(target, moved, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
            mask = cv2.warpPerspective(np.full(target.shape, 255, np.uint8), moved, (WIDTH, HEIGHT)).astype(np.float32) / 255
            frame += (back * (1 - mask) + warped.astype(np.float32) * mask) / steps
        if index in COVERED:
            frame[40:HEIGHT - 40, 40:WIDTH - 40] = cover[40:HEIGHT - 40, 40:WIDTH - 40]
        frame *= 1 + 0.3 * math.sin(index / 25)
        frame += rng.normal(0, 2, frame.shape)
        writer.stdin.write(np.clip(frame, 0, 255).astype(np.uint8).tobytes())
        truth.append(cv2.perspectiveTransform(shape, present).reshape(4, 2))
    writer.stdin.close()
    writer.wait()
    return truth


def synthetic(program):
    print("target on ground      median   95 %  visible  lost  wrong")
    for seed in SEEDS:
        series, ground = SERIES[seed % len(SERIES)], SERIES[(seed + 1) % len(SERIES)]
        with tempfile.TemporaryDirectory() as folder:
            truth = make(series, ground, seed, folder)
            found = rows(program, [f"{folder}/clip.mp4", "--target-image", f"{folder}/target.png"])
        picture_area = [(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)]
        errors, lost, wrong, visible = [], 0, 0, 0
        for frame, corners in enumerate(truth):
            inside, _ = cv2.intersectConvexConvex(np.float32(corners), np.float32(picture_area))
            is_visible = frame not in COVERED and inside >= 0.5 * cv2.contourArea(np.float32(corners))
            visible += is_visible
            if frame not in found:
                lost += is_visible
                continue
            error = np.max(np.linalg.norm(np.array(found[frame]["corners"]) - corners, axis=1))
            wrong += frame in COVERED or error > 10
            if is_visible:
                errors.append(error)
        print(f"{series + ' on ' + ground:20s} {np.median(errors):7.2f} {np.quantile(errors, 0.95):6.2f} {visible:8d} {lost:5d} {wrong:6d}")


def inlier_ratios(features, target, pictures):
    """Of each picture the share of matches within 2.5 pixels of the map, 0 where there is none."""
    known, looks = features.detectAndCompute(target, None)
    ratios = []
    for picture in pictures:
        points, described = features.detectAndCompute(picture, None)
        pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(looks, described, 2) if described is not None else []
        matches = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.8 * pair[1].distance]
        inside = None
        if len(matches) >= 4:
            _, inside = cv2.findHomography(
                np.float32([known[m.queryIdx].pt for m in matches]), np.float32([points[m.trainIdx].pt for m in matches]), cv2.RANSAC, 2.5)
        ratios.append(inside.mean() if inside is not None else 0.0)
    return ratios


def ratio(program):
    # OpenCV 5 has no AKAZE in its Python package.
    makers = [cv2.ORB_create()] + ([cv2.AKAZE_create(threshold=3e-4)] if hasattr(cv2, "AKAZE_create") else [])
    print("target on ground       ours    ORB  AKAZE  (mean share of inliers over frames in which the target is not covered)")
    for seed in list(SEEDS)[:2]:
        series, ground = SERIES[seed % len(SERIES)], SERIES[(seed + 1) % len(SERIES)]
        with tempfile.TemporaryDirectory() as folder:
            make(series, ground, seed, folder)
            found = rows(program, [f"{folder}/clip.mp4", "--target-image", f"{folder}/target.png"])
            target, video = cv2.imread(f"{folder}/target.png", 0), cv2.VideoCapture(f"{folder}/clip.mp4")
            pictures = [cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2GRAY) for _ in range(FRAMES)]
        frames = [frame for frame in range(FRAMES) if frame not in COVERED]
        ours = np.mean([found[frame]["score"] if frame in found else 0.0 for frame in frames])
        theirs = [np.mean(inlier_ratios(features, target, [pictures[frame] for frame in frames]))
                  for features in makers]
        print(f"{series + ' on ' + ground:20s} {ours:6.2f} " + " ".join(f"{share:6.2f}" for share in theirs), flush=True)


def main():
    program = sys.argv[1]
    parts = sys.argv[2:] or ["bag", "synthetic"]
    for part in parts:
        {"bag": bag, "synthetic": synthetic, "ratio": ratio}[part](program)


main()
