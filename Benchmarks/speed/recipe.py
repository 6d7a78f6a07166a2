#!/usr/bin/env python3
"""The plain recipe that `sextant track` is timed against: what moves in a video, in thirty lines of OpenCV, without a tracker.

    Benchmarks/speed/recipe.py VIDEO [--threads 2]

Each frame, grey at 640 pixels of width, is compared with the one before: 850 ORB features of each, cross-checked matches, a homography by RANSAC within
3 pixels, the warped absolute difference after a blur of 5 pixels, a threshold of 22 levels, an opening by 3 pixels, a closing by 11, and its
components of at least 0.03 % of the picture. The number of boxes is printed, so that nothing is left undone.
"""
import argparse

import cv2
import numpy as np

WIDTH = 640
FEATURES = 850
LEAST_SHARE = 0.0003


def homography(matcher, before, now):
    """The map from the frame before to this one; None where too few features agree."""
    if before[1] is None or now[1] is None:
        return None
    pairs = matcher.match(before[1], now[1])
    if len(pairs) < 4:
        return None
    source = np.float32([before[0][m.queryIdx].pt for m in pairs])
    target = np.float32([now[0][m.trainIdx].pt for m in pairs])
    return cv2.findHomography(source, target, cv2.RANSAC, 3)[0]


def boxes(before, now, motion):
    """The hulls of what differs: left, top, width, height, area."""
    size = (now.shape[1], now.shape[0])
    warped = cv2.warpPerspective(before, motion, size)
    seen = cv2.warpPerspective(np.full_like(before, 255), motion, size)
    difference = cv2.absdiff(cv2.GaussianBlur(warped, (5, 5), 0), cv2.GaussianBlur(now, (5, 5), 0))
    mask = cv2.bitwise_and(cv2.threshold(difference, 22, 255, cv2.THRESH_BINARY)[1], seen)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    _, _, parts, _ = cv2.connectedComponentsWithStats(mask)
    return [part for part in parts[1:] if part[4] >= LEAST_SHARE * now.size]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("video")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)
    orb, matcher = cv2.ORB_create(nfeatures=FEATURES), cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    capture = cv2.VideoCapture(arguments.video)
    frames, found, before = 0, 0, None
    while True:
        is_read, picture = capture.read()
        if not is_read:
            break
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        grey = cv2.resize(grey, (WIDTH, round(WIDTH * grey.shape[0] / grey.shape[1])), interpolation=cv2.INTER_AREA)
        features = orb.detectAndCompute(grey, None)
        if before is not None:
            motion = homography(matcher, before[1], features)
            found += len(boxes(before[0], grey, motion)) if motion is not None else 0
        before = (grey, features)
        frames += 1
    print(f"{frames} frames, {found} boxes")


if __name__ == "__main__":
    main()
