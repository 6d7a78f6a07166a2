"""How large a row is: python3 Benchmarks/batch/bytes_a_row.py PROGRAM CLIP...

Tracks each clip into a stream, and tells how many bytes a row (a track in a frame) takes as text, packed by Zstandard, and as Parquet.
"""
import os
import re
import subprocess
import sys
import tempfile


def size(program, clip, folder):
    plain, packed, table = (f"{folder}/t.{end}" for end in ("ndjson", "ndjson.zst", "parquet"))
    for output in (plain, packed):
        subprocess.run([program, "track", clip, "-o", output, "--overwrite", "--quiet"], check=True)
    said = subprocess.run(
        [program, "convert", plain, table, "--to", "parquet", "--overwrite"], check=True, capture_output=True, text=True)
    rows = int(re.search(r"\d+", said.stderr).group())
    return rows, [os.path.getsize(path) for path in (plain, packed, table)]


def main(program, *clips):
    rows, sums = 0, [0, 0, 0]
    print(f"{'clip':24}{'rows':>10}{'text':>10}{'zstd':>10}{'Parquet':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for clip in clips:
            count, sizes = size(program, clip, folder)
            rows, sums = rows + count, [a + b for a, b in zip(sums, sizes)]
            print(f"{os.path.basename(clip):24}{count:10}" + "".join(f"{s / max(1, count):10.1f}" for s in sizes))
    print(f"{'together':24}{rows:10}" + "".join(f"{s / max(1, rows):10.1f}" for s in sums))


if __name__ == "__main__":
    main(*sys.argv[1:])
