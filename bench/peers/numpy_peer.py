import sys
import time

start = time.perf_counter()
import numpy as np


def first_weights():
    w = np.random.default_rng(1).standard_normal((64, 128), dtype=np.float32) * np.float32(0.125)
    return time.perf_counter() - start, float(np.mean(np.square(w / 0.125), dtype=np.float64))


from_import, square = first_weights() if "start" in sys.argv else (0, 0)

from protocol import B_FROM, operand, power_means, sample, sampled, serve

rng = np.random.default_rng(1)


def product(budget, m, k, n):
    a, b, c = operand(m, k, 0), operand(k, n, B_FROM), np.empty((m, n), np.float32)
    body = lambda: np.matmul(a, b, out=c)
    body()
    return {"result": sampled(c), "samples": sample(body, budget)}


def filled(fill, budget, length):
    out = np.empty(length, np.float32)
    fill(out)
    return {"result": power_means(out), "samples": sample(lambda: fill(out), budget)}


def network(depth, width, batch):
    """Second moments of a He ReLU network's layers, relative to its input's."""
    h = rng.standard_normal((batch, width), dtype=np.float32)
    first = np.mean(np.square(h), dtype=np.float64)
    moments = []
    for _ in range(depth):
        w = rng.standard_normal((width, width), dtype=np.float32)
        w *= np.float32(np.sqrt(2 / width))
        h = np.maximum(h @ w, 0)
        moments.append(float(np.mean(np.square(h), dtype=np.float64) / first))
    return moments


def headline(budget, depth, width, batch):
    runs = []
    warm = lambda: network(5, width, batch)
    samples = sample(lambda: runs.append(network(depth, width, batch)), budget, warm)
    return {"result": runs[0], "samples": samples}


if sys.argv[1] == "--version":
    config = np.show_config(mode="dicts")["Build Dependencies"]["blas"] if np.lib.NumpyVersion(np.__version__) >= "1.26.0" else {}
    print(np.__version__, config.get("name", ""), config.get("version", ""))
else:
    serve({
        "product": product,
        "normal": lambda budget, n: filled(lambda out: rng.standard_normal(out=out, dtype=np.float32), budget, n),
        "uniform": lambda budget, n: filled(lambda out: rng.random(out=out, dtype=np.float32), budget, n),
        "headline": headline,
        "start": lambda budget: {"result": [square], "samples": [from_import]},
    })
