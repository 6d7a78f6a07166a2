"""What looking ahead is worth on KITTI's sequences, and how much of it hangs on the one setting that it has.

    python3 Benchmarks/tracking/look_ahead.py SEXTANT ../shared/data FOLDER

Runs `sextant track` (PointRCNN's cars, no pictures, --fps 10) online, with --lag 1 and 2 and with --smooth, and `sextant evaluate tracks` on
the results: every sequence and all together. Then, for --lag 2 and --smooth, kept_share is chosen on twelve sequences and used on the
thirteenth, thirteen times, and the thirteen results are evaluated together.
"""

import csv
import io
import os
import shutil
import subprocess
import sys

SEXTANT, DATA, FOLDER = sys.argv[1:4]
KITTI = os.path.join(DATA, "kitti-tracking")
SEQUENCES = [line.split()[0] for line in open(os.path.join(KITTI, "seqmap.txt"))]
SHARES = [0, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7]


def track(name, options, share=None):
    """The folder of a run's results."""
    folder = os.path.join(FOLDER, name)
    os.makedirs(folder, exist_ok=True)
    settings = os.path.join(FOLDER, "settings.yaml")
    if share is not None:
        with open(settings, "w") as file:
            file.write(f"tracker:\n  kept_share: {share}\n")
        options = options + ["--config", settings]
    for sequence in SEQUENCES:
        detections = os.path.join(KITTI, "det", "car", sequence + ".txt.gz")
        output = os.path.join(folder, sequence + ".ndjson")
        subprocess.run(
            [SEXTANT, "track", "--detections", detections, "--fps", "10", "-o", output, "--overwrite", "-q", *options], check=True)
    return folder


def evaluate(folder, sequences=SEQUENCES):
    """HOTA and IDF1 in per cent and IDSW by sequence; COMBINED for all of them."""
    run = subprocess.run(
        [SEXTANT, "evaluate", "tracks", "--truth", os.path.join(KITTI, "label_02"), "--result", folder, "--classes", "car",
         "--sequences", ",".join(sequences), "--columns", "hota,idf1,idsw", "--csv"],
        check=True, capture_output=True, text=True)
    rows = [row for row in csv.DictReader(io.StringIO(run.stdout)) if row.get("HOTA")]
    return {row["sequence"]: (100 * float(row["HOTA"]), 100 * float(row["IDF1"]), int(row["IDSW"])) for row in rows}


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def table_of_runs():
    runs = {"online": [], "`--lag 1`": ["--lag", "1"], "`--lag 2`": ["--lag", "2"], "`--smooth`": ["--smooth"]}
    scores = {name: evaluate(track(f"run{index}", options)) for index, (name, options) in enumerate(runs.items())}
    row("HOTA / IDF1 / IDSW", *runs)
    row(*["---"] * (len(runs) + 1))
    for sequence in SEQUENCES + ["COMBINED"]:
        row(sequence, *["{:.2f} / {:.2f} / {}".format(*scores[name][sequence]) for name in runs])


def table_of_choices(name, options):
    """Every share on all sequences, and the choice on twelve used on the thirteenth."""
    folders = {share: track(f"{name}{share}", options, share) for share in SHARES}
    row(name, *[f"{share}" for share in SHARES])
    row(*["---"] * (len(SHARES) + 1))
    row("all", *[f"{evaluate(folders[share])['COMBINED'][0]:.2f}" for share in SHARES])
    mixed = os.path.join(FOLDER, name + "mixed")
    os.makedirs(mixed, exist_ok=True)
    chosen = []
    for sequence in SEQUENCES:
        others = [other for other in SEQUENCES if other != sequence]
        share = max(SHARES, key=lambda share: evaluate(folders[share], others)["COMBINED"][0])
        chosen.append(f"{sequence} {share}")
        shutil.copy(os.path.join(folders[share], sequence + ".ndjson"), mixed)
    print("\nchosen without it: " + ", ".join(chosen))
    print("these results together: {:.2f} / {:.2f} / {}\n".format(*evaluate(mixed)["COMBINED"]))


if __name__ == "__main__":
    table_of_runs()
    print()
    table_of_choices("lag2", ["--lag", "2"])
    table_of_choices("smooth", ["--smooth"])
