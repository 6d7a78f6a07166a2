#!/usr/bin/env python3
"""How `sextant track` finds and follows what moves, without detections from elsewhere, on every annotated clip.

    Benchmarks/motion-detector/score.py SHARED_DATA SEXTANT [OLDER_SEXTANT]
        [--only davis,tld,flying-objects,clips] [--part training|test] [--jobs 2]

One row a clip, for one or two programs (before and after): the share of the frames with a visible truth in which one single track id covers
it ("one id"), in which any track does ("any id"), and the confirmed tracks a frame that do not ("others"). Covering means on `davis` and
`tld` an upright IoU of at least 0.5 with the truth box, on `flying-objects`, whose boxes are loose, that the track's centre lies in it;
paragliding-launch is scored by the body: the box of its mask after an opening by 9×9 pixels, which takes the lines away. `clips` has no truth: all tracks
are others. The truth of `tld` and `davis` is one object, so other tracks there may well be right.

Choices were made on the training clips only: the five older clips of `davis`, `tld`, and every fourth clip of `flying-objects` by name.
"""
import argparse
import collections
import concurrent.futures
import json
import math
import pathlib
import subprocess
import zipfile
import zlib

OLDER_DAVIS = ["car-shadow", "drift-straight", "scooter-black", "blackswan", "soapbox"]
NEWER_DAVIS = ["dance-twirl", "dog", "goat", "paragliding-launch", "parkour"]
TLD = ["pedestrian1", "pedestrian2", "pedestrian3", "car"]
CLIPS = ["surveillance.mp4", "box.mp4", "overhead.mp4"]
TRAINING_STEP = 4
LEAST_IOU = 0.5
OPENING = 9

Clip = collections.namedtuple("Clip", "group part name video truth covers")


# Truth


def box_rows(path):
    """The boxes (left, top, right, bottom) of `frame x y w h …` lines, None where nothing is visible."""
    boxes = []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            x, y, w, h = map(float, line.split()[1:5])
            boxes.append((x, y, x + w, y + h) if w > 0 else None)
    return boxes


def tld_rows(path):
    """The same of TLD's corners, which count columns and rows from 1 and include the last ones."""
    corners = [tuple(map(float, line.split(","))) for line in path.read_text().splitlines()]
    return [None if math.isnan(left) else (left - 1, top - 1, right, bottom) for left, top, right, bottom in corners]


