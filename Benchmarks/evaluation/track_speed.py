"""Time and memory of the evaluation of tracks, against TrackEval and on a long sequence.

    python track_speed.py SEXTANT DATA/kitti-tracking
"""

import os
import random
import subprocess
import sys
import tempfile
import time

import kitti


def trackeval_seconds(folder, truth, names):
    """HOTA, CLEAR and Identity of cars for all results in one run of TrackEval, in this process and one thread."""
    import trackeval

    evaluation = trackeval.Evaluator.get_default_eval_config()
    evaluation.update(
        USE_PARALLEL=False, PRINT_RESULTS=False, PRINT_CONFIG=False, TIME_PROGRESS=False, OUTPUT_SUMMARY=False,
        OUTPUT_DETAILED=False, OUTPUT_EMPTY_CLASSES=False, PLOT_CURVES=False)
    dataset = trackeval.datasets.Kitti2DBox.get_default_dataset_config()
    dataset.update(
        GT_FOLDER=truth, TRACKERS_FOLDER=f"{folder}/results", TRACKERS_TO_EVAL=names, CLASSES_TO_EVAL=["car"],
        SPLIT_TO_EVAL="training", PRINT_CONFIG=False)
    quiet = {"PRINT_CONFIG": False}
    metrics = [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(quiet), trackeval.metrics.Identity(quiet)]
    start = time.time()
    results, _ = trackeval.Evaluator(evaluation).evaluate([trackeval.datasets.Kitti2DBox(dataset)], metrics)
    seconds = time.time() - start
    scores = [results["Kitti2DBox"][name]["COMBINED_SEQ"]["car"]["HOTA"]["HOTA"].mean() for name in names]
    return seconds, scores


def run(command):
    """Wall-clock seconds, greatest resident size in MiB and standard output of a command.

    Debian's `time` starts it: a child of this process would begin with this one's own size in its books.
    """
    start = time.time()
    with tempfile.NamedTemporaryFile("r") as size:
        process = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", size.name] + command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        seconds = time.time() - start
        return seconds, int(size.read().split()[-1]) / 1024, process.stdout.decode()


def long_sequence(folder, frames, objects):
    generator = random.Random(1)
    state = [[generator.uniform(0, 1800), generator.uniform(0, 1000), generator.uniform(-1, 1), generator.uniform(-1, 1)]
             for _ in range(objects)]
    names = list(range(1, objects + 1))
    following = objects + 1
    with open(f"{folder}/truth.txt", "w") as truth, open(f"{folder}/result.txt", "w") as result:
        for frame in range(1, frames + 1):
            for index, body in enumerate(state):
                body[0] += body[2]
                body[1] += body[3]
                if not 0 < body[0] < 1850:
                    body[2] = -body[2]
                if not 0 < body[1] < 1000:
                    body[3] = -body[3]
                truth.write("%d,%d,%.2f,%.2f,60.00,120.00,1,-1,-1,-1\n" % (frame, index + 1, body[0], body[1]))
                if generator.random() < 0.005:
                    names[index] = following
                    following += 1
                if generator.random() < 0.95:
                    box = [body[0] + generator.gauss(0, 3), body[1] + generator.gauss(0, 3), 60 + generator.gauss(0, 2), 120 + generator.gauss(0, 3)]
                    result.write("%d,%d,%.2f,%.2f,%.2f,%.2f,0.91,-1,-1,-1\n" % (frame, names[index], *box))


def tuning_rate(program, data, folder):
    """Parameter sets a second on all sequences: the difference of a long and a short search, so that loading does not count."""
    def search(steps):
        command = [
            program, "tune", "--truth", f"{data}/label_02", "--detections", f"{data}/det/car", "--classes", "car", "--fps", "10",
            "--train", ",".join(kitti.SEQUENCES[:-1]), "--validate", kitti.SEQUENCES[-1], "--candidates", "0", "--steps", str(steps),
            "-o", f"{folder}/tuned.yaml", "--overwrite"]
        seconds, _, output = run(command)
        return seconds, int(output.split()[0])

    (short, few), (long, many) = search(20), search(220)
    return (many - few) / (long - short)


def main():
    program, data = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        truth = kitti.lay_out(data, folder)
        names = kitti.nine_results(data, folder)
        theirs, scores = trackeval_seconds(folder, truth, names)
        command = [program, "evaluate", "tracks", "--truth", f"{truth}/label_02", "--classes", "car", "--csv", "--compare"]
        runs = [run(command + [f"{folder}/results/{name}" for name in names]) for _ in range(3)]
        ours, memory, output = min(runs)
        found = [float(line.split(",")[3]) for line in output.splitlines() if ",car,COMBINED," in line]
        assert len(found) == 9 and all(abs(a - b) < 1e-9 for a, b in zip(found, scores)), (found, scores)
        print(f"KITTI, 13 sequences, cars, 9 results: TrackEval {theirs:.2f} s, sextant {ours:.3f} s ({theirs / ours:.0f} times), {memory:.0f} MB")

        rate = tuning_rate(program, data, folder)
        print(f"tune: {rate:.0f} parameter sets a second on {len(kitti.SEQUENCES) - 1} sequences")

        base = run([program, "--version"])[1]
        long_sequence(folder, 10_000, 100)
        size = max(os.path.getsize(f"{folder}/{name}.txt") for name in ("truth", "result")) / 2**20
        command = [program, "evaluate", "tracks", "--truth", f"{folder}/truth.txt", "--result", f"{folder}/result.txt"]
        seconds, memory, _ = min(run(command) for _ in range(3))
        print(f"10000 frames, 100 objects: {seconds:.2f} s, larger file {size:.0f} MB, peak {memory:.0f} MB, {base:.0f} MB of it before any file is read")


if __name__ == "__main__":
    main()
