#!/usr/bin/env python3
"""Speed of `sextant track` on the clip of `make-clip`: median of several runs, each stage's time, and how near the whole comes to the bound.

    Benchmarks/speed/run.py SEXTANT CLIP [RUNS]

The bound is max(slowest stage, sum of the stages / cores), of the stages' processor time.
"""
import json
import statistics
import subprocess
import sys
import tempfile


def main():
    program, clip = sys.argv[1], sys.argv[2]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            subprocess.run([program, "track", clip, "-o", f"{folder}/o.ndjson", "--timings", f"{folder}/t.json", "--overwrite", "-q"],
                           check=True)
            with open(f"{folder}/t.json") as file:
                reports.append(json.load(file))
    rates = sorted(report["frames_per_second"] for report in reports)
    print(f"{runs} runs on {reports[0]['cores']} cores: median {statistics.median(rates):.1f} frames per second "
          f"(least {rates[0]:.1f}, most {rates[-1]:.1f})")
    print(f"share of the bound: median {statistics.median(report['share_of_bound'] for report in reports):.2f}")
    for index, stage in enumerate(reports[0]["stages"]):
        mean = statistics.median(report["stages"][index]["total_ms"] / report["frames"] for report in reports)
        print(f"  {stage['stage']:14s} {mean:6.3f} ms a frame")


if __name__ == "__main__":
    main()
