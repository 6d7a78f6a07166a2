#!/usr/bin/env python3
"""How far pedestrians' forecasts can be improved from their own eight places: what limits pedestrians.py.

    python3 Benchmarks/forecasts/own_history.py ../shared/data/pedestrian-trajectories        (NumPy)

A direct forecast of each of the twelve steps: constant velocity plus a linear part of the last displacements, for the least mean distance
(weights of 1/distance, eight rounds; each file counts the same). "lags" has a number for each of the seven displacements; "curves" has numbers
for the last displacement and its departures from the mean of the last three and of all, each a sum of curves of the speed, the jerk, the
correlation of successive changes, and of how well constant velocity and a straight line forecast the last three places seen. The ridge is chosen
by leaving one more file out: "inner" is the mean ratio to constant velocity there; the scene itself chooses nothing.
"""

import gzip
import sys

import numpy as np

from pedestrians_protocol import BOUNDARY, SCENES

RIDGES = (1e-2, 1e-1, 1.0)
MOST_WINDOWS, ROUNDS, LEAST_DISTANCE = 1500, 8, 0.05


def windows(rows, wants_company):
    """The places of 20 steps of each agent, with the protocol's filter where it is asked for."""
    index = {frame: number for number, frame in enumerate(np.unique(rows[:, 0]))}
    found = {}
    for agent in np.unique(rows[:, 1]):
        track = rows[rows[:, 1] == agent]
        steps = [index[frame] for frame in track[:, 0]]
        for first in range(len(steps) - 19):
            if steps[first + 19] - steps[first] == 19:
                found.setdefault(steps[first], []).append(track[first:first + 20, 2:])
    return np.array([way for first in sorted(found) if len(found[first]) > wants_company for way in found[first]])


def constant_velocity(ways):
    return ways[:, 7:8] + np.arange(1, 13)[None, :, None] * (ways[:, 7] - ways[:, 6])[:, None]


def error(forecast, ways):
    return np.linalg.norm(forecast - ways[:, 8:], axis=-1).mean()


def features(ways):
    moves = ways[:, 1:8] - ways[:, :7]
    changes = np.diff(moves, axis=1)
    speed = np.linalg.norm(moves, axis=-1).mean(1) + 0.02
    jerk = np.linalg.norm(changes, axis=-1).mean(1) / speed
    correlation = (changes[:, 1:] * changes[:, :-1]).sum((1, 2)) / ((changes**2).sum((1, 2)) + 1e-4)
    ahead, times = np.arange(1, 4)[None, :, None], (np.arange(5) - 2.0)[None, :, None]
    last = ways[:, 4:5] + ahead * (ways[:, 4] - ways[:, 3])[:, None]
    line = ways[:, :5].mean(1)[:, None] + (ahead + 2) * ((ways[:, :5] * times).sum(1) / 10)[:, None]
    missed = [np.linalg.norm(guess - ways[:, 5:8], axis=-1).mean(1) + 0.02 for guess in (last, line)]
    return np.stack([np.log(speed), np.log(jerk + 0.02), correlation, np.log(missed[0] / missed[1])], 1)


def design(ways, knots):
    """Vectors that are summed: agents × numbers × 2."""
    moves = ways[:, 1:8] - ways[:, :7]
    if knots is None:
        return moves
    vectors = np.stack([moves[:, 6], moves[:, 6] - moves[:, 4:].mean(1), moves[:, 6] - moves.mean(1)], 1)
    values, columns = features(ways), [np.ones(len(ways))]
    for feature in range(values.shape[1]):
        columns += [np.interp(values[:, feature], knots[feature], unit) for unit in np.eye(len(knots[feature]))[1:]]
    return (vectors[:, :, None, :] * np.stack(columns, 1)[:, None, :, None]).reshape(len(ways), -1, 2)


class Forecast:
    """Learned from the windows of some files."""

    def __init__(self, files, has_curves, ridge):
        thinned = [ways[np.linspace(0, len(ways) - 1, min(len(ways), MOST_WINDOWS)).astype(int)] for ways in files]
        self.knots = None
        if has_curves:
            self.knots = np.quantile(np.concatenate([features(ways) for ways in thinned]), [0.05, 0.3, 0.6, 0.95], axis=0).T
        ways = np.concatenate(thinned)
        weight = np.concatenate([np.full(len(part), 1 / len(part)) for part in thinned])
        table = design(ways, self.knots).transpose(0, 2, 1).reshape(2 * len(ways), -1)
        rest = (ways[:, 8:] - constant_velocity(ways)).transpose(0, 2, 1).reshape(-1, 12)
        size = np.diag((table**2).mean(0))
        self.numbers = np.zeros((table.shape[1], 12))
        for _ in range(ROUNDS):
            distance = np.linalg.norm((rest - table @ self.numbers).reshape(-1, 2, 12), axis=1)
            weights = np.repeat(weight[:, None] / np.hypot(distance, LEAST_DISTANCE), 2, axis=0)
            for step in range(12):
                weighted = table * weights[:, step:step + 1]
                normal = weighted.T @ table + ridge * weights[:, step].sum() / 2 * size
                self.numbers[:, step] = np.linalg.solve(normal, weighted.T @ rest[:, step])

    def __call__(self, ways):
        return constant_velocity(ways) + np.einsum("nkc,kt->ntc", design(ways, self.knots), self.numbers)


def main():
    tables = {name: np.loadtxt(gzip.open(f"{sys.argv[1]}/{name}.txt.gz")) for name in BOUNDARY}
    learned = {name: windows(table[table[:, 0] < BOUNDARY[name]], False) for name, table in tables.items()}
    tests = {scene: np.concatenate([windows(tables[name], True) for name in names]) for scene, names in SCENES.items()}
    print("| forecast | " + " | ".join(tests) + " | mean | inner |\n" + "|---" * 7 + "|")
    means = [error(constant_velocity(ways), ways) for ways in tests.values()]
    print("| constant velocity | " + " | ".join(f"{value:.3f}" for value in means) + f" | {np.mean(means):.3f} | 1 |", flush=True)
    for kind, has_curves in (("lags", False), ("curves", True)):
        means, ratios = [], []
        for scene, ways in tests.items():
            others = [name for name in BOUNDARY if name not in SCENES[scene]]
            tried = []
            for ridge in RIDGES:
                inner = []
                for left in others:
                    found = Forecast([learned[name] for name in others if name != left], has_curves, ridge)
                    inner.append(error(found(learned[left]), learned[left]) / error(constant_velocity(learned[left]), learned[left]))
                tried.append((np.mean(inner), ridge))
            ratio, ridge = min(tried)
            ratios.append(ratio)
            means.append(error(Forecast([learned[name] for name in others], has_curves, ridge)(ways), ways))
        print(f"| {kind} | " + " | ".join(f"{value:.3f}" for value in means) + f" | {np.mean(means):.3f} | {np.mean(ratios):.3f} |", flush=True)


main()
