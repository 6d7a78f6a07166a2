#!/usr/bin/env python3
"""Peak memory of a long run of `sextant track`, and whether it grows.

    Benchmarks/memory/run.py SEXTANT CLIP [FRAMES]

CLIP is joined to itself without decoding until it has FRAMES frames (20,000 by default). Memory is the resident set, sampled while the
run goes on; "flat" compares its mean over the second tenth of the run with that over the last tenth.
"""
import json
import os
import subprocess
import sys
import tempfile
import time


def frames_of(clip):
    query = ["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets",
             "-of", "csv=p=0", clip]
    return int(subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip().strip(","))


def resident_megabytes(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main():
    program, clip = sys.argv[1], sys.argv[2]
    frames = int(sys.argv[3]) if len(sys.argv) > 3 else 20000
    with tempfile.TemporaryDirectory() as folder:
        joined = os.path.join(folder, "long.mkv")
        loops = (frames + frames_of(clip) - 1) // frames_of(clip) - 1
        subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", str(loops), "-i", clip, "-c", "copy", joined], check=True)
        command = [program, "track", joined, "--max-frames", str(frames), "-o", os.path.join(folder, "o.ndjson"), "--quiet"]
        start = time.monotonic()
        process = subprocess.Popen(command)
        samples, peak = [], 0.0
        while process.poll() is None:
            try:
                samples.append(resident_megabytes(process.pid))
                peak = max(peak, peak_megabytes(process.pid))
            except (FileNotFoundError, IndexError, ProcessLookupError):
                break
            time.sleep(0.2)
        process.wait()
        seconds = time.monotonic() - start
        with open(os.path.join(folder, "o.ndjson")) as stream:
            end = json.loads(stream.readlines()[-1])
    samples = [s for s in samples if s > 1]
    tenth = max(1, len(samples) // 10)
    early = sum(samples[tenth:2 * tenth]) / tenth
    late = sum(samples[-tenth - 1:-1]) / tenth
    print(f"{end['frames']} frames in {seconds:.0f} s, status {end['status']}")
    print(f"peak {peak:.0f} MB; second tenth {early:.0f} MB, last tenth {late:.0f} MB ({100 * (late / early - 1):+.1f} %)")


if __name__ == "__main__":
    main()
