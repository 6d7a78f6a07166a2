"""What lost frames cost: HOTA, IDF1 and IDSW where bursts of frames have no detections.

    python3 Benchmarks/tracking/frame_loss.py SEXTANT ../shared/data FOLDER [--only kitti|uavdt] [--seeds 20] [--motion FILE]

Bursts of 1 to 10 frames are lost until 5, 10, 20 or 40 % of a sequence's frames are gone. Sextant is told the frame rate and finds no
detections in the lost frames. Peers are those of the PyPI package `trackers` where it is installed, once with an empty update in each lost
frame ("empty") and once without it but with the time stamps of the others ("times"), with their defaults and no pictures. All results are scored by `sextant evaluate
tracks` on the frames that were not lost; FOLDER/kitti.md and uavdt.md hold the table after each seed, and a run that was stopped goes on behind
the seeds of FOLDER/kitti.json and uavdt.json. KITTI: PointRCNN's cars; UAVDT: the truth's boxes with a score of 0.9.
"""

import argparse
import csv
import glob
import gzip
import io
import json
import math
import os
import random
import statistics
import subprocess

RATES = (0.0, 0.05, 0.1, 0.2, 0.4)

try:
    import numpy
    import supervision
    import trackers

    PEERS = {name: getattr(trackers, name + "Tracker") for name in ("SORT", "ByteTrack", "OCSORT", "BoTSORT")
             if hasattr(trackers, name + "Tracker")}
except ImportError:
    PEERS = {}


def lost_frames(count, rate, seed):
    """The frames that are lost, from 0."""
    draw = random.Random(seed * 1000 + round(rate * 100))
    lost = set()
    while len(lost) < round(rate * count):
        first = draw.randrange(count)
        lost.update(range(first, min(first + draw.randint(1, 10), count)))
    return lost


def kitti(data):
    """Each sequence's name, number of frames, detections by frame (left, top, right, bottom, score) and lines of truth by frame."""
    for line in open(f"{data}/kitti-tracking/seqmap.txt"):
        name, count = line.split()[0], int(line.split()[3])
        detections, truth = {}, {}
        for row in gzip.open(f"{data}/kitti-tracking/det/car/{name}.txt.gz", "rt"):
            cells = row.replace(",", " ").split()
            score = 1 / (1 + math.exp(-float(cells[6])))
            detections.setdefault(int(cells[0]), []).append((*map(float, cells[2:6]), score))
        for row in gzip.open(f"{data}/kitti-tracking/label_02/{name}.txt.gz", "rt"):
            truth.setdefault(int(row.split()[0]), []).append(row)
        yield name, count, detections, truth


def uavdt(data):
    """The same, every fifth frame of the benchmark's truth."""
    for path in sorted(glob.glob(f"{data}/uavdt/gt/*.txt.gz")):
        detections, truth, count = {}, {}, 0
        for row in gzip.open(path, "rt"):
            cells = list(map(int, row.split(",")))
            frame, rest = divmod(cells[0] - 1, 5)
            if rest:
                continue
            left, top, width, height = cells[2:6]
            count = max(count, frame + 1)
            detections.setdefault(frame, []).append((left, top, left + width, top + height, 0.9))
            truth.setdefault(frame, []).append(f"{frame + 1},{cells[1]},{left},{top},{width},{height},1,1,1\n")
        yield os.path.basename(path)[:5], count, detections, truth


COLLECTIONS = {
    "kitti": dict(read=kitti, fps=10, evaluate=["--classes", "car"]),
    "uavdt": dict(read=uavdt, fps=6, evaluate=[]),
}


def write_truth(folder, sequences, lost):
    os.makedirs(folder, exist_ok=True)
    for name, count, _, truth in sequences:
        with open(f"{folder}/{name}.txt", "w") as file:
            for frame in range(count):
                if frame not in lost[name]:
                    file.writelines(truth.get(frame, []))


def run_sextant(program, folder, sequences, lost, fps, options):
    os.makedirs(folder, exist_ok=True)
    for name, count, detections, _ in sequences:
        given = f"{folder}/{name}.det"
        with open(given, "w") as file:
            for frame in range(count):
                for left, top, right, bottom, score in detections.get(frame, []) if frame not in lost[name] else []:
                    file.write(f"{frame + 1},-1,{left},{top},{right - left},{bottom - top},{score:.6f},-1,-1,-1\n")
        subprocess.run(
            [program, "track", "--detections", given, "--fps", str(fps), "-o", "/dev/null", "--mot-output", f"{folder}/{name}.txt",
             "--overwrite", "-q", "--rows", "observed", *options], check=True)
        os.remove(given)


