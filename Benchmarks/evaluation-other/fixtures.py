"""Writes the stored fixtures of Tests/BoxEvaluationTests and Tests/TrajectoryEvaluationTests from the peers.

    python Benchmarks/evaluation-other/fixtures.py
"""

import json
import pathlib

import numpy as np

import peers_boxes
import peers_trajectories

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"


def write(tests, name, value):
    folder = TESTS / tests / "Fixtures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def rotated():
    random = np.random.default_rng(20)
    pairs = [peers_boxes.random_pair(random) for _ in range(500)]
    write("BoxEvaluationTests", "rotated-iou.json", [dict(a=a, b=b, iou=peers_boxes.rotated_iou(a, b)) for a, b in pairs])


def coco():
    cases = []
    for seed in range(4):
        truth, results = peers_boxes.random_coco(seed)
        figures, per_class = peers_boxes.coco_figures(truth, results)
        cases.append(dict(truth=truth, results=results, figures=figures, classes=[None if v != v else v for v in per_class]))
    write("BoxEvaluationTests", "coco.json", cases)


def dota():
    cases = []
    for seed in range(6):
        truth, detections = peers_boxes.random_oriented(seed)
        eleven, every = peers_boxes.dota_ap(truth, detections)
        cases.append(dict(truth=truth, detections=detections, voc07=eleven, allPoint=every))
    write("BoxEvaluationTests", "dota-ap.json", cases)


def trajectories():
    truth, result = peers_trajectories.random_trajectory(5)
    a, b = peers_trajectories.associated(peers_trajectories.trajectory(*truth), peers_trajectories.trajectory(*result))
    write(
        "TrajectoryEvaluationTests", "trajectory.json",
        dict(
            truth=[[float(t), *map(float, p), *map(float, q)] for t, p, q in zip(*truth)],
            result=[[float(t), *map(float, p), *map(float, q)] for t, p, q in zip(*result)],
            pairs=a.num_poses, figures=peers_trajectories.figures(a, b)))


if __name__ == "__main__":
    rotated()
    coco()
    dota()
    trajectories()
