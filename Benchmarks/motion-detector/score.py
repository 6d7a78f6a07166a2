#!/usr/bin/env python3
"""How `sextant track` finds and follows what moves, without detections from elsewhere, on every annotated clip.

    Benchmarks/motion-detector/score.py SHARED_DATA SEXTANT [OLDER_SEXTANT]
        [--only davis,tld,flying-objects,clips,thermal,aerial] [--part training|test] [--jobs 2] [--detector MODEL.onnx]

One row a clip, for one or two programs (before and after): the share of the frames with a visible truth in which one single track id covers
it ("one id"), in which any track does ("any id"), and the confirmed tracks a frame that do not ("others"). Covering means on `davis` and
`tld` an upright IoU of at least 0.5 with the truth box, on `flying-objects`, whose boxes are loose, that the track's centre lies in it;
paragliding-launch is scored by the body: the box of its mask after an opening by 9×9 pixels, which takes the lines away. `clips` has no truth: all tracks
are others. The truth of `tld` and `davis` is one object, so other tracks there may well be right.

`thermal` (hit-uav-sequences, two frames a second) and `aerial` (kit-a of aerial-cars) have many objects: "any id" is the share of those that
move in which the centre of a confirmed track lies, others lie in no box at all; on `aerial`, whose cars go several lengths between two
pictures, detections that may begin a track stand in the place of tracks. A box of `thermal` moves if it goes further than 5 pixels against
the ground, and is grown to 20 pixels; one of `aerial` if it overlaps none of the frame before by half.

Choices were made on the training clips only: the five older clips of `davis`, `tld`, and every fourth clip of `flying-objects` by name.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import math
import pathlib
import subprocess
import tempfile

from truth import aerial_scenes, body_rows, box_rows, center, holds, iou, LEAST_IOU, thermal_scenes, tld_rows

OLDER_DAVIS = ["car-shadow", "drift-straight", "scooter-black", "blackswan", "soapbox"]
NEWER_DAVIS = ["dance-twirl", "dog", "goat", "paragliding-launch", "parkour"]
TLD = ["pedestrian1", "pedestrian2", "pedestrian3", "car"]
CLIPS = ["surveillance.mp4", "box.mp4", "overhead.mp4"]
THERMAL = ["hit_60_30_a", "hit_60_30_b", "hit_60_50", "hit_60_60_b", "hit_60_70"]
AERIAL = ["kit-a"]
TRAINING_STEP = 4
BOX_COLUMNS = ["cx_px", "cy_px", "w_px", "h_px", "angle_rad"]

# `measure` makes the three figures of a clip from the frames of its stream; `of` says whether tracks are measured or detections.
Clip = collections.namedtuple("Clip", "group part name input measure of", defaults=["tracks"])


# Scores


def hull(box):
    """The upright hull of an oriented box of the stream."""
    c, s = abs(math.cos(box["angle"] or 0)), abs(math.sin(box["angle"] or 0))
    w, h = box["w"] * c + box["h"] * s, box["w"] * s + box["h"] * c
    return box["cx"] - w / 2, box["cy"] - h / 2, box["cx"] + w / 2, box["cy"] + h / 2


def single(truth, covers):
    """One id, any id, others a frame; None for the first two without truth."""

    def measure(frames):
        ids, any_id, others = collections.Counter(), 0, 0
        for record in frames:
            wanted = truth[record["frame"]] if record["frame"] < len(truth) else None
            right = [t for t in record["tracks"] if wanted and covers(hull(t["box"]), wanted)]
            ids.update({t["id"] for t in right})
            any_id += bool(right)
            others += sum(t["state"] == "confirmed" for t in record["tracks"]) - sum(t["state"] == "confirmed" for t in right)
        visible = sum(box is not None for box in truth)
        shares = (max(ids.values(), default=0) / visible, any_id / visible) if visible else (None, None)
        return (*shares, others / max(1, len(frames)))

    return measure


def several(scenes_of):
    """The share of the wanted boxes that hold the centre of a confirmed track, and tracks a frame that lie in no box."""

    def measure(frames):
        scenes, wanted, found, others = scenes_of(frames), 0, 0, 0
        for record in frames:
            if record["frame"] >= len(scenes):
                continue
            scene = scenes[record["frame"]]
            centers = [center(hull(t["box"])) for t in record["tracks"] if t["state"] == "confirmed"]
            wanted += len(scene.wanted)
            found += sum(any(holds(box, c) for c in centers) for box in scene.wanted)
            others += sum(not any(holds(box, c) for box in scene.wanted + scene.neutral) for c in centers)
        return None, found / max(1, wanted), others / max(1, len(frames))

    return measure


def overlaps(box, truth):
    return iou(box, truth) >= LEAST_IOU


def is_centred_in(box, truth):
    return holds(truth, center(box))


def kit_scenes(folder, sequence):
    """The truth by the camera's motion that the stream tells."""
    return lambda frames: aerial_scenes(folder, sequence, {r["frame"]: r["camera"]["homography"] for r in frames})


