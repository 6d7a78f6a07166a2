#!/usr/bin/env python3
"""Networks on bytes: the error of each group of channels and the time of a run, by Sextant and by OpenVINO in turn.

    python3 -m venv .build-peers && .build-peers/bin/pip install openvino nncf opencv-python-headless
    .build-peers/bin/python Benchmarks/networks/int8.py .build/release/sextant ../shared/onnx --calibration 'GLOB' --test 'GLOB' \\
        [--models fastestdet,yolox,yolov8n,yolo11n-obb] [--count 32] [--rounds 5] [--options '--range entropy'] [--skip-time]

Both engines quantise from the same pictures (`--calibration`, evenly chosen `--count` of them), given as the same arrays: Sextant by `sextant
network quantize --to int8`, OpenVINO by NNCF's post-training quantisation with its preset for unsymmetric values. Errors are told on other
pictures (`--test`, at most 8): |a - b| / |b| over all of them, b by OpenVINO in 32-bit floats. Times are by the clock, so the machine has to be
free: each engine runs in a process of its own, `RUNS` timed runs after the first, the processes take turns `--rounds` times, and the median
of the processes' medians counts. The load when the processes began is told with them.
"""
import argparse
import glob
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 40
TEST_PICTURES = 8
MODELS = {
    "fastestdet": ("fastestdet/FastestDet.onnx", "input.1", 352, 352, "stretch-bgr", 255,
                   [("objectness", 1, 0, 1), ("box", 1, 1, 5), ("classes", 1, 5, 85)]),
    "yolox": ("yolox-nano/yolox_nano.onnx", "images", 416, 416, "corner-bgr", 1,
              [("centre", 2, 0, 2), ("size", 2, 2, 4), ("objectness", 2, 4, 5), ("classes", 2, 5, 85)]),
    "yolov8n": ("yolo/yolov8n.onnx.gz", "images", 640, 640, "corner-rgb", 255,
                [("centre", 1, 0, 2), ("size", 1, 2, 4), ("classes", 1, 4, 84)]),
    "yolo11n-obb": ("yolo/yolo11n-obb.onnx.gz", "images", 640, 640, "corner-rgb", 255,
                    [("centre", 1, 0, 2), ("size", 1, 2, 4), ("classes", 1, 4, 19), ("angle", 1, 19, 20)]),
}


def model_bytes(path):
    data = open(path, "rb").read()
    return gzip.decompress(data) if path.endswith(".gz") else data


def planes(path, width, height, form, divisor):
    import cv2
    import numpy
    picture = cv2.imread(path)
    if form.startswith("stretch"):
        fitted = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    else:
        scale = min(width / picture.shape[1], height / picture.shape[0])
        small = cv2.resize(picture, (int(picture.shape[1] * scale), int(picture.shape[0] * scale)))
        fitted = numpy.full((height, width, 3), 114, numpy.uint8)
        fitted[:small.shape[0], :small.shape[1]] = small
    if form.endswith("rgb"):
        fitted = fitted[:, :, ::-1]
    return numpy.ascontiguousarray(fitted.transpose(2, 0, 1)[None].astype(numpy.float32) / numpy.float32(divisor))


def by_peer(path, kind, threads, name, arrays):
    import openvino
    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": kind}
    compiled = core.compile_model(core.read_model(path), "CPU", settings)
    return [compiled({name: array})[0].copy() for array in arrays]


def quantize_by_peer(source, target, name, arrays):
    import logging
    import nncf
    import openvino
    nncf.set_log_level(logging.ERROR)
    model = openvino.Core().read_model(source)
    data = nncf.Dataset([{name: array} for array in arrays])
    openvino.save_model(nncf.quantize(model, data, preset=nncf.QuantizationPreset.MIXED, subset_size=len(arrays)), target)


def run_peer(path, kind, threads):
    """Prints the median milliseconds of a run."""
    import numpy
    import openvino
    core = openvino.Core()
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": kind}
    request = core.compile_model(core.read_model(path), "CPU", settings).create_infer_request()
    picture = numpy.random.default_rng(0).random(list(request.get_compiled_model().input(0).shape), dtype=numpy.float32)
    request.infer({0: picture})
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        request.infer({0: picture})
        spent.append(time.perf_counter() - start)
    print(f"median {1000 * statistics.median(spent):.4f}")


def run_time(command):
    """The median milliseconds of a run that the process `command` tells."""
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(re.search(r"median ([\d.]+)", told)[1])


def times(program, ours, theirs, plain, threads, rounds):
    """Medians of both engines on bytes, and of the peer in bfloat16."""
    engines = {
        "sextant": [program, "network", "bench", ours, "--type", "int8", "--threads", str(threads), "--runs", str(RUNS)],
        "openvino": [sys.executable, __file__, "--peer", theirs, "bf16", str(threads)],
        "openvino-bf16": [sys.executable, __file__, "--peer", plain, "bf16", str(threads)],
    }
    found = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine, command in engines.items():
            found[engine].append(run_time(command))
    return {engine: statistics.median(values) for engine, values in found.items()}


