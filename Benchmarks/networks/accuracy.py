#!/usr/bin/env python3
"""How far bfloat16 runs of networks are from the stored outputs: Sextant's beside OpenVINO's, for each group of channels.

    python3 -m venv .build-peers && .build-peers/bin/pip install onnxruntime openvino
    .build-peers/bin/python Benchmarks/networks/accuracy.py .build/release/sextant ../shared/onnx [--type bf16]

YOLO26n gives rows in the order of their scores, which rounding changes: every stored row is compared with the nearest one of its class, and
those without one within half of their size are counted. `--only NAME` takes the networks with that name alone.

Printed: the relative error |a - b| / |b| of each group (detectors: centre, size, classes, angle, objectness) of both engines, and ours over
OpenVINO's.
"""
import argparse
import gzip
import io
import os
import subprocess
import tempfile

import numpy

DETECTORS = [
    ("fastestdet/FastestDet.onnx", "input.1", "fastestdet/%s_352.bgr.u8.npy.gz", 255, "758", "fastestdet/%s.758.f32.npy.gz",
     ["chelsea", "coffee", "astronaut"], [("objectness", 0, 1), ("box", 1, 5), ("classes", 5, 85)]),
    ("yolo/yolov8n.onnx.gz", "images", "yolo/%s_640.rgb.u8.npy.gz", 255, "output0", "yolo/yolov8n.output0.f32.npy.gz", ["coffee"],
     [("centre", 0, 2), ("size", 2, 4), ("classes", 4, 84)]),
    ("yolo/yolo11n-obb.onnx.gz", "images", "yolo/%s_640.rgb.u8.npy.gz", 255, "output0", "yolo/yolo11n-obb.output0.f32.npy.gz", ["coffee"],
     [("centre", 0, 2), ("size", 2, 4), ("classes", 4, 19), ("angle", 19, 20)]),
    ("yolox-nano/yolox_nano.onnx", "images", "yolox-nano/%s_416.bgr.u8.npy.gz", 1, "output", "yolox-nano/%s_416.output.f32.npy.gz",
     ["mot17-04"], [("centre", 0, 2), ("size", 2, 4), ("objectness", 4, 5), ("classes", 5, 85)]),
]
SMALL = ["mobilenetv3_block", "convnext_block", "vit_tiny", "vit_tiny_raw", "unet_tiny", "dynamic_shapes", "siamese_xcorr", "cnn_f32"]


def load(path):
    data = open(path, "rb").read()
    return numpy.load(io.BytesIO(gzip.decompress(data) if path.endswith(".gz") else data))


def by_openvino(path, inputs):
    import openvino
    data = open(path, "rb").read()
    core = openvino.Core()
    model = core.read_model(gzip.decompress(data) if path.endswith(".gz") else data)
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "bf16"})
    result = compiled(inputs)
    return {output.get_any_name(): result[output] for output in compiled.outputs}


def by_sextant(program, kind, path, inputs):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "network", "run", path, "--type", kind, "-o", folder + "/out", "--threads", "2"]
        for name, array in inputs.items():
            numpy.save(f"{folder}/{name}.npy", array)
            command += ["--input", f"{name}={folder}/{name}.npy"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return {name[:-4]: numpy.load(f"{folder}/out/{name}") for name in os.listdir(folder + "/out")}


def distance(a, b):
    return numpy.linalg.norm((a - b).astype(numpy.float64)) / numpy.linalg.norm(b.astype(numpy.float64))


def row(network, group, ours, theirs, stored):
    first, second = distance(ours, stored), distance(theirs, stored)
    print(f"| {network} | {group} | {first:.5f} | {second:.5f} | {first / second:.2f} |", flush=True)


def matched(found, stored):
    """The rows of `found` that stand for those of `stored`, these rows, and the number of those for which there is none."""
    ours, theirs, missing = [], [], 0
    free = list(found)
    for row in stored:
        same = [index for index, other in enumerate(free) if other[5] == row[5]]
        gap = lambda index: numpy.abs(free[index][:4] - row[:4]).max()
        best = min(same, key=gap, default=None)
        if best is None or gap(best) > 0.5 * max(row[2] - row[0], row[3] - row[1]):
            missing += 1
            continue
        ours.append(free.pop(best))
        theirs.append(row)
    return numpy.array(ours), numpy.array(theirs), missing


def compare_sets(arguments):
    path = f"{arguments.folder}/yolo/yolo26n.onnx.gz"
    planes = load(f"{arguments.folder}/yolo/coffee_640.rgb.u8.npy.gz").astype(numpy.float32).transpose(2, 0, 1)[None]
    inputs = {"images": numpy.ascontiguousarray(planes / numpy.float32(255))}
    stored = load(f"{arguments.folder}/yolo/yolo26n.output0.f32.npy.gz")[0]
    results = [by_sextant(arguments.sextant, arguments.type, path, inputs)["output0"][0], by_openvino(path, inputs)["output0"][0]]
    pairs = [matched(result, stored) for result in results]
    for group, low, high in [("corners", 0, 4), ("score", 4, 5)]:
        first, second = (distance(ours[:, low:high], right[:, low:high]) for ours, right, _ in pairs)
        print(f"| yolo26n coffee, as a set | {group} | {first:.5f} | {second:.5f} | {first / second:.2f} |")
    print(f"| yolo26n coffee, as a set | rows of {len(stored)} without one | {pairs[0][2]} | {pairs[1][2]} | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description="Errors of bfloat16 runs.")
    parser.add_argument("sextant")
    parser.add_argument("folder")
    parser.add_argument("--type", default="bf16")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    print("| network | group | Sextant | OpenVINO bf16 | ratio |\n| --- | --- | ---: | ---: | ---: |")
    if arguments.only in "yolo26n":
        compare_sets(arguments)
    for model, name, picture, divisor, output, stored, pictures, groups in DETECTORS:
        if arguments.only not in model:
            continue
        path = f"{arguments.folder}/{model}"
        for photo in pictures:
            planes = load(f"{arguments.folder}/{picture % photo}").astype(numpy.float32).transpose(2, 0, 1)[None]
            inputs = {name: numpy.ascontiguousarray(planes / numpy.float32(divisor))}
            ours = by_sextant(arguments.sextant, arguments.type, path, inputs)[output]
            theirs = by_openvino(path, inputs)[output]
            right = load(f"{arguments.folder}/{stored % photo if '%s' in stored else stored}")
            if "yolox" in model:
                ours, theirs, right = (array.transpose(0, 2, 1) for array in (ours, theirs, right))
            for group, low, high in groups:
                row(f"{model.split('/')[0]} {os.path.basename(model).split('.')[0]} {photo}", group, ours[:, low:high],
                    theirs[:, low:high], right[:, low:high])
    for network in SMALL:
        if arguments.only not in network:
            continue
        folder = f"{arguments.folder}/{network}"
        path = f"{folder}/{network}.onnx"
        files = {name[:-4]: load(f"{folder}/{name}") for name in os.listdir(folder) if name.endswith(".npy") and "case" not in name}
        import onnxruntime
        inputs = {entry.name: files[entry.name] for entry in onnxruntime.InferenceSession(path).get_inputs()}
        ours, theirs = by_sextant(arguments.sextant, arguments.type, path, inputs), by_openvino(path, inputs)
        for name, stored in files.items():
            if name not in inputs and stored.dtype == numpy.float32:
                row(network, name, ours[name], theirs[name], stored)


main()
