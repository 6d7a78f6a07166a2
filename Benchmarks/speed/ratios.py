#!/usr/bin/env python3
"""What `sextant track` costs beside FFmpeg's own decoding and a plain recipe in Python, as ratios of one interleaved run.

    Benchmarks/speed/ratios.py SEXTANT CLIP [--runs 5] [--wide CLIP] [--python PYTHON]

In each round every command runs once, one after the other; printed are, of all rounds, the median of its processor time (user and system), the median of the ratios to the
decoding (`ffmpeg -threads 2 -i CLIP -f null -`) of its round, and the same of the time by the wall's clock, which means something on a machine that does
nothing else. The recipe (recipe.py) needs Python with OpenCV 5 and NumPy. `--wide` is the same scene at another size: its tracking stands beside that of the clip.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time


def cost(command):
    """Processor time and time by the clock of a command, in seconds."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed to run {' '.join(command)}: status {status}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start


def commands(arguments, folder):
    """Name and command of all that is timed."""
    def track(clip, *options):
        return [arguments.program, "track", clip, *options, "-o", f"{folder}/o.ndjson", "--overwrite", "-q"]

    recipe = pathlib.Path(__file__).with_name("recipe.py")
    decode = lambda clip: ["ffmpeg", "-v", "error", "-threads", "2", "-i", clip, "-f", "null", "-"]
    rows = {
        "decoding by ffmpeg": decode(arguments.clip), "track": track(arguments.clip), "track --masks": track(arguments.clip, "--masks"),
        "recipe in Python": [arguments.python, str(recipe), arguments.clip],
    }
    if arguments.wide:
        rows |= {"decoding by ffmpeg, wide": decode(arguments.wide), "track, wide": track(arguments.wide)}
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("clip")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--wide")
    parser.add_argument("--python", default="python3")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = commands(arguments, folder)
        rounds = [{name: cost(command) for name, command in rows.items()} for _ in range(arguments.runs)]
    print("| what | processor time, s | of the decoding | by the clock, s | of the decoding |\n|---|---|---|---|---|")
    for name in rows:
        cells = []
        for k in range(2):
            ratio = statistics.median(r[name][k] / r["decoding by ffmpeg"][k] for r in rounds)
            cells += [f"{statistics.median(r[name][k] for r in rounds):.2f}", f"{ratio:.2f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
