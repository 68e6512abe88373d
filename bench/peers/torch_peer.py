import os
import re
import sys
import time

start = time.perf_counter()
import torch

torch.set_num_threads(1)
torch.manual_seed(1)


def first_weights():
    w = torch.nn.init.kaiming_normal_(torch.empty(64, 128), nonlinearity="relu")
    return time.perf_counter() - start, float((w / 0.125).double().square().mean())


from_import, square = first_weights() if "start" in sys.argv else (0, 0)

import numpy as np

from protocol import B_FROM, operand, power_means, sample, sampled, serve


def product(budget, m, k, n):
    a, b = torch.from_numpy(operand(m, k, 0)), torch.from_numpy(operand(k, n, B_FROM))
    c = torch.empty(m, n)
    body = lambda: torch.mm(a, b, out=c)
    body()
    return {"result": sampled(c.numpy()), "samples": sample(body, budget)}


def filled(fill, budget, length):
    out = torch.empty(length)
    fill(out)
    return {"result": power_means(out.numpy()), "samples": sample(lambda: fill(out), budget)}


def orthogonal(budget, n):
    q = torch.empty(n, n)
    body = lambda: torch.nn.init.orthogonal_(q)
    body()
    rows = q[:2].double()
    return {"result": (rows @ rows[0]).tolist(), "samples": sample(body, budget)}


def network(depth, width, batch):
    """Second moments of a He ReLU network's layers, relative to its input's."""
    h = torch.empty(batch, width).normal_()
    first = h.square().mean().item()
    moments = []
    w = torch.empty(width, width)
    for _ in range(depth):
        h = torch.relu(h @ w.normal_(0, (2 / width) ** 0.5))
        moments.append(h.square().mean().item() / first)
    return moments


def headline(budget, depth, width, batch):
    runs = []
    warm = lambda: network(5, width, batch)
    samples = sample(lambda: runs.append(network(depth, width, batch)), budget, warm)
    return {"result": runs[0], "samples": samples}


def experiment(budget, depth, width, batch, _law):
    """The way back too: second moments of the gradient by z, and norms of that by the weights."""

    def run(depth):
        signals, weights, moments, back = [torch.empty(batch, width).normal_()], [], [], []
        for _ in range(depth):
            weights.append(torch.empty(width, width).normal_(0, (2 / width) ** 0.5))
            signals.append(torch.relu(signals[-1] @ weights[-1]))
            moments.append(signals[-1].square().mean().item() / signals[0].square().mean().item())
        delta = torch.empty(batch, width).normal_() * (signals[-1] > 0)
        for layer in reversed(range(depth)):
            back.append((delta.square().mean().item(), (signals[layer].t() @ delta).norm().item()))
            if layer:
                delta = (delta @ weights[layer].t()) * (signals[layer] > 0)
        return moments

    return {"result": run(depth), "samples": sample(lambda: run(depth), budget, lambda: run(5))}


@torch.inference_mode(False)
def training(budget, depth, width, batch, steps):
    """One epoch of SGD with momentum, from the weights of bench/training-task.ts every time; the losses of its steps."""
    widths = [32] + [width] * (depth - 1) + [10]
    start = [
        torch.from_numpy(operand(out, fan_in, layer << 20) * np.float32(np.sqrt(24 / fan_in)))
        for layer, (fan_in, out) in enumerate(zip(widths, widths[1:]))
    ]
    x = torch.from_numpy(operand(batch * steps, 32, 0x50000000) * np.float32(4)).split(batch)
    labels = np.floor((operand(1, batch * steps, 0x60000000)[0].astype(np.float64) + 0.5) * 10).astype(np.int64)
    y = torch.from_numpy(labels).split(batch)
    losses = []

    def epoch():
        weights = [w.clone().requires_grad_() for w in start]
        biases = [torch.zeros(len(w), requires_grad=True) for w in start]
        optimizer = torch.optim.SGD(weights + biases, lr=1e-3, momentum=0.9)
        losses.clear()
        for inputs, targets in zip(x, y):
            h = inputs
            for w, b in zip(weights[:-1], biases):
                h = torch.relu(torch.nn.functional.linear(h, w, b))
            z = torch.nn.functional.linear(h, weights[-1], biases[-1])
            loss = torch.nn.functional.cross_entropy(z, targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    epoch()
    result = list(losses)
    return {"result": result, "samples": sample(epoch, budget)}


if sys.argv[1] == "--version":
    maps = open("/proc/self/maps").read() if os.path.exists("/proc/self/maps") else ""
    blas = {os.path.basename(os.path.realpath(path)) for path in re.findall(r"/\S*(?:blas|mkl)\S*", maps)}
    print(torch.__version__, *sorted(blas))
else:
    with torch.inference_mode():
        serve({
            "product": product,
            "normal": lambda budget, n: filled(lambda out: out.normal_(), budget, n),
            "uniform": lambda budget, n: filled(lambda out: out.uniform_(), budget, n),
            "headline": headline,
            "experiment": experiment,
            "orthogonal": orthogonal,
            "training": training,
            "start": lambda budget: {"result": [square], "samples": [from_import]},
        })
