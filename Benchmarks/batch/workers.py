"""Two workers with a thread each against one with two: python3 Benchmarks/batch/workers.py PROGRAM CLIP [ROUNDS]

Both do the same two recordings (the clip under two names). Tells wall and processor time of each; on a machine that does other work too the second counts.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def measure(program, folder, jobs, threads):
    subprocess.run([program, "batch", "plan", f"{folder}/clips", "--out", f"{folder}/run", "--quiet", "--", "--threads", threads], check=True)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([program, "batch", "run", f"{folder}/run", "--jobs", jobs, "--quiet"], check=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    shutil.rmtree(f"{folder}/run")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(program, clip, rounds=3):
    forms = {"two workers, a thread each": ("2", "1"), "one worker, two threads": ("1", "2")}
    results = {name: [] for name in forms}
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/clips")
        for name in ("a", "b"):
            shutil.copy(clip, f"{folder}/clips/{name}{os.path.splitext(clip)[1]}")
        for _ in range(int(rounds)):
            for name, (jobs, threads) in forms.items():
                results[name].append(measure(program, folder, jobs, threads))
    for name, pairs in results.items():
        wall, work = (statistics.median(values) for values in zip(*pairs))
        print(f"{name}: {wall:.2f} s, {work:.2f} s of processor time")


if __name__ == "__main__":
    main(*sys.argv[1:])
