"""Association alone: frames per second of `sextant track --detections` from a MOT text to MOT text, and to the JSON stream.

    python association_speed.py [--sextant .build/release/sextant] [--runs 5]

Makes detections of objects that move on straight lines over 1920 x 1080 pixels (3 % of them missing, 1 px noise, fixed seed):
10 a frame over 20,000 frames and 100 a frame over 2,000. Times the whole process, start included; the best of the runs.
"""
import argparse
import os
import random
import subprocess
import tempfile
import time


def write_detections(path, objects, frames):
    draw = random.Random(1)
    starts = [[draw.uniform(0, 1920), draw.uniform(0, 1080), draw.uniform(-60, 60), draw.uniform(-60, 60), draw.uniform(20, 60)]
              for _ in range(objects)]
    with open(path, "w") as file:
        for frame in range(frames):
            t = frame / 30
            for x, y, u, v, side in starts:
                if draw.random() < 0.03:
                    continue
                left = (x + u * t) % 1920 - side + draw.gauss(0, 1)
                top = (y + v * t) % 1080 - side / 2 + draw.gauss(0, 1)
                file.write(f"{frame + 1},-1,{left:.2f},{top:.2f},{2 * side:.2f},{side:.2f},{draw.uniform(0.6, 0.99):.3f},-1,-1,-1\n")


def best_time(command, runs):
    def once():
        start = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - start
    return min(once() for _ in range(runs))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sextant", default=".build/release/sextant")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print("| objects a frame | output | frames a second |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as work:
        detections, result = os.path.join(work, "detections.txt"), os.path.join(work, "result")
        for objects, frames in ((10, 20000), (100, 2000)):
            write_detections(detections, objects, frames)
            base = [options.sextant, "track", "--detections", detections, "--fps", "30", "--overwrite", "-q"]
            for name, output in (("MOT text", ["--mot-output", result, "-o", "/dev/null"]), ("JSON stream", ["-o", result])):
                print(f"| {objects} | {name} | {frames / best_time(base + output, options.runs):,.0f} |", flush=True)


main()
