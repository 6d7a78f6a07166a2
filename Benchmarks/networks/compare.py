#!/usr/bin/env python3
"""Times networks by Sextant, ONNX Runtime and OpenVINO in turn.

    python3 -m venv .build-peers && .build-peers/bin/pip install onnxruntime openvino
    .build-peers/bin/python Benchmarks/networks/compare.py .build/release/sextant MODEL.onnx... [--threads 2] [--rounds 5] [--runs 20]

Each engine runs in a process of its own, for the threads of one would wait busily while another one is timed; the processes take turns,
`--rounds` times, `--runs` timed runs each. Printed are the median of the processes' medians, the least run, the median time to the first
result (reading, planning and one run, without the start of Python and the import of the library), the largest resident memory and the
machine's load when the processes began. Inputs are made: sizes that a file leaves open are 1.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import time

ENGINES = ["sextant-f32", "sextant-bf16", "onnxruntime", "openvino-f32", "openvino-bf16"]


def model_bytes(path):
    import gzip
    data = open(path, "rb").read()
    return gzip.decompress(data) if path.endswith(".gz") else data


def run_peer(engine, path, threads, runs):
    """Prints the milliseconds of the first result, then those of each run."""
    import numpy
    data = model_bytes(path)
    if engine == "onnxruntime":
        import onnxruntime
        start = time.perf_counter()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        entry = session.get_inputs()[0]
        shape = [size if isinstance(size, int) else 1 for size in entry.shape]
        picture = numpy.random.default_rng(0).random(shape, dtype=numpy.float32)
        infer = lambda: session.run(None, {entry.name: picture})
    else:
        import openvino
        start = time.perf_counter()
        core = openvino.Core()
        settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": engine.split("-")[1], "PERFORMANCE_HINT": "LATENCY"}
        compiled = core.compile_model(core.read_model(data), "CPU", settings)
        request = compiled.create_infer_request()
        picture = numpy.random.default_rng(0).random(list(compiled.input(0).shape), dtype=numpy.float32)
        infer = lambda: request.infer({0: picture})
    infer()
    times = [time.perf_counter() - start]
    for _ in range(runs):
        start = time.perf_counter()
        infer()
        times.append(time.perf_counter() - start)
    print(" ".join(f"{1000 * seconds:.4f}" for seconds in times))


def measure(command):
    """The output, and the largest resident memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return output, usage.ru_maxrss / 1024


def one_round(engine, path, arguments):
    """Milliseconds to the first result, the median and the least of a run, and the memory in MB."""
    threads, runs = str(arguments.threads), str(arguments.runs)
    if engine.startswith("sextant"):
        output, memory = measure([arguments.sextant, "network", "bench", path, "--type", engine.split("-")[1], "--threads", threads, "--runs", runs])
        first = float(re.search(r"first run\s+([\d.]+)", output)[1])
        return first, float(re.search(r"median ([\d.]+)", output)[1]), float(re.search(r"least ([\d.]+)", output)[1]), memory
    output, memory = measure([sys.executable, __file__, "--peer", engine, path, threads, runs])
    times = [float(word) for word in output.split()]
    return times[0], statistics.median(times[1:]), min(times[1:]), memory


def main():
    if sys.argv[1:2] == ["--peer"]:
        return run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    parser = argparse.ArgumentParser(description="Times networks by several engines in turn.")
    parser.add_argument("sextant")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    import onnxruntime
    import openvino
    print(f"onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__}, threads {arguments.threads}")
    print("\n| model | engine | median ms | least ms | first result ms | memory MB | load |\n| --- | --- | --- | --- | --- | --- | --- |")
    for path in arguments.models:
        results = {engine: [] for engine in ENGINES}
        loads = {engine: [] for engine in ENGINES}
        for _ in range(arguments.rounds):
            for engine in ENGINES:
                loads[engine].append(os.getloadavg()[0])
                results[engine].append(one_round(engine, path, arguments))
        for engine in ENGINES:
            first, median = (statistics.median(result[column] for result in results[engine]) for column in (0, 1))
            least, memory = min(result[2] for result in results[engine]), max(result[3] for result in results[engine])
            name = os.path.basename(path).split(".")[0]
            print(f"| {name} | {engine} | {median:.2f} | {least:.2f} | {first:.0f} | {memory:.0f} | "
                  f"{statistics.mean(loads[engine]):.1f} |", flush=True)


main()
