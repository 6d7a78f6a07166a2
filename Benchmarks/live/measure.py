#!/usr/bin/env python3
"""Live input on loopback: latency, drops and memory of `sextant track --live latest`, and the return of a server that was killed.

    measure.py SEXTANT [--minutes 10] [--scheme tcp|udp]

ffmpeg sends a 1280x720 test picture at 30 frames per second. Each detection is delayed by 60 ms on purpose, so the tracker
has to drop frames. Memory is the resident set, read once a second. Only 127.0.0.1 is used; needs ffmpeg.
"""

import argparse
import json
import signal
import socket
import statistics
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sender(scheme, port):
    """ffmpeg as a camera that never ends."""
    suffix = "?listen=1" if scheme == "tcp" else "?pkt_size=1316"
    return subprocess.Popen(
        ["ffmpeg", "-v", "quiet", "-re", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-c:v", "libx264", "-preset", "ultrafast",
         "-tune", "zerolatency", "-g", "30", "-f", "mpegts", f"{scheme}://127.0.0.1:{port}{suffix}"],
        stdin=subprocess.DEVNULL)


def tracker(sextant, scheme, port, folder, *options):
    return subprocess.Popen(
        [sextant, "track", f"{scheme}://127.0.0.1:{port}", "--live", "latest", "--overwrite", "-q", "-o", f"{folder}/out.ndjson",
         "--timings", f"{folder}/timings.json", *options])


def resident_megabytes(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def records(folder):
    with open(f"{folder}/out.ndjson") as lines:
        return [json.loads(line) for line in lines]


def stop(process, how):
    process.send_signal(how)
    return process.wait(timeout=30)


def measure_latency(sextant, scheme, minutes, folder):
    port = free_port()
    camera = sender(scheme, port)
    time.sleep(1)
    process = tracker(sextant, scheme, port, folder, "--detector-delay", "60")
    memory = []
    try:
        for _ in range(int(minutes * 60)):
            time.sleep(1)
            memory.append(resident_megabytes(process))
    finally:
        status = stop(process, signal.SIGINT)
        camera.kill()
        camera.wait()
    end = records(folder)[-1]
    with open(f"{folder}/timings.json") as file:
        latency = json.load(file)["latency"]
    quarter = max(1, len(memory) // 4)
    early, late = (statistics.median(part) for part in (memory[quarter:2 * quarter], memory[-quarter:]))
    print(f"| {scheme} | {minutes:g} min | {end['frames']} | {end['dropped']} | {latency['median_ms']:.0f} | {latency['p95_ms']:.0f} "
          f"| {early:.0f} | {late:.0f} | {status} |")


def measure_return(sextant, scheme, folder):
    port = free_port()
    camera = sender(scheme, port)
    time.sleep(1)
    process = tracker(sextant, scheme, port, folder, "--give-up", "30", "--timeout", "2")
    time.sleep(6)
    camera.kill()
    camera.wait()
    time.sleep(4)
    camera = sender(scheme, port)
    time.sleep(12)
    status = stop(process, signal.SIGINT)
    camera.kill()
    camera.wait()
    lines = records(folder)
    kinds = [line["kind"] for line in lines if line["record"] == "event" and line["kind"] in ("lost", "found")]
    found = next((index for index, line in enumerate(lines) if line.get("kind") == "found"), len(lines))
    after = sum(line["record"] == "frame" for line in lines[found:])
    before = sum(line["record"] == "frame" for line in lines[:found])
    print(f"| {scheme} | {before} | {', '.join(kinds)} | {after} | {lines[-1]['status']} | {status} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sextant")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--scheme", choices=["tcp", "udp"], default="tcp")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("| over | for | frames | dropped | latency median, ms | 95 %, ms | memory in the second quarter, MB | in the last | exit |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        measure_latency(options.sextant, options.scheme, options.minutes, folder)
        print("\n| over | frames before the kill | events | frames after | end | exit |")
        print("| --- | ---: | --- | ---: | --- | ---: |")
        for scheme in ("tcp", "udp"):
            measure_return(options.sextant, scheme, folder)


if __name__ == "__main__":
    main()
