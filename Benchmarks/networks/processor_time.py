#!/usr/bin/env python3
"""Processor time of a run of a network with one thread, by Sextant and OpenVINO in turn: what other work on the machine disturbs least.

    python3 -m venv .build-peers && .build-peers/bin/pip install openvino
    .build-peers/bin/python Benchmarks/networks/processor_time.py .build/release/sextant MODEL.onnx... [--rounds 5]

Each process runs the network 10 and then 40 times; the difference of its processor times over 30 is a run's, without reading and planning.
Printed are medians of the rounds in milliseconds, and OpenVINO's over ours for each type.
"""
import argparse
import gzip
import os
import statistics
import subprocess
import sys

FEW, MANY = 10, 40


def run_peer(kind, path, runs):
    import numpy
    import openvino
    data = open(path, "rb").read()
    core = openvino.Core()
    model = core.read_model(gzip.decompress(data) if path.endswith(".gz") else data)
    compiled = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": kind})
    picture = numpy.random.default_rng(0).random(list(compiled.input(0).shape), dtype=numpy.float32)
    request = compiled.create_infer_request()
    for _ in range(runs):
        request.infer({0: picture})


def processor_time(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime


def one_run(engine, kind, path, program):
    def command(runs):
        if engine == "openvino":
            return [sys.executable, __file__, "--peer", kind, path, str(runs)]
        return [program, "network", "bench", path, "--type", kind, "--threads", "1", "--runs", str(runs)]
    return 1000 * (processor_time(command(MANY)) - processor_time(command(FEW))) / (MANY - FEW)


def main():
    if sys.argv[1:2] == ["--peer"]:
        return run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    parser = argparse.ArgumentParser(description="Processor time of networks by two engines in turn.")
    parser.add_argument("sextant")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("| model | type | Sextant ms | OpenVINO ms | ratio |\n| --- | --- | ---: | ---: | ---: |")
    for path in arguments.models:
        for kind in ["f32", "bf16"]:
            rounds = [[one_run(engine, kind, path, arguments.sextant) for engine in ["sextant", "openvino"]]
                      for _ in range(arguments.rounds)]
            ours, theirs = (statistics.median(row[place] for row in rounds) for place in (0, 1))
            print(f"| {os.path.basename(path).split('.')[0]} | {kind} | {ours:.2f} | {theirs:.2f} | {theirs / ours:.2f} |", flush=True)


if __name__ == "__main__":
    main()
