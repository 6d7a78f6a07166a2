"""Trajectories by evo: every alignment, relation and delta of a pair of trajectories."""

import copy
import itertools

import numpy as np
from evo.core import metrics, sync
from evo.core.trajectory import PosePath3D, PoseTrajectory3D
from evo.core.units import Unit
from scipy.spatial.transform import Rotation

ALIGNMENTS = ["none", "se3", "sim3", "scale", "origin", "se3_n30"]
ABSOLUTE = ["translation_part", "rotation_part", "full_transformation", "rotation_angle_deg", "rotation_angle_rad", "point_distance"]
RELATIVE = ABSOLUTE + ["point_distance_error_ratio"]
DELTAS = [(1, "frames", False), (7, "frames", False), (7, "frames", True), (3.0, "metres", False), (3.0, "metres", True),
          (20.0, "degrees", False), (20.0, "degrees", True), (0.4, "radians", False), (0.4, "radians", True)]
UNITS = dict(frames=Unit.frames, metres=Unit.meters, degrees=Unit.degrees, radians=Unit.radians)


def aligned(truth, result, how):
    result = copy.deepcopy(result)
    if how == "se3":
        result.align(truth)
    elif how == "se3_n30":
        result.align(truth, n=30)
    elif how == "sim3":
        result.align(truth, correct_scale=True)
    elif how == "scale":
        result.align(truth, correct_only_scale=True)
    elif how == "origin":
        result.align_origin(truth)
    return result


def relation(name):
    return metrics.PoseRelation[{"full_transformation": "full_transformation"}.get(name, name)]


def figures(truth, result):
    """A dictionary of statistics; absolute keys are `relation alignment`, relative keys name the delta too."""
    found = {}
    for how in ALIGNMENTS:
        moved = aligned(truth, result, how)
        for name in ABSOLUTE:
            ape = metrics.APE(relation(name))
            ape.process_data((truth, moved))
            found[f"APE {name} {how}"] = dict(ape.get_all_statistics(), count=len(ape.error))
    for name, (delta, unit, every), source in itertools.product(RELATIVE, DELTAS, ["result", "truth"]):
        rpe = metrics.RPE(relation(name), delta, UNITS[unit], 0.1, every, source == "truth")
        rpe.process_data((truth, result))
        found[f"RPE {name} {delta} {unit} {'all' if every else 'consecutive'} {source}"] = dict(
            rpe.get_all_statistics(), count=len(rpe.error))
    return found


def random_trajectory(seed, count=80):
    """A wandering path with stamps, and an estimate of it: drifting, scaled, turned, at other stamps."""
    random = np.random.default_rng(seed)
    turn = Rotation.identity()
    position = np.zeros(3)
    positions, quaternions = [], []
    for _ in range(count):
        turn = turn * Rotation.from_rotvec(random.normal(0, 0.06, 3))
        position = position + turn.apply([0, 0, 0.4 + 0.2 * random.random()])
        positions.append(position.copy())
        quaternions.append(turn.as_quat())
    stamps = 1.6e9 + np.arange(count) * 0.1
    frame = Rotation.from_rotvec([0.2, -0.5, 0.1])
    estimate = frame.apply(np.array(positions) * 1.05 + random.normal(0, 0.03, (count, 3))) + [3, -2, 1]
    turns = [(frame * Rotation.from_quat(q) * Rotation.from_rotvec(random.normal(0, 0.01, 3))).as_quat() for q in quaternions]
    other = stamps + random.uniform(-0.008, 0.008, count)
    keep = np.sort(random.choice(count, count - 15, replace=False))
    return (stamps, np.array(positions), np.array(quaternions)), (other[keep], estimate[keep], np.array(turns)[keep])


def trajectory(stamps, positions, quaternions_xyzw):
    return PoseTrajectory3D(np.array(positions), np.roll(np.array(quaternions_xyzw), 1, axis=1), np.array(stamps))


def associated(truth, result, maximum=0.01, offset=0.0):
    return sync.associate_trajectories(truth, result, max_diff=maximum, offset_2=offset)
