#!/usr/bin/env python3
"""How far bfloat16 runs of networks are from the stored outputs: Sextant's beside OpenVINO's, for each group of channels.

    python3 -m venv .build-peers && .build-peers/bin/pip install onnxruntime openvino
    .build-peers/bin/python Benchmarks/networks/accuracy.py .build/release/sextant ../shared/onnx [--type bf16]

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


def main():
    parser = argparse.ArgumentParser(description="Errors of bfloat16 runs.")
    parser.add_argument("sextant")
    parser.add_argument("folder")
    parser.add_argument("--type", default="bf16")
    arguments = parser.parse_args()
    print("| network | group | Sextant | OpenVINO bf16 | ratio |\n| --- | --- | ---: | ---: | ---: |")
    for model, name, picture, divisor, output, stored, pictures, groups in DETECTORS:
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
