"""What checkpoints cost: python3 Benchmarks/batch/checkpoints.py PROGRAM CLIP [ROUNDS]

Tracks the clip without checkpoints and with one a second, in turn, and tells the processor time of each, how many checkpoints were made, how large the last
was, and what one cost: the difference of the medians over their number, beside a quarter of an hour.
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

INTERVAL = 900.0  # Seconds, the default.


def run(program, clip, folder, every):
    arguments = [program, "track", clip, "-o", f"{folder}/t.ndjson", "--overwrite", "--quiet"]
    checkpoint = f"{folder}/checkpoint"
    if every:
        arguments += ["--checkpoint", checkpoint, "--checkpoint-every", every]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(arguments)
    made, size, last = 0, 0, None
    while process.poll() is None:
        try:
            status = os.stat(checkpoint)
            if status.st_ino != last:
                made, size, last = made + 1, status.st_size, status.st_ino
        except FileNotFoundError:
            pass
        time.sleep(0.01)
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, made, size


def main(program, clip, rounds=3):
    plain, noted = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(int(rounds)):
            plain.append(run(program, clip, folder, None)[0])
            noted.append(run(program, clip, folder, "1s"))
    base = statistics.median(plain)
    time_noted = statistics.median(seconds for seconds, _, _ in noted)
    count = statistics.median(made for _, made, _ in noted)
    cost = (time_noted - base) / count
    print(f"without: {base:.2f} s of processor time; with {count:.0f} checkpoints: {time_noted:.2f} s")
    print(f"one: {cost * 1000:.0f} ms, {noted[-1][2] / 1e6:.1f} MB; of a quarter of an hour: {cost / INTERVAL:.4%}")


if __name__ == "__main__":
    main(*sys.argv[1:])
