"""Protocol (a) of the davis and tld data: how well one single track follows the object, when the tool sees only the video.

    score.py SEXTANT DATA [--only NAME ...] [--jobs N]

Runs `SEXTANT track VIDEO` with default options on every sequence under DATA/davis and DATA/tld and prints, for each one, the share of
visible frames in which the best single track id has an IoU of at least 0.5 with the truth, the share in which any track has, and the
mean number of confirmed tracks a frame. Truth boxes are not clipped to the picture. Only Python's standard library is used.
"""

import argparse
import collections
import concurrent.futures
import json
import math
import pathlib
import subprocess

# The best column of classical motion detection in the READMEs of the data, and what is asked for beyond it.
REFERENCE = {
    "car-shadow": (0.53, 0.60), "drift-straight": (0.10, 0.60), "scooter-black": (0.81, 0.81), "blackswan": (0.80, 0.80),
    "soapbox": (0.65, 0.65), "pedestrian1": (0.00, 0.00), "pedestrian2": (0.01, 0.30), "pedestrian3": (0.12, 0.30),
    "car": (0.08, 0.30),
}


def davis_truth(path):
    rows = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [tuple(map(float, row[1:5])) for row in rows]


def tld_truth(path):
    """Corners are 1-based inclusive pixels; nan where the object is not visible."""
    boxes = []
    for line in path.read_text().splitlines():
        left, top, right, bottom = map(float, line.split(","))
        boxes.append(None if math.isnan(left) else (left - 1, top - 1, right - left + 1, bottom - top + 1))
    return boxes


def hull(box):
    """The upright box around an oriented one: left, top, width, height."""
    angle = box.get("angle") or 0.0
    c, s = abs(math.cos(angle)), abs(math.sin(angle))
    width, height = box["w"] * c + box["h"] * s, box["w"] * s + box["h"] * c
    return box["cx"] - width / 2, box["cy"] - height / 2, width, height


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h) if w > 0 and h > 0 else 0.0


def score(lines, truth):
    frames = confirmed = covered = 0
    hits = collections.Counter()
    for line in lines:
        record = json.loads(line)
        if record["record"] != "frame":
            continue
        frames += 1
        confirmed += sum(track["state"] == "confirmed" for track in record["tracks"])
        number = record["frame"]
        box = truth[number] if number < len(truth) else None
        if box is None:
            continue
        good = {track["id"] for track in record["tracks"] if iou(hull(track["box"]), box) >= 0.5}
        hits.update(good)
        covered += bool(good)
    visible = sum(box is not None for box in truth)
    best = max(hits.values(), default=0)
    return best / visible, covered / visible, confirmed / max(1, frames)


def measure(program, video, truth):
    result = subprocess.run([program, "track", str(video), "-q"], capture_output=True, text=True, check=True)
    return score(result.stdout.splitlines(), truth)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=list(REFERENCE))
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()

    def work(name):
        boxes = arguments.data / "davis" / f"{name}.boxes.txt"
        if boxes.exists():
            return measure(arguments.program, boxes.with_name(f"{name}.mp4"), davis_truth(boxes))
        boxes = arguments.data / "tld" / f"{name}.gt.txt"
        return measure(arguments.program, boxes.with_name(f"{name}.mp4"), tld_truth(boxes))

    print("| sequence | share of one id | any id | confirmed tracks a frame | best plain motion | asked |")
    print("|---|---|---|---|---|---|")
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for name, (share, covered, confirmed) in zip(arguments.only, pool.map(work, arguments.only)):
            plain, asked = REFERENCE[name]
            print(f"| {name} | {share:.2f} | {covered:.2f} | {confirmed:.1f} | {plain:.2f} | {asked:.2f} |", flush=True)


if __name__ == "__main__":
    main()
