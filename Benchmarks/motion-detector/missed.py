#!/usr/bin/env python3
"""What there is of the moving people that no track finds in the thermal series (hit-uav-sequences, two frames a second).

    Benchmarks/motion-detector/missed.py SHARED_DATA SEXTANT [SERIES ...]

Of each wanted box (score.py): the centre of a confirmed track lies in it, else that of a track that is not confirmed, else of a detection that may
begin a track, else of a weaker one, else nothing; for all, and for boxes whose object moves for the first, second or third time.
"""
import argparse
import collections
import csv
import pathlib
import tempfile

import score
from truth import grown, holds, thermal_motions

KINDS = ["track", "tentative", "detection", "weaker", "nothing"]
YOUNG = 3


def frames_and_detections(program, video):
    with tempfile.TemporaryDirectory() as folder:
        frames, least = score.tracked(program, video, "--detections-output", f"{folder}/found.csv")
        found = collections.defaultdict(list)
        for row in csv.DictReader(open(f"{folder}/found.csv")):
            found[int(row["frame"])].append(((float(row["cx_px"]), float(row["cy_px"])), float(row["score"])))
    return frames, found, least


def moving_boxes(folder):
    """Frame (from 0), box and how often its object has moved so far, of each box that is wanted."""
    times = collections.Counter()
    for frame, (rows, moved) in enumerate(thermal_motions(folder)):
        for identity, box, conf in rows:
            if conf and identity in moved:
                times[identity] += 1
                yield frame, grown(box), times[identity]


def kind(box, record, found, least):
    tracks = [t for t in record["tracks"] if holds(box, (t["box"]["cx"], t["box"]["cy"]))]
    if tracks:
        return "track" if any(t["state"] == "confirmed" for t in tracks) else "tentative"
    scores = [value for place, value in found if holds(box, place)]
    return "nothing" if not scores else "detection" if max(scores) >= least else "weaker"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("series", nargs="*", default=score.THERMAL)
    arguments = parser.parse_args()
    print("| series | boxes | " + " | ".join(KINDS) + " |\n|" + "---|" * (2 + len(KINDS)))
    for name in arguments.series:
        folder = arguments.data / "hit-uav-sequences" / name
        records, found, least = frames_and_detections(arguments.program, folder / "video.mp4")
        counts = collections.defaultdict(collections.Counter)
        for frame, box, times in moving_boxes(folder):
            what = kind(box, records[frame], found[frame], least)
            for group in [name] + [f"{name}, first {YOUNG}"] * (times <= YOUNG):
                counts[group][what] += 1
        for group, count in counts.items():
            total = sum(count.values())
            print(f"| {group} | {total} | " + " | ".join(f"{count[k] / total:.2f}" for k in KINDS) + " |", flush=True)


if __name__ == "__main__":
    main()
