"""What the evaluation makes of files of a gigabyte, sound and unsound: time, peak memory, exit code and the message.

    python large_files.py SEXTANT FOLDER [GIBIBYTES]

The files, about six times GIBIBYTES (1 unless told) in all, are written to FOLDER, which should not be the repository, and stay there for the
next run.
"""

import gzip
import os
import random
import subprocess
import sys
import tempfile
import time

OBJECTS = 100
PERIOD = 1000  # frames after which the objects are where they were


def paths(seed):
    """For each frame of a period the boxes of all objects, which go to and fro."""
    generator = random.Random(seed)
    starts = [(generator.uniform(0, 1800), generator.uniform(0, 1000), generator.uniform(-1, 1), generator.uniform(-1, 1)) for _ in range(OBJECTS)]
    return [[(x + u * min(t, PERIOD - t), y + v * min(t, PERIOD - t)) for x, y, u, v in starts] for t in range(PERIOD)]


def write_tracks(path, size, spread, missed):
    """MOT text of about `size` bytes: boxes moved at random by `spread` pixels, a share `missed` left out, new ids now and then."""
    generator = random.Random(2)
    lines = []
    for boxes in paths(1):
        rows = []
        for index, (left, top) in enumerate(boxes):
            if generator.random() >= missed:
                dx, dy, dw, dh = (generator.gauss(0, spread) for _ in range(4))
                rows.append((index, ",%.2f,%.2f,%.2f,%.2f,1,-1,-1,-1\n" % (left + dx, top + dy, 60 + dw, 120 + dh)))
        lines.append(rows)
    frame = 0
    with open(path, "w", buffering=1 << 20) as file:
        while file.tell() < size:
            # Every period the objects of the result have other ids; those of the truth, which nobody misses, keep theirs.
            first = 1 + (frame // PERIOD * OBJECTS if missed else 0)
            for rows in lines:
                frame += 1
                file.write("".join(f"{frame},{first + index}{row}" for index, row in rows))


def write_random_bytes(path, size):
    generator = random.Random(3)
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(generator.randbytes(1 << 20))


def write_repeated(path, size, piece, start=b"", end=b""):
    block = piece * ((1 << 20) // len(piece))
    opener = gzip.open(path, "wb", compresslevel=1) if path.endswith(".gz") else open(path, "wb")
    with opener as file:
        file.write(start)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end)


def make(folder, size):
    def once(name, write, *arguments):
        path = f"{folder}/{name}"
        if not os.path.exists(path):
            write(path + ".part" if not path.endswith(".gz") else path, *arguments)
            if not path.endswith(".gz"):
                os.rename(path + ".part", path)

    entry = b'{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":0.5}'
    row = b"1,1,100.25,200.5,60,120,1,-1,-1,-1\n"
    once("truth.txt", write_tracks, size, 0, 0)
    once("result.txt", write_tracks, size, 3, 0.05)
    once("random-bytes.txt", write_random_bytes, size)
    once("bad-rows.txt", write_repeated, size, b"1,2,3,4,5,6,7,8,9,x\n", row)
    once("one-line.txt", write_repeated, size, b"1,2,3,4,5,")
    once("rows-of-one-frame.txt", write_repeated, size, row)
    once("list.json", write_repeated, size, entry + b",", b"[", entry + b"]")
    once("zeros.txt.gz", write_repeated, 10 * size, b"\0")
    once("rows.txt.gz", write_repeated, 10 * size, row)
    once("feeds.txt.gz", write_repeated, 4 * size, b"\n", row)


def run(command):
    """Exit code, seconds, peak in MiB and the first line of what went wrong."""
    with tempfile.NamedTemporaryFile("r") as peak:
        start = time.time()
        timed = ["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name] + command
        process = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=3600)
        seconds = time.time() - start
        message = process.stderr.decode(errors="replace").strip().split("\n")[0]
        return process.returncode, seconds, int(peak.read().split()[-1]) / 1024, message


def main():
    program, folder = sys.argv[1:3]
    size = int(float(sys.argv[3] if len(sys.argv) > 3 else 1) * 2**30)
    os.makedirs(folder, exist_ok=True)
    make(folder, size)
    tracks = [program, "evaluate", "tracks", "--truth", f"{folder}/truth.txt", "--result"]
    boxes = [program, "evaluate", "boxes", "--truth", f"{folder}/truth.txt", "--result"]
    cases = [("tracks", tracks, "result.txt", []), ("boxes", boxes, "result.txt", [])]
    for name in ["random-bytes.txt", "bad-rows.txt", "one-line.txt", "rows-of-one-frame.txt", "zeros.txt.gz", "rows.txt.gz", "feeds.txt.gz"]:
        # The unsound file comes first, so that its own time and memory are seen.
        tracks = [program, "evaluate", "tracks", "--result", f"{folder}/result.txt", "--truth"]
        cases.append(("tracks", tracks, name, ["--format", "mot"]))
    cases.append(("boxes", [program, "evaluate", "boxes", "--result", f"{folder}/result.txt", "--truth"], "list.json", []))
    for kind, command, name, options in cases:
        code, seconds, peak, message = run(command + [f"{folder}/{name}"] + options)
        size = os.path.getsize(f"{folder}/{name}") / 2**20
        print(f"{kind} {name} ({size:.0f} MiB): exit {code}, {seconds:.1f} s, peak {peak:.0f} MiB: {message[:160]}", flush=True)


if __name__ == "__main__":
    main()
