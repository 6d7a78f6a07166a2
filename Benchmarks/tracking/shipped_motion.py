"""How models/ss-kan.json was made, and what it is worth on sequences that it did not see.

    python3 Benchmarks/tracking/shipped_motion.py SEXTANT ../shared/data FOLDER [--only train|hit-uav|kitti|uavdt]

Learns from made-up scenes (four presets, two frames a second) and hit-uav-sequences: FOLDER/ss-kan.json from all five, and five others that each
left one out; the camera's motion is taken off, in the scenes by the truth, in the sequences as `sextant track` finds it. The second seed of each
preset chooses the curves' smoothness; the tables of boxes are of the sequence that was left out. Then the tracker follows each sequence by Kalman's filter and by the
motion that did not see it; KITTI's and UAVDT's, which no motion saw, by FOLDER/ss-kan.json. Everything is scored by `sextant evaluate
tracks` as Benchmarks/tracking/measure and frame_loss.py do.
"""

import argparse
import glob
import os
import shutil
import subprocess

from frame_loss import COLLECTIONS, evaluate, run_sextant, write_truth

PRESETS = ("aerial", "crossing", "traffic", "fixed")
RATE = "2"


def make_tracks(options):
    """The tracks of the made-up scenes by seed, and of the sequences by name; the streams with their cameras' motions lie in FOLDER/cameras."""
    folder, scenes, sequences = options.folder, {1: [], 2: []}, {}
    os.makedirs(f"{folder}/tracks", exist_ok=True)
    os.makedirs(f"{folder}/cameras", exist_ok=True)
    for preset in PRESETS:
        for seed in scenes:
            name = f"{preset}{seed}"
            scenes[seed].append(f"{folder}/tracks/{name}.txt")
            if not os.path.exists(scenes[seed][-1]):
                subprocess.run(
                    [options.program, "synthesize", preset, "-o", f"{folder}/scene.mp4", "--truth", f"{folder}/{name}", "--seed", str(seed),
                     "--fps", RATE, "--duration", "60", "--size", "320x256", "-q", "--overwrite"], check=True)
                shutil.copy(f"{folder}/{name}/truth.ndjson", f"{folder}/cameras/{name}.ndjson")
                shutil.copy(f"{folder}/{name}/gt.txt", scenes[seed][-1])
    for root in sorted(glob.glob(f"{options.data}/hit-uav-sequences/hit_*")):
        name = os.path.basename(root)
        sequences[name] = f"{folder}/tracks/{name}.txt"
        rows = [line.rstrip("\n").split(",") for line in open(f"{root}/gt.txt")]
        write_rows(sequences[name], [row for row in rows if row[10] == "1"])
        write_rows(f"{folder}/{name}.ignored.txt", [row for row in rows if row[10] != "1"])
        write_rows(f"{folder}/{name}.detections.txt",
                   [[row[0], "-1", *row[2:10], "1", str(int(row[11]) - 1), "0"] for row in rows if row[10] == "1"])
        subprocess.run(
            [options.program, "track", f"{root}/video.mp4", "--detections", f"{folder}/{name}.detections.txt", "-o",
             f"{folder}/cameras/{name}.ndjson", "-q", "--overwrite"], check=True)
    return scenes, sequences


def write_rows(path, rows):
    with open(path, "w") as file:
        file.writelines(",".join(row) + "\n" for row in rows)


def learn(options, name, tracks, held_out, tests):
    path = f"{options.folder}/{name}.json"
    run = subprocess.run(
        [options.program, "train", "motion", "--tracks", *tracks, "--hold-out", *held_out, *tests, "--cameras",
         f"{options.folder}/cameras", "--fps", RATE, "--observed", "4",
         "--predicted", "4", "--rung", "kan", "-o", path, "--overwrite"], check=True, capture_output=True, text=True)
    print(f"\n{name}\n\n{run.stdout}", flush=True)
    return path


def hit_uav(options, sequences):
    print("\nhit-uav-sequences, the motion that did not see the sequence: HOTA / IDF1 / IDSW\n\n| | kalman | ss-kan |\n|---|---|---|")
    for name, truth in sequences.items():
        cells = []
        for motion in ("kalman", f"{options.folder}/without-{name}.json"):
            result = f"{options.folder}/{name}.result.txt"
            subprocess.run(
                [options.program, "track", f"{options.data}/hit-uav-sequences/{name}/video.mp4", "--detections",
                 f"{options.folder}/{name}.detections.txt", "--motion", motion, "--oriented-mot-output", result, "-o", "/dev/null",
                 "-q", "--overwrite"], check=True)
            cells.append("{:.2f} / {:.2f} / {}".format(*evaluate(
                options.program, truth, result, None,
                ["--ignore", f"{options.folder}/{name}.ignored.txt", "--preprocess", "ignored", "--one-class", "--similarity",
                 "rotated-iou"])))
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def others(options, collection):
    settings = COLLECTIONS[collection]
    sequences = list(settings["read"](options.data))
    nothing = {name: set() for name, *_ in sequences}
    truth = f"{options.folder}/{collection}-truth"
    write_truth(truth, sequences, nothing)
    print(f"\n{collection}: HOTA / IDF1 / IDSW\n\n| kalman | ss-kan |\n|---|---|")
    cells = []
    for motion in ("kalman", f"{options.folder}/ss-kan.json"):
        result = f"{options.folder}/{collection}-result"
        run_sextant(options.program, result, sequences, nothing, settings["fps"], ["--motion", motion])
        cells.append("{:.2f} / {:.2f} / {}".format(*evaluate(options.program, truth, result, sequences, settings["evaluate"])))
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("folder")
    parser.add_argument("--only", choices=["train", "hit-uav", *COLLECTIONS])
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    scenes, sequences = make_tracks(options)
    if options.only in (None, "train"):
        learn(options, "ss-kan", scenes[1] + list(sequences.values()), scenes[2], [])
        for name in sequences:
            others_of = [path for other, path in sequences.items() if other != name]
            learn(options, f"without-{name}", scenes[1] + others_of, scenes[2], ["--test", sequences[name]])
    if options.only in (None, "hit-uav"):
        hit_uav(options, sequences)
    for collection in COLLECTIONS:
        if options.only in (None, collection):
            others(options, collection)


if __name__ == "__main__":
    main()
