"""Cars followed on the ground: KITTI's sequences with PointRCNN's boxes in space and the camera's poses.

    python3 Benchmarks/tracking/birds_eye.py SEXTANT ../shared/data FOLDER

Runs `sextant track --poses` online, with --lag 2 and with --smooth, and `sextant evaluate tracks` on the KITTI texts, in the picture and in
bird's eye: every sequence, those that the settings were chosen on, the others, and all.
"""

import csv
import io
import os
import subprocess
import sys

SEXTANT, DATA, FOLDER = sys.argv[1:4]
KITTI = os.path.join(DATA, "kitti-tracking")
SEQUENCES = [line.split()[0] for line in open(os.path.join(KITTI, "seqmap.txt"))]
CHOSEN_ON = ["0000", "0002", "0004", "0005", "0007", "0009"]
OTHERS = [name for name in SEQUENCES if name not in CHOSEN_ON]
RUNS = {"online": [], "`--lag 2`": ["--lag", "2"], "`--smooth`": ["--smooth"]}


def track(name, options):
    """The folder of a run's KITTI texts."""
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder, exist_ok=True)
    for sequence in SEQUENCES:
        subprocess.run(
            [SEXTANT, "track", "--detections", os.path.join(KITTI, "det", "car", sequence + ".txt.gz"), "--fps", "10", "-o", "/dev/null",
             "--kitti-output", os.path.join(folder, sequence + ".txt"), "--overwrite", "-q",
             "--poses", os.path.join(KITTI, "poses", sequence + ".txt.gz"), *options], check=True)
    return folder


def evaluate(folder, similarity, sequences):
    """HOTA / IDF1 / IDSW by sequence; COMBINED for all of them."""
    run = subprocess.run(
        [SEXTANT, "evaluate", "tracks", "--truth", os.path.join(KITTI, "label_02"), "--result", folder, "--classes", "car",
         "--sequences", ",".join(sequences), "--columns", "hota,idf1,idsw", "--csv", "--similarity", similarity],
        check=True, capture_output=True, text=True)
    rows = [row for row in csv.DictReader(io.StringIO(run.stdout)) if row.get("HOTA")]
    return {row["sequence"]: "{:.2f} / {:.2f} / {}".format(100 * float(row["HOTA"]), 100 * float(row["IDF1"]), row["IDSW"])
            for row in rows}


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    folders = {name: track(f"run{index}", options) for index, (name, options) in enumerate(RUNS.items())}
    views = [(name, similarity) for name in RUNS for similarity in ("iou", "birds-eye")]
    row("HOTA / IDF1 / IDSW", *[f"{name}, {'picture' if similarity == 'iou' else 'ground'}" for name, similarity in views])
    row(*["---"] * (len(views) + 1))
    scores = {view: evaluate(folders[view[0]], view[1], SEQUENCES) for view in views}
    for sequence in SEQUENCES:
        row(sequence, *[scores[view][sequence] for view in views])
    for title, sequences in (("chosen on", CHOSEN_ON), ("others", OTHERS), ("all", SEQUENCES)):
        row(title, *[evaluate(folders[view[0]], view[1], sequences)["COMBINED"] for view in views])


if __name__ == "__main__":
    main()
