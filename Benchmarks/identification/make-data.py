"""Synthetic systems with exact truth for `sextant identify`: CSV files with columns u, y and, without noise, t.

python make-data.py FOLDER    (NumPy and SciPy)
"""
import sys
from pathlib import Path

import numpy as np
from scipy import signal


def wiener_hammerstein(rng):
    """Chebyshev filters of third order around a one-sided saturation, 51.2 kHz, as the benchmark of 2009 describes its circuit."""
    rate, rows = 51200, 60000
    first = signal.cheby1(3, 0.5, 4400, fs=rate)
    second = signal.cheby2(3, 40, 5000, fs=rate)
    u = signal.lfilter(*signal.butter(4, 10000, fs=rate), rng.standard_normal(rows))
    u /= u.std()
    inner = signal.lfilter(*first, u)
    t = signal.lfilter(*second, np.where(inner > 0.4, 0.4 + 0.1 * (inner - 0.4), inner))
    return u, t, 1e-4


def duffing(rng, rate=30, seconds=120):
    """q'' = -0.6 q' - 8 q - 4 q^3 + u, u straight lines between 15 values a second; steps of 1/1920 s."""
    knots = 6 * rng.uniform(-1, 1, 15 * seconds + 1)
    steps = 1920 // rate
    h = 1 / 1920

    def input_at(time):
        return np.interp(time, np.arange(len(knots)) / 15, knots)

    def slope(state, time):
        q, v = state
        return np.array([v, -0.6 * v - 8 * q - 4 * q**3 + input_at(time)])

    state, time, u, t = np.zeros(2), 0.0, [], []
    for row in range(rate * seconds):
        u.append(float(input_at(time)))
        t.append(state[0])
        for _ in range(steps):
            a = slope(state, time)
            b = slope(state + h / 2 * a, time + h / 2)
            c = slope(state + h / 2 * b, time + h / 2)
            d = slope(state + h * c, time + h)
            state = state + h / 6 * (a + 2 * b + 2 * c + d)
            time += h
    return np.array(u), np.array(t), 0.01 * np.std(t)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    systems = {"wiener-hammerstein": wiener_hammerstein, "duffing": duffing}
    for name, system in systems.items():
        rng = np.random.default_rng(25)
        u, t, noise = system(rng)
        y = t + noise * rng.standard_normal(len(t))
        np.savetxt(folder / f"{name}.csv", np.column_stack([u, y, t]), delimiter=",", fmt="%.9g", header="u,y,t", comments="")


main()