def run_peer(make, folder, sequences, lost, fps, has_times):
    os.makedirs(folder, exist_ok=True)
    options = {"enable_cmc": False} if "BoTSORT" in make.__name__ else {}
    for name, count, detections, _ in sequences:
        tracker = make(**options)
        with open(f"{folder}/{name}.txt", "w") as file:
            for frame in range(count):
                if frame in lost[name] and has_times:
                    continue
                boxes = [] if frame in lost[name] else detections.get(frame, [])
                table = numpy.array(boxes, dtype=float).reshape(-1, 5)
                found = tracker.update(supervision.Detections(
                    xyxy=table[:, :4], confidence=table[:, 4], class_id=numpy.zeros(len(table), dtype=int)),
                    timestamp=frame / fps if has_times else None)
                for box, identity in zip(found.xyxy, found.tracker_id if found.tracker_id is not None else []):
                    if identity >= 0 and frame not in lost[name]:
                        file.write(f"{frame + 1},{identity + 1},{box[0]},{box[1]},{box[2] - box[0]},{box[3] - box[1]},1,-1,-1,-1\n")


def evaluate(program, truth, result, sequences, options):
    run = subprocess.run(
        [program, "evaluate", "tracks", "--truth", truth, "--result", result, "--columns", "hota,idf1,idsw", "--csv", "-q",
         *options], check=True, capture_output=True, text=True)
    rows = [row for row in csv.DictReader(io.StringIO(run.stdout)) if row.get("HOTA")]
    last = rows[-1]
    return 100 * float(last["HOTA"]), 100 * float(last["IDF1"]), int(last["IDSW"])


def measure(options, folder, settings, sequences, name, lost):
    """HOTA, IDF1 and IDSW of a tracker by its name in the table."""
    result = f"{folder}/result"
    if name.startswith("sextant"):
        motion = [path for path in options.motion if name.endswith(os.path.basename(path))][:1] if name != "sextant" else []
        run_sextant(options.program, result, sequences, lost, settings["fps"], [word for path in motion for word in ("--motion", path)])
    else:
        peer, way = name.split(", ")
        run_peer(PEERS[peer], result, sequences, lost, settings["fps"], way == "times")
    return evaluate(options.program, f"{folder}/truth", result, sequences, settings["evaluate"])


def table(collection, scores):
    """The scores so far, by lost share and tracker."""
    names = list(next(iter(scores.values())))
    seeds = max(len(values) for rows in scores.values() for values in rows.values())
    lines = [f"{collection}, {seeds} seeds: mean HOTA (worst) / mean IDF1 / mean IDSW", "",
             "| lost | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for rate, rows in scores.items():
        cells = [
            "{:.2f} ({:.2f}) / {:.2f} / {:.0f}".format(
                statistics.mean(s[0] for s in values), min(s[0] for s in values), statistics.mean(s[1] for s in values),
                statistics.mean(s[2] for s in values)) for values in rows.values() if values]
        lines.append(f"| {rate:.0%} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--only", choices=list(COLLECTIONS))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--motion", action="append", default=[])
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    names = ["sextant", *(f"sextant {os.path.basename(path)}" for path in options.motion)]
    names += [f"{peer}, {way}" for peer in PEERS for way in ("empty", "times")]
    for collection, settings in COLLECTIONS.items():
        if options.only not in (None, collection):
            continue
        sequences = list(settings["read"](options.data))
        kept, folder = f"{options.folder}/{collection}.json", f"{options.folder}/{collection}"
        scores = {rate: {name: [] for name in names} for rate in RATES}
        if os.path.exists(kept):
            scores = {float(rate): rows for rate, rows in json.load(open(kept)).items()}
        # Seed by seed, so that a run that is stopped has as many of them at every rate.
        for seed in range(len(scores[RATES[-1]]["sextant"]), options.seeds):
            for rate in RATES if seed == 0 else RATES[1:]:
                lost = {name: lost_frames(count, rate, seed * 100 + index)
                        for index, (name, count, _, _) in enumerate(sequences)}
                write_truth(f"{folder}/truth", sequences, lost)
                for name in names:
                    scores[rate][name].append(measure(options, folder, settings, sequences, name, lost))
            with open(f"{options.folder}/{collection}.md", "w") as file:
                file.write(table(collection, scores))
            with open(kept, "w") as file:
                json.dump(scores, file)
        print(table(collection, scores), flush=True)


if __name__ == "__main__":
    main()