def mask_rows(png):
    """The rows of a 1-bit PNG as whole numbers whose highest bit is the first column, and the width."""
    position, width, data = 8, 0, b""
    while position < len(png):
        length, kind = int.from_bytes(png[position : position + 4], "big"), png[position + 4 : position + 8]
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, depth = int.from_bytes(body[:4], "big"), body[8]
            if depth != 1:
                raise ValueError("the mask has more than one bit a pixel")
        elif kind == b"IDAT":
            data += body
        position += 12 + length
    data, count, rows = zlib.decompress(data), (width + 7) // 8, []
    last = bytes(count)
    for start in range(0, len(data), count + 1):
        row, method = bytearray(data[start + 1 : start + 1 + count]), data[start]
        for i in range(count):
            left, above, corner = (row[i - 1] if i else 0), last[i], (last[i - 1] if i else 0)
            guess = left + above - corner
            paeth = min((left, above, corner), key=lambda v: abs(guess - v))
            row[i] = (row[i] + (0, left, above, (left + above) // 2, paeth)[method]) & 255
        last = bytes(row)
        rows.append(int.from_bytes(row, "big") >> (8 * count - width))
    return rows, width


def shrunk(rows, size, width):
    """The rows after an erosion by size × size; what lies outside counts as set, as in OpenCV."""
    reach, full = size // 2, (1 << width) - 1
    padded = [row << reach | (full << width + reach | (1 << reach) - 1) & ((1 << width + 2 * reach) - 1) for row in rows]
    across = [full] * len(rows)
    for shift in range(size):
        across = [row & (wide >> shift & full) for row, wide in zip(across, padded)]
    result = []
    for y in range(len(rows)):
        row = full
        for other in across[max(0, y - reach) : y + reach + 1]:
            row &= other
        result.append(row)
    return result


def opened(rows, size, width):
    """The rows after an opening: a dilation is an erosion of the rest."""
    full = (1 << width) - 1
    return [full ^ row for row in shrunk([full ^ row for row in shrunk(rows, size, width)], size, width)]


def body_rows(path):
    """The box of each mask of an archive after an opening."""
    boxes = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            rows, width = mask_rows(archive.read(name))
            rows = opened(rows, OPENING, width)
            used, columns = [y for y, row in enumerate(rows) if row], 0
            for row in rows:
                columns |= row
            right = width - ((columns & -columns).bit_length() - 1)
            boxes.append((width - columns.bit_length(), used[0], right, used[-1] + 1) if used else None)
    return boxes


def overlaps(box, truth):
    width, height = min(box[2], truth[2]) - max(box[0], truth[0]), min(box[3], truth[3]) - max(box[1], truth[1])
    if width <= 0 or height <= 0:
        return False
    both = (box[2] - box[0]) * (box[3] - box[1]) + (truth[2] - truth[0]) * (truth[3] - truth[1])
    return width * height >= LEAST_IOU * (both - width * height)


def is_centred_in(box, truth):
    return truth[0] <= (box[0] + box[2]) / 2 <= truth[2] and truth[1] <= (box[1] + box[3]) / 2 <= truth[3]


def clips(data):
    for name in OLDER_DAVIS + NEWER_DAVIS:
        folder = data / "davis"
        truth = body_rows(folder / f"{name}.masks.zip") if name == "paragliding-launch" else box_rows(folder / f"{name}.boxes.txt")
        yield Clip("davis", "training" if name in OLDER_DAVIS else "test", name, folder / f"{name}.mp4", truth, overlaps)
    for name in TLD:
        yield Clip("tld", "training", name, data / "tld" / f"{name}.mp4", tld_rows(data / "tld" / f"{name}.gt.txt"), overlaps)
    folder = data / "flying-objects"
    for k, video in enumerate(sorted(folder.glob("*.mp4"))):
        part = "training" if k % TRAINING_STEP == 0 else "test"
        yield Clip("flying-objects", part, video.stem, video, box_rows(folder / f"{video.stem}.boxes.txt"), is_centred_in)
    for name in CLIPS:
        yield Clip("clips", "test", name, data / "clips" / name, [], overlaps)


# Scores


def hull(box):
    """The upright hull of an oriented box of the stream."""
    c, s = abs(math.cos(box["angle"] or 0)), abs(math.sin(box["angle"] or 0))
    w, h = box["w"] * c + box["h"] * s, box["w"] * s + box["h"] * c
    return box["cx"] - w / 2, box["cy"] - h / 2, box["cx"] + w / 2, box["cy"] + h / 2


def score(program, clip):
    """One id, any id, others a frame; None for the first two without truth."""
    command = [program, "track", str(clip.video), "-q"]
    stream = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ids, any_id, others, frames = collections.Counter(), 0, 0, 0
    for record in map(json.loads, stream.splitlines()):
        if record["record"] != "frame":
            continue
        frames += 1
        truth = clip.truth[record["frame"]] if record["frame"] < len(clip.truth) else None
        right = [t for t in record["tracks"] if truth and clip.covers(hull(t["box"]), truth)]
        ids.update({t["id"] for t in right})
        any_id += bool(right)
        others += sum(t["state"] == "confirmed" for t in record["tracks"]) - sum(t["state"] == "confirmed" for t in right)
    visible = sum(box is not None for box in clip.truth)
    shares = (max(ids.values(), default=0) / visible, any_id / visible) if visible else (None, None)
    return (*shares, others / max(1, frames))


def text(value):
    return "" if value is None else f"{value:.2f}"


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", help="the program, and an older one to compare with")
    parser.add_argument("--only", default="davis,tld,flying-objects,clips")
    parser.add_argument("--part", choices=["training", "test"])
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    wanted = [c for c in clips(arguments.data) if c.group in arguments.only.split(",") and arguments.part in (None, c.part)]
    programs = arguments.programs[::-1]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda clip: [score(program, clip) for program in programs], wanted))
    columns = ["one id", "any id", "others"]
    titles = [f"{column}, {when}" for column in columns for when in ("before", "after")] if len(programs) == 2 else columns
    print("| clip | part | " + " | ".join(titles) + " |\n|" + "---|" * (len(titles) + 2))
    for clip, scores in zip(wanted, results):
        print(f"| {clip.name} | {clip.part} | " + " | ".join(text(s[k]) for k in range(3) for s in scores) + " |")
    for group, part in dict.fromkeys((c.group, c.part) for c in wanted):
        chosen = [s for c, s in zip(wanted, results) if (c.group, c.part) == (group, part)]
        means = [text(mean([s[p][k] for s in chosen])) for k in range(3) for p in range(len(programs))]
        print(f"| **{group}: mean of {len(chosen)}** | {part} | " + " | ".join(means) + " |")


if __name__ == "__main__":
    main()
