#!/usr/bin/env python3
"""Chooses a setting of the motion detector or the tracker by leaving one clip out, so that no figure comes from a clip that chose.

    Benchmarks/motion-detector/folds.py SHARED_DATA SEXTANT detector.memory=1,1.6,2.5 [--only flying-objects] [--part training] [--jobs 2]

Each value is given to `sextant track --config` on every clip of the groups. For each clip the value is chosen that has the best mean on the other
clips; the clip is then scored with that one. The last line is the mean of these scores beside those of every value on all clips: what choosing
promises, and what it keeps. Best is the greatest mean of one id (any id where the truth is of many objects) less a twentieth for each
other track a frame.
"""
import argparse
import concurrent.futures
import pathlib
import tempfile

import score

PRICE_OF_OTHERS = 0.05


def config(setting, value):
    """The text of a configuration file for a setting like `detector.objects.patience`."""
    names = setting.split(".")
    lines = ["  " * depth + name + ":" for depth, name in enumerate(names)]
    return "\n".join(lines) + f" {value}\n"


def merit(scores):
    one, any_id, others = scores
    return (any_id if one is None else one) - PRICE_OF_OTHERS * others


def held_out(table):
    """For each clip (row of scores a value) the index of the value that is best on the others."""
    total = [sum(merit(row[k]) for row in table) for k in range(len(table[0]))]
    return [max(range(len(row)), key=lambda k: total[k] - merit(row[k])) for row in table]


def line(name, scores):
    return f"| {name} | " + " | ".join(score.text(value) for value in scores) + " |"


def means(rows):
    return [score.mean([row[k] for row in rows]) for k in range(3)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("setting", help="NAME=VALUE,VALUE,…")
    parser.add_argument("--only", default="flying-objects")
    parser.add_argument("--part", choices=["training", "test"], default="training")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    setting, values = arguments.setting.split("=")
    values = values.split(",")
    wanted = [c for c in score.clips(arguments.data) if c.group in arguments.only.split(",") and c.part == arguments.part]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        files = [pathlib.Path(folder) / f"{k}.yaml" for k in range(len(values))]
        for file, value in zip(files, values):
            file.write_text(config(setting, value))
        run = lambda clip: [score.score(arguments.program, clip, ["--config", str(file)]) for file in files]
        table = list(pool.map(run, wanted))
    choices = held_out(table)
    print(f"| {setting} | one id | any id | others |\n|---|---|---|---|")
    for k, value in enumerate(values):
        print(line(value, means([row[k] for row in table])))
    chosen = ", ".join(f"{values[k]} in {choices.count(k)}" for k in sorted(set(choices)))
    print(line(f"**chosen without the clip** ({chosen} of {len(wanted)})", means([row[k] for row, k in zip(table, choices)])))


if __name__ == "__main__":
    main()
