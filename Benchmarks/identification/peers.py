"""Peers on Silverbox, split 1 of its README, free run: PyPI's jax-sysid and freq-statespace.

    python3 Benchmarks/identification/peers.py ../shared/data/system-identification [freq-statespace|jax-sysid]

freq-statespace learns from the seven whole periods of the multisine between rows 40650 and 105712 (it wants periods): a linear model of two
states in the frequency domain, then one polynomial of degree 3 of one inner signal. jax-sysid learns a recurrent network of two states (a
linear part beside a layer of 8 units) from rows 40650:57034 by its two solvers with their defaults: Adam, then L-BFGS. Errors are root mean
squares in mV without the first 50 rows; runs start 400 rows before a test, or at row 0, so that no measured output is needed.
"""

import gzip
import sys
import time

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

TESTS = {"multisine": (105712, 127400), "arrow": (100, 40575), "arrow without extrapolation": (100, 32100)}
PERIOD, BLOCK, FIRST_PERIOD, LAG = 8192, 8692, 40990, 400


def report(name, seconds, u, y, simulate):
    errors = []
    for first, end in TESTS.values():
        start = max(0, first - LAG)
        wrong = y[first:end] - simulate(u[start:end])[first - start:]
        errors.append("{:.3f}".format(1000 * np.sqrt(np.mean(wrong[50:] ** 2))))
    print(f"| {name} | " + " | ".join(errors) + f" | {seconds:.0f} |", flush=True)


def freq_statespace(u, y):
    import freq_statespace as fss

    blocks = [FIRST_PERIOD + BLOCK * number for number in range(7)]
    offset = u[:90].mean()
    inputs, outputs = (np.stack([signal[row:row + PERIOD] for row in blocks], 1)[:, None, :, None] for signal in (u - offset, y))
    start = time.time()
    data = fss.create_data_object(inputs, outputs, np.arange(1, 2 * 1342, 2), 1e7 / 2**14)
    linear = fss.lin.optimize(fss.lin.subspace_id(data, nx=2), data, print_every=-1)
    report("freq-statespace, linear", time.time() - start, u - offset, y, lambda signal: np.asarray(linear.simulate(signal)[0]).reshape(-1))
    model = fss.nonlin.inference_and_learning(linear, data, phi=fss.static.basis.Polynomial(nz=1, degree=3), nw=1, print_every=-1)
    model = fss.nonlin.optimize(model, data, print_every=-1)
    report("freq-statespace, one cubic polynomial", time.time() - start, u - offset, y,
           lambda signal: np.asarray(model.simulate(signal)[0]).reshape(-1))


def jax_sysid(u, y):
    import jax.numpy as jnp
    from jax_sysid.models import Model

    rows = slice(40650, 57034)
    scale, middle = u[rows].std(), u[rows].mean()
    inputs, (top, level) = ((u - middle) / scale)[:, None], (y[rows].std(), y[rows].mean())

    def state(x, signal, parameters):
        a, b, _, entry, bias, out = parameters
        return a @ x + b @ signal + out @ jnp.tanh(entry @ jnp.concatenate([x, signal]) + bias)

    def output(x, signal, parameters):
        return parameters[2] @ x

    random = np.random.default_rng(0)
    poles = 0.96 * np.array([[np.cos(0.7155), np.sin(0.7155)], [-np.sin(0.7155), np.cos(0.7155)]])
    parameters = [poles, random.normal(size=(2, 1)) * 0.1, random.normal(size=(1, 2)), random.normal(size=(8, 3)), np.zeros(8),
                  random.normal(size=(2, 8)) * 0.01]
    model = Model(2, 1, 1, state_fcn=state, output_fcn=output)
    model.init(params=parameters)
    model.loss(rho_x0=1e-4, rho_th=1e-6)
    model.optimization(adam_epochs=200, lbfgs_epochs=400, iprint=-1)
    start = time.time()
    model.fit(((y[rows] - level) / top)[:, None], inputs[rows])
    report("jax-sysid, recurrent network", time.time() - start, u, y, lambda signal: level + top * np.asarray(
        model.predict(np.zeros(2), ((signal - middle) / scale)[:, None])[0]).reshape(-1))


def main():
    table = np.loadtxt(gzip.open(f"{sys.argv[1]}/silverbox.csv.gz", "rt"), delimiter=",", skiprows=1, usecols=(0, 1))
    print("| model | " + " | ".join(TESTS) + " | s |\n|---|---|---|---|---|")
    for name, run in (("freq-statespace", freq_statespace), ("jax-sysid", jax_sysid)):
        if sys.argv[2:] in ([], [name]):
            run(table[:, 0], table[:, 1])


main()
