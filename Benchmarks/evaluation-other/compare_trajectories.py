"""Trajectories: `sextant evaluate trajectory` against evo, on random paths and on every pair of ../shared/data/trajectories.

    python Benchmarks/evaluation-other/compare_trajectories.py .build/release ../shared/data [paths]
"""

import contextlib
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from evo.core import metrics
from evo.tools import file_interface

import peers_trajectories as peer

ALIGN = dict(none=[], se3=["--align", "se3"], sim3=["--align", "sim3"], scale=["--align", "scale"], origin=["--align", "origin"],
             se3_n30=["--align", "se3", "--align-first", "30"])
KEYS = dict(rmse="rmse", mean="mean", median="median", std="std", min="min", max="max", sse="sse", count="pairs")


def ours(program, truth, result, options, relations):
    run = subprocess.run([program, "evaluate", "trajectory", "--truth", truth, "--result", result, "--json", "--quiet",
                          "--relations", *relations, *options], capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(run.stderr)
    return {(row["error"], row["relation"]): row for row in json.loads(run.stdout)["errors"]}


def difference(row, expected):
    return max(abs(row[key] - expected[name]) / max(1.0, abs(expected[name])) for name, key in KEYS.items() if name in expected)


def text(stamps, positions, quaternions):
    return "".join(" ".join(repr(float(v)) for v in (t, *p, *q)) + "\n" for t, p, q in zip(stamps, positions, quaternions))


def random_paths(program, count, folder):
    worst, rows = 0.0, 0
    for seed in range(300, 300 + count):
        truth, result = peer.random_trajectory(seed)
        (folder / "truth.txt").write_text(text(*truth))
        (folder / "result.txt").write_text(text(*result))
        a, b = peer.associated(peer.trajectory(*truth), peer.trajectory(*result))
        with contextlib.redirect_stdout(io.StringIO()):
            figures = peer.figures(a, b)
        for how in peer.ALIGNMENTS:
            found = ours(program, str(folder / "truth.txt"), str(folder / "result.txt"), ALIGN[how], peer.ABSOLUTE)
            for name in peer.ABSOLUTE:
                worst, rows = max(worst, difference(found["APE", name], figures[f"APE {name} {how}"])), rows + 1
        for delta, unit, every in peer.DELTAS:
            for source in ("result", "truth"):
                options = ["--delta", str(delta), "--delta-unit", unit] + ["--all-pairs"] * every + ["--pairs-from-truth"] * (source == "truth")
                found = ours(program, str(folder / "truth.txt"), str(folder / "result.txt"), options, peer.RELATIVE)
                for name in peer.RELATIVE:
                    key = f"RPE {name} {delta} {unit} {'all' if every else 'consecutive'} {source}"
                    worst, rows = max(worst, difference(found["RPE", name], figures[key])), rows + 1
    print(f"evo, {count} random paths, {rows} rows of statistics: largest difference {worst:.2e}")


PAIRS = [("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam.txt"), ("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-rgbdslam_drift.txt"),
         ("freiburg1_xyz-groundtruth.txt", "freiburg1_xyz-ORB_kf_mono.txt"), ("KITTI_00_gt.txt", "KITTI_00_ORB.txt"),
         ("KITTI_00_gt.txt", "KITTI_00_SPTAM.txt"), ("V102_groundtruth.csv", "V102.txt")]


def read(path, folder):
    plain = folder / path.name[:-3]
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    if path.name.startswith("KITTI"):
        return file_interface.read_kitti_poses_file(str(plain))
    if path.name.endswith(".csv.gz"):
        return file_interface.read_euroc_csv_trajectory(str(plain))
    return file_interface.read_tum_trajectory_file(str(plain))


def real_paths(program, data, folder):
    for truth, result in PAIRS:
        paths = [data / "trajectories" / f"{name}.gz" for name in (truth, result)]
        a, b = (read(p, folder) for p in paths)
        if not truth.startswith("KITTI"):
            a, b = peer.associated(a, b)
        worst, rows = 0.0, 0
        for how in ("none", "se3", "sim3", "scale", "origin"):
            # The drift of evo's own gate: KITTI's seven digits are no rotation to 1e-6 in places, which evo refuses for angles.
            names = ["translation_part", "full_transformation", "rotation_part", "rotation_angle_deg"]
            found = ours(program, *map(str, paths), ALIGN[how], names)
            moved = peer.aligned(a, b, how)
            for name in names:
                for kind in ("APE", "RPE"):
                    metric = metrics.APE(peer.relation(name)) if kind == "APE" else metrics.RPE(peer.relation(name), 1, peer.Unit.frames)
                    try:
                        metric.process_data((a, moved))
                    except Exception as refusal:  # evo asks for rotations exact to 1e-6
                        print(f"  {result} {kind} {name} {how}: evo refuses ({refusal})")
                        continue
                    expected = dict(metric.get_all_statistics(), count=len(metric.error))
                    worst, rows = max(worst, difference(found[kind, name], expected)), rows + 1
        print(f"evo, {truth} and {result}, {a.num_poses} pairs, {rows} rows: largest difference {worst:.2e}")


if __name__ == "__main__":
    program, data = str(pathlib.Path(sys.argv[1]) / "sextant"), pathlib.Path(sys.argv[2])
    np.set_printoptions(precision=17)
    with tempfile.TemporaryDirectory() as name:
        random_paths(program, int(sys.argv[3]) if len(sys.argv) > 3 else 20, pathlib.Path(name))
        real_paths(program, data, pathlib.Path(name))