def distance(found, exact, group):
    import numpy
    _, axis, low, high = group
    cut = (slice(None),) * axis + (slice(low, high),)
    a = numpy.stack([array[cut] for array in found]).astype(numpy.float64)
    b = numpy.stack([array[cut] for array in exact]).astype(numpy.float64)
    return numpy.linalg.norm(a - b) / numpy.linalg.norm(b)


def by_sextant(program, path, kind, arrays, name, folder):
    import numpy
    results = []
    for index, array in enumerate(arrays):
        numpy.save(f"{folder}/in.npy", array)
        out = f"{folder}/out{index}"
        subprocess.run([program, "network", "run", path, "--type", kind, "--input", f"{name}={folder}/in.npy", "-o", out, "--overwrite"],
                       check=True, stdout=subprocess.DEVNULL)
        results.append(numpy.load(f"{out}/{sorted(os.listdir(out))[0]}"))
    return results


def chosen(pattern, count):
    paths = sorted(glob.glob(pattern, recursive=True))
    return [paths[index * len(paths) // count] for index in range(min(count, len(paths)))] if len(paths) >= count else paths


def study(key, arguments):
    import numpy
    file, name, width, height, form, divisor, groups = MODELS[key]
    with tempfile.TemporaryDirectory() as folder:
        plain = f"{folder}/model.onnx"
        open(plain, "wb").write(model_bytes(f"{arguments.folder}/{file}"))
        read = lambda paths: [planes(path, width, height, form, divisor) for path in paths]
        samples = read(chosen(arguments.calibration, arguments.count))
        tests = read(chosen(arguments.test, TEST_PICTURES))
        os.mkdir(f"{folder}/samples")
        for index, array in enumerate(samples):
            numpy.save(f"{folder}/samples/{index:03}.npy", array)
        ours, theirs = f"{folder}/ours.onnx", f"{folder}/theirs.xml"
        told = subprocess.run([arguments.sextant, "network", "quantize", plain, "--data", f"{folder}/samples", "--to", "int8", "-o", ours]
                              + arguments.options.split(), check=True, stdout=subprocess.PIPE, text=True).stdout
        print(f"{key}: {len(samples)} calibration, {len(tests)} test pictures; "
              + [line for line in told.splitlines() if line.startswith("layers")][0].replace("\t", " "), flush=True)
        kept = [line.split("\t")[1] for line in told.splitlines() if len(line.split("\t")) > 3 and line.split("\t")[2] == "kept"]
        print(f"  kept: {', '.join(kept) or 'none'}", flush=True)
        quantize_by_peer(plain, theirs, name, samples)
        exact = by_peer(plain, "f32", 2, name, tests)
        rows = [by_sextant(arguments.sextant, ours, "int8", tests, name, folder), by_peer(theirs, "bf16", 2, name, tests),
                by_peer(plain, "bf16", 2, name, tests)]
        if arguments.peers:
            rows.append(by_peer(ours, "f32", 2, name, tests))
        print("| model | group | Sextant int8 | OpenVINO int8 | ratio | OpenVINO bf16 |\n| --- | --- | ---: | ---: | ---: | ---: |")
        for group in groups:
            errors = [distance(found, exact, group) for found in rows]
            more = f" {errors[3]:.4f} (OpenVINO on Sextant's file)" if arguments.peers else ""
            print(f"| {key} | {group[0]} | {errors[0]:.4f} | {errors[1]:.4f} | {errors[0] / errors[1]:.2f} | {errors[2]:.4f} |{more}", flush=True)
        if arguments.skip_time:
            return
        print("| model | threads | Sextant int8 ms | OpenVINO int8 ms | OpenVINO bf16 ms | best of OpenVINO's by ours | load |\n"
              "| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for threads in (1, 2):
            load = os.getloadavg()[0]
            found = times(arguments.sextant, ours, theirs, plain, threads, arguments.rounds)
            best = min(found["openvino"], found["openvino-bf16"])
            print(f"| {key} | {threads} | {found['sextant']:.2f} | {found['openvino']:.2f} | {found['openvino-bf16']:.2f} | "
                  f"{best / found['sextant']:.2f} | {load:.1f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--peer"]:
        return run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    parser = argparse.ArgumentParser(description="Networks on bytes by two engines.")
    parser.add_argument("sextant")
    parser.add_argument("folder")
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--options", default="")
    parser.add_argument("--skip-time", action="store_true")
    parser.add_argument("--peers", action="store_true", help="also run Sextant's file by OpenVINO")
    arguments = parser.parse_args()
    for key in arguments.models.split(","):
        study(key, arguments)


if __name__ == "__main__":
    main()
