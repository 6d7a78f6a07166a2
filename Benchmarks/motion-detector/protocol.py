#!/usr/bin/env python3
"""Every fold and table of the motion detector's protocol by one command.

    Benchmarks/motion-detector/protocol.py SHARED_DATA SEXTANT FOLDER [--parts folds,clips,…] [--python PYTHON] [--jobs 1] [--list]

Runs, one after the other, the commands that Benchmarks/README.md names under "Motion detector" and "Synthetic scenes", and prints each with its table
(and how long it took). FOLDER keeps what is rendered, so that a second run goes faster. A command that fails does not end the others; the exit
status is 1 if one did. `--list` prints the commands alone.

| part | what it prints |
| --- | --- |
| folds | each number of FOLDS chosen by leaving one clip out, on the training clips |
| clips | one id, any id and others a frame of every clip: `davis`, `tld`, `flying-objects`, `clips`, `thermal`, `aerial` |
| masks | J and F of the best track's mask on `davis` |
| scenes | HOTA and the rest on the five presets, seeds 5 to 9; where the points go |
| sizes | the presets at 320x180, and two seconds at 2304x1728 beside 640x480 |
| honesty | the calibration of scores and covariances on clips that chose nothing |
| still | tracks where nothing moves |
| missed | what there is of each box of `thermal` |
| cues | the presets of seed 5 with one cue left out |
| light | wide baselines, as they are and under other light; needs the program `camera-motion` beside SEXTANT |

`--python` names a Python with numpy, scipy, shapely and trackeval, which scenes, sizes and cues need.
"""
import argparse
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import zipfile

import score

HERE = pathlib.Path(__file__).parent
SYNTHETIC = HERE.parent / "synthetic"
PARTS = ["folds", "clips", "masks", "scenes", "sizes", "honesty", "still", "missed", "cues", "light"]
# Numbers of docs/motion-detector.md, "Free numbers", with their neighbours.
FOLDS = [
    "detector.memory=1,1.6,2.5",
    "detector.least_difference=4,5,7",
    "detector.least_speed=0.15,0.2,0.3",
    "detector.objects.patience=0.5,0.8,1.2",
    "tracker.high_score=0.15,0.2,0.3",
]
CUES = ["shadows", "colors", "standing", "extents", "parallax", "spots"]
UNSEEN = "5,6,7,8,9"


def commands(part, options):
    """The commands of a part, each a list of words."""
    own = lambda script, *rest: [sys.executable, HERE / script, options.data, options.program, *rest]
    made = lambda script, *rest: [options.python, SYNTHETIC / script, *rest]
    measure = lambda *rest: made("measure", "--sextant", options.program, "--boxes", "motion", *rest)
    folder, jobs = options.folder, ["--jobs", options.jobs]
    if part == "folds":
        return [own("folds.py", fold, "--only", "davis,tld,flying-objects", *jobs) for fold in FOLDS]
    if part == "clips":
        return [own("score.py", *jobs)]
    if part == "masks":
        return [[sys.executable, __file__, options.data, options.program, folder, "--masks-of", name] for name in score.OLDER_DAVIS + score.NEWER_DAVIS]
    if part == "scenes":
        return [measure("--seeds", UNSEEN, folder / "640x360"), made("losses", folder / "640x360")]
    if part == "sizes":
        short = lambda size: measure("--seeds", "5", "--size", size, "--duration", "2", folder / f"{size}-2s")
        return [measure("--seeds", UNSEEN, "--size", "320x180", folder / "320x180"), short("640x480"), short("2304x1728")]
    if part == "honesty":
        return [own("honesty.py", folder / "640x360", "--seeds", UNSEEN, *jobs)]
    if part == "still":
        return [own("still.py", folder / "640x360")]
    if part == "missed":
        return [own("missed.py")]
    if part == "cues":
        return [measure("--seeds", "5", "--config", without(cue, folder), folder / "640x360") for cue in CUES]
    motion = pathlib.Path(options.program).parent / "camera-motion"
    return [[motion, "light", options.data / "oxford-affine"], [motion, "pairs", options.data / "oxford-affine"]]


def without(cue, folder):
    """A configuration that leaves a cue out."""
    file = folder / f"without-{cue}.yaml"
    file.write_text(f"detector:\n  cues:\n    {cue}: false\n")
    return file


def mask_scores(options, name):
    """J and F of the best track of a clip of `davis`, as `sextant evaluate masks` prints them."""
    with tempfile.TemporaryDirectory() as folder:
        truth, stream = pathlib.Path(folder) / name, pathlib.Path(folder) / f"{name}.ndjson"
        with zipfile.ZipFile(options.data / "davis" / f"{name}.masks.zip") as archive:
            for member in archive.namelist():
                if member.endswith(".png"):
                    truth.mkdir(exist_ok=True)
                    (truth / pathlib.PurePosixPath(member).name).write_bytes(archive.read(member))
        subprocess.run([options.program, "track", options.data / "davis" / f"{name}.mp4", "--masks", "-q", "-o", stream], check=True)
        subprocess.run([options.program, "evaluate", "masks", "--truth", truth, "--result", stream, "--protocol", "unsupervised", "--binary", "--csv"], check=True)


def run(words):
    """Runs a command and says how long it took; whether it went well."""
    text = shlex.join(map(str, words))
    print(f"\n    {text}\n", flush=True)
    start = time.monotonic()
    try:
        status = subprocess.run([str(word) for word in words]).returncode
    except OSError as error:
        print(error, file=sys.stderr)
        status = 1
    print(f"\n({time.monotonic() - start:.0f} s{f', exit status {status}' if status else ''})", flush=True)
    return status == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--masks-of", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.masks_of:
        return mask_scores(options, options.masks_of)
    parts = options.parts.split(",")
    for part in parts:
        if part not in PARTS:
            parser.error(f"there is no part {part}; parts are {', '.join(PARTS)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    went_well = True
    for part in parts:
        print(f"\n## {part}", flush=True)
        for words in commands(part, options):
            if options.list:
                print(f"\n    {shlex.join(map(str, words))}")
            else:
                went_well = run(words) and went_well
    sys.exit(0 if went_well else 1)


if __name__ == "__main__":
    main()