def davis_truth(folder, name):
    """The boxes of a clip's object, of its body where thin lines make the box."""
    return body_rows(folder / f"{name}.masks.zip") if name == "paragliding-launch" else box_rows(folder / f"{name}.boxes.txt")


def clips(data):
    for name in OLDER_DAVIS + NEWER_DAVIS:
        folder = data / "davis"
        truth = davis_truth(folder, name)
        part = "training" if name in OLDER_DAVIS else "test"
        yield Clip("davis", part, name, [folder / f"{name}.mp4"], single(truth, overlaps))
    for name in TLD:
        truth = tld_rows(data / "tld" / f"{name}.gt.txt")
        yield Clip("tld", "training", name, [data / "tld" / f"{name}.mp4"], single(truth, overlaps))
    for k, video in enumerate(sorted((data / "flying-objects").glob("*.mp4"))):
        truth = box_rows(video.with_suffix(".boxes.txt"))
        yield Clip("flying-objects", "test" if k % TRAINING_STEP else "training", video.stem, [video], single(truth, is_centred_in))
    for name in CLIPS:
        yield Clip("clips", "test", name, [data / "clips" / name], single([], overlaps))
    for name in THERMAL:
        folder = data / "hit-uav-sequences" / name
        yield Clip("thermal", "test", name, [folder / "video.mp4"], several(lambda _, folder=folder: thermal_scenes(folder)))
    for name in AERIAL:
        folder = data / "aerial-cars"
        # The rate is not told; cars go their own length and more between pictures, as at two a second.
        pictures = [folder / "images" / f"{name}-*.webp", "--fps", "2"]
        yield Clip("aerial", "test", name, pictures, several(kit_scenes(folder, name)), "detections")


def with_detections(frames, path, least):
    """The frames with the detections that may begin a track, of at least a score, in the place of tracks."""
    rows = collections.defaultdict(list)
    for row in csv.DictReader(path.open()):
        box = {key: float(row[column]) for key, column in zip(("cx", "cy", "w", "h", "angle"), BOX_COLUMNS)}
        if float(row["score"]) >= least:
            rows[int(row["frame"])].append({"id": None, "state": "confirmed", "box": box})
    return [{**record, "tracks": rows[record["frame"]]} for record in frames]


def tracked(program, *arguments):
    """The frames of `track`'s stream, and the least score with which a track begins."""
    stream = subprocess.run([program, "track", *map(str, arguments), "-q"], capture_output=True, text=True, check=True).stdout
    records = [json.loads(line) for line in stream.splitlines()]
    return [r for r in records if r["record"] == "frame"], records[0]["settings"]["tracker"]["high_score"]


def score(program, clip, options=()):
    with tempfile.TemporaryDirectory() as folder:
        found = pathlib.Path(folder) / "found.csv"
        asked = ["--detections-output", found] if clip.of == "detections" else []
        frames, least = tracked(program, *clip.input, *asked, *options)
        return clip.measure(with_detections(frames, found, least) if asked else frames)


def text(value):
    return "" if value is None else f"{value:.2f}"


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("programs", nargs="+", help="the program, and an older one to compare with")
    parser.add_argument("--only", default="davis,tld,flying-objects,clips,thermal,aerial")
    parser.add_argument("--part", choices=["training", "test"])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--detector", help="a network in the place of the motion detector")
    arguments = parser.parse_args()
    wanted = [c for c in clips(arguments.data) if c.group in arguments.only.split(",") and arguments.part in (None, c.part)]
    programs = arguments.programs[::-1]
    options = ["--detector", arguments.detector] if arguments.detector else []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(lambda clip: [score(program, clip, options) for program in programs], wanted))
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
