"""Forecasts: `sextant evaluate forecasts` against the protocol written out in numpy, and against the figures of the data's README.

    python Benchmarks/evaluation-other/compare_forecasts.py .build/release ../shared/data
"""

import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np

OBSERVED, PREDICTED, MISS = 8, 12, 2.0
BASELINES = ("constant-velocity", "still", "line")


def run(program, *options):
    done = subprocess.run([program, "evaluate", "forecasts", "--json", "--quiet", *map(str, options)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def windows(path, least=2):
    """Samples (frames, agent, the twenty positions) of the windows with enough agents."""
    rows = np.loadtxt(gzip.open(path))
    frames = np.unique(rows[:, 0])
    place = {frame: index for index, frame in enumerate(frames)}
    tracks = {}
    for frame, agent, x, y in rows:
        tracks.setdefault(int(agent), {})[place[frame]] = (x, y)
    samples = []
    for first in range(len(frames) - OBSERVED - PREDICTED + 1):
        steps = range(first, first + OBSERVED + PREDICTED)
        whole = [agent for agent, track in tracks.items() if all(step in track for step in steps)]
        if len(whole) >= least:
            samples += [(frames[first:first + OBSERVED + PREDICTED], agent, np.array([tracks[agent][step] for step in steps]))
                        for agent in whole]
    return samples


def predict(name, observed):
    steps = np.arange(1, PREDICTED + 1)[:, None]
    if name == "still":
        return np.repeat(observed[-1:], PREDICTED, 0)
    if name == "constant-velocity":
        return observed[-1] + steps * (observed[-1] - observed[-2])
    times = np.arange(OBSERVED)
    slope, start = np.polyfit(times, observed, 1)
    return start + slope * (OBSERVED - 1 + steps)


def figures(samples, hypotheses):
    """ADE, FDE, minADE, minFDE and the miss rate; `hypotheses` gives each sample's, K x 12 x 2."""
    errors = [np.linalg.norm(h - s[2][OBSERVED:], axis=2) for s, h in zip(samples, hypotheses)]
    finals = np.array([e[:, -1].min() for e in errors])
    return dict(ADE_m=np.mean([e[0].mean() for e in errors]), FDE_m=np.mean([e[0, -1] for e in errors]),
                minADE_m=np.mean([e.mean(1).min() for e in errors]), minFDE_m=finals.mean(), miss_rate=(finals > MISS).mean())


def difference(row, expected):
    return max(abs(row[name] - value) for name, value in expected.items())


def baselines(program, scenes, samples):
    found = run(program, "--truth", scenes, *[o for b in BASELINES for o in ("--baseline", b)])["results"]
    worst = 0.0
    for result in found:
        per_scene = {name: [predict(result["name"], s[2][:OBSERVED])[None] for s in part] for name, part in samples.items()}
        for row in result["evaluation"]["scenes"]:
            worst = max(worst, difference(row, figures(samples[row["scene"]], per_scene[row["scene"]])))
        everything = [h for name in samples for h in per_scene[name]]
        worst = max(worst, difference(result["evaluation"]["all"], figures(sum(samples.values(), []), everything)))
    print(f"three baselines, {len(samples)} scenes and all: largest difference {worst:.1e}")
    return {result["name"]: {row["scene"]: row for row in result["evaluation"]["scenes"]} for result in found}


def of_the_readme(found, readme):
    """The table's rows: name, windows, pairs, constant velocity, pairs and constant velocity without the rule of two, still, line."""
    worst, count = 0.0, 0
    for line in readme.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 8 or cells[0] not in found["line"]:
            continue
        for baseline, cell in zip(BASELINES, (cells[3], cells[6], cells[7])):
            row = found[baseline][cells[0]]
            assert row["samples"] == int(cells[2]), cells[0]
            for name, text in zip(("ADE_m", "FDE_m"), re.split(" / ", cell)):
                worst = max(worst, abs(row[name] - float(text)) * 10 ** len(text.split(".")[1]))
                count += 1
    print(f"figures of the README: {count} compared, at most {worst:.2f} of the last printed digit apart")


def hypotheses_from_files(program, data, samples, folder):
    """Twenty random hypotheses a sample, written as text."""
    random = np.random.default_rng(5)
    truth, result = folder / "truth", folder / "result"
    truth.mkdir()
    result.mkdir()
    expected = {}
    for name in ("biwi_eth", "biwi_hotel", "uni_examples"):
        shutil.copy(data / f"{name}.txt.gz", truth)
        made = [predict("constant-velocity", s[2][:OBSERVED]) + random.normal(size=(20, 1, 2)) * np.arange(1, PREDICTED + 1)[:, None] * 0.1
                for s in samples[name]]
        with open(result / f"{name}.txt", "w") as text:
            for (frames, agent, _), sample in zip(samples[name], made):
                for k, path in enumerate(sample):
                    for frame, (x, y) in zip(frames[OBSERVED:], path):
                        print(int(frames[OBSERVED - 1]), int(frame), agent, repr(float(x)), repr(float(y)), k, file=text)
        expected[name] = figures(samples[name], made)
    found = run(program, "--truth", truth, "--result", result)
    worst = max(difference(row, expected[row["scene"]]) for row in found["scenes"])
    print(f"twenty hypotheses a sample from files, {len(expected)} scenes: largest difference {worst:.1e}")


def univ(program, data, folder):
    for name in ("students001", "students003"):
        shutil.copy(data / f"{name}.txt.gz", folder)
    row = run(program, "--truth", folder, "--baseline", "constant-velocity")["all"]
    print("univ, both files pooled, constant velocity: {samples} pairs, ADE {ADE_m:.4f}, FDE {FDE_m:.4f}".format(**row))


if __name__ == "__main__":
    program, data = str(pathlib.Path(sys.argv[1]) / "sextant"), pathlib.Path(sys.argv[2]) / "pedestrian-trajectories"
    samples = {path.name.split(".")[0]: windows(path) for path in sorted(data.glob("*.txt.gz"))}
    of_the_readme(baselines(program, data, samples), data / "README.md")
    with tempfile.TemporaryDirectory() as name:
        hypotheses_from_files(program, data, samples, pathlib.Path(name))
    with tempfile.TemporaryDirectory() as name:
        univ(program, data, pathlib.Path(name))
