"""Whether errors of forecasts are the camera's: how alike they are over the objects of a frame, in UAVDT's annotated boxes.

    python3 Benchmarks/tracking/common_motion.py ../shared/data/uavdt        (NumPy)

A filter with the tracker's default noises follows each annotated centre (constant velocity, as many equal numbers in x and y). For each
sequence: the mean of its normalised innovations squared over 2; the correlation of the innovations of two objects of one frame (1: the camera
alone, 0: each by itself); the part of all that comes from the worst hundredth of the frames and from the worst track; and both first numbers
again with what the objects of a frame did in common taken off: the median over them of how far each way differs from its own mean of 31 frames.
"""

import glob
import gzip
import os
import sys
from collections import defaultdict

import numpy as np

ACCELERATION, RELATIVE_ERROR, PIXEL_ERROR, FIRST_SPEED, STEP = 2.0, 0.025, 0.3, 6.0, 1 / 30
LONGEST_GAP, FEWEST_SEEN, HALF_WINDOW, FEWEST_TOGETHER = 30, 3, 15, 4


def tracks(path):
    """By identity, rows of frame, centre and mean side."""
    found = defaultdict(list)
    for frame, identity, left, top, width, height in np.loadtxt(gzip.open(path, "rt"), delimiter=",", usecols=range(6)):
        found[int(identity)].append((int(frame), left + width / 2, top + height / 2, np.sqrt(max(width * height, 1))))
    return {identity: sorted(rows) for identity, rows in found.items()}


def innovations(found, shifts):
    """Rows of frame, identity and the normalised innovation in x and y."""
    rows = []
    for identity, track in found.items():
        place = None
        for frame, x, y, side in track:
            measured, error = np.array([x, y]), (RELATIVE_ERROR * side) ** 2 + PIXEL_ERROR**2
            if place is None or frame - last > LONGEST_GAP:
                place, velocity, last, seen = measured, np.zeros(2), frame, 1
                p, c, v = error, 0.0, (FIRST_SPEED * side) ** 2
                continue
            noise = (ACCELERATION * side) ** 2
            for number in range(last + 1, frame + 1):
                place = place + shifts.get(number, 0) + STEP * velocity
                p += 2 * STEP * c + STEP**2 * v + noise * STEP**3 / 3
                c += STEP * v + noise * STEP**2 / 2
                v += noise * STEP
            error_now, total = measured - place, p + error
            if seen >= FEWEST_SEEN:
                rows.append((frame, identity, *(error_now / np.sqrt(total))))
            place, velocity = place + p / total * error_now, velocity + c / total * error_now
            v, c, p = v - c * c / total, c - c * p / total, p - p * p / total
            last, seen = frame, seen + 1
    return np.array(rows)


def common(found):
    """By frame, what the objects did together."""
    excess = defaultdict(list)
    for track in found.values():
        frames, places = np.array([row[0] for row in track]), np.array([row[1:3] for row in track])
        ways = np.diff(places, axis=0)
        sums = np.vstack([np.zeros(2), np.cumsum(ways, axis=0)])
        index = np.arange(len(ways))
        first, end = np.maximum(index - HALF_WINDOW, 0), np.minimum(index + HALF_WINDOW + 1, len(ways))
        usual = (sums[end] - sums[first]) / np.maximum(end - first, 1)[:, None]
        for row in np.flatnonzero(np.diff(frames) == 1):
            excess[int(frames[row + 1])].append(ways[row] - usual[row])
    return {frame: np.median(rows, axis=0) for frame, rows in excess.items() if len(rows) >= FEWEST_TOGETHER}


def figures(rows):
    """The mean of NIS/2, the correlation within frames, and the parts of the worst frames and of the worst track."""
    square = (rows[:, 2] ** 2 + rows[:, 3] ** 2) / 2
    _, frame = np.unique(rows[:, 0], return_inverse=True)
    _, track = np.unique(rows[:, 1], return_inverse=True)
    count, by_frame = np.bincount(frame), np.sort(np.bincount(frame, square))[::-1]
    together = own = 0.0
    for axis in (2, 3):
        sums, squares = np.bincount(frame, rows[:, axis]), np.bincount(frame, rows[:, axis] ** 2)
        several = count > 1
        together += ((sums**2 - squares)[several] / (count[several] - 1)).sum()
        own += squares[several].sum()
    worst = by_frame[: max(1, len(by_frame) // 100)].sum() / square.sum()
    return square.mean(), together / own, worst, np.bincount(track, square).max() / square.sum()


def main():
    print("| sequence | NIS/2 | alike | worst 1 % of frames | worst track | common motion off: NIS/2 | alike |\n|---|---|---|---|---|---|---|")
    for path in sorted(glob.glob(f"{sys.argv[1]}/gt/*.txt.gz")):
        found = tracks(path)
        before, after = figures(innovations(found, {})), figures(innovations(found, common(found)))
        print("| {} | {:.2f} | {:.2f} | {:.0%} | {:.0%} | {:.2f} | {:.2f} |".format(os.path.basename(path)[:5], *before, *after[:2]), flush=True)


main()
