"""Trains the networks of stdin (tests/training/reference-cases.ts) and prints losses, first gradients and last parameters as JSON.

python3 reference_training.py numpy|torch f32|f64 < cases.json; `--version` beside a library prints its version. NumPy's backward pass is written out
here, PyTorch's is its autograd and its optimizers are torch.optim's.
"""
import json
import sys

import numpy as np

LIBRARY, PRECISION = sys.argv[1], sys.argv[2]


def numpy_relu(z):
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def numpy_tanh(z):
    h = np.tanh(z)
    return h, 1 - h * h


NUMPY_ACTIVATIONS = {"relu": numpy_relu, "tanh": numpy_tanh}


def numpy_loss(kind, z, target):
    """Mean loss and dL/dz, z samples x outputs."""
    if kind == "mean-square":
        error = z - target
        return np.mean(error**2), 2 * error / error.size
    shifted = z - z.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    total = powers.sum(axis=1, keepdims=True)
    rows = np.arange(len(z))
    delta = powers / total
    delta[rows, target] -= 1
    return np.mean(np.log(total[:, 0]) - shifted[rows, target]), delta / len(z)


def numpy_gradients(case, parameters, x, target):
    f, span = NUMPY_ACTIVATIONS[case["activation"]], case["branchLayers"]
    last = len(parameters) - 1
    h, slopes, branches = [x], [], []
    for l, p in enumerate(parameters):
        z = h[l] @ p["weight"].T + p["bias"]
        slope = None
        if "scale" in p:
            branches.append(z)
            out = h[l + 1 - span] + p["scale"] * z
        else:
            branches.append(None)
            out, slope = (z, None) if l == last else f(z)
        slopes.append(slope)
        h.append(out)
    loss, delta = numpy_loss(case["loss"], h[-1], target)
    gradients = [None] * len(parameters)
    towards = [np.zeros_like(value) for value in h]
    towards[-1] = delta
    for l in range(last, -1, -1):
        p, g = parameters[l], {}
        delta = towards[l + 1]
        if "scale" in p:
            g["scale"] = np.sum(delta * branches[l])
            towards[l + 1 - span] = towards[l + 1 - span] + delta
            delta = p["scale"] * delta
        elif slopes[l] is not None:
            delta = delta * slopes[l]
        g["weight"], g["bias"] = delta.T @ h[l], delta.sum(axis=0)
        towards[l] = towards[l] + delta @ p["weight"]
        gradients[l] = g
    return loss, gradients


def numpy_step(case, state, parameters, gradients, t):
    rate, momentum = case["rate"], case["optimizer"]["momentum"]
    for l, p in enumerate(parameters):
        for key in p:
            g = gradients[l][key]
            m, v = state.get((l, key), (np.zeros_like(g), np.zeros_like(g)))
            if case["optimizer"]["name"] == "sgd":
                m = momentum * m + g
                p[key] = p[key] - rate * m
            else:
                m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
                p[key] = p[key] - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            state[(l, key)] = m, v


def numpy_train(case, dtype):
    parameters = [{key: np.asarray(value, dtype) for key, value in p.items()} for p in case["layers"]]
    state, losses, first = {}, [], None
    for t, batch in enumerate(case["batches"], 1):
        target = np.asarray(batch["targets"], np.int64 if case["loss"] != "mean-square" else dtype)
        loss, gradients = numpy_gradients(case, parameters, np.asarray(batch["x"], dtype), target)
        losses.append(float(loss))
        first = first or gradients
        numpy_step(case, state, parameters, gradients, t)
    return losses, first, parameters


def torch_train(case, dtype):
    import torch

    f, span = getattr(torch, case["activation"]), case["branchLayers"]
    parameters = [
        {key: torch.tensor(value, dtype=dtype, requires_grad=True) for key, value in p.items()} for p in case["layers"]
    ]
    flat = [tensor for p in parameters for tensor in p.values()]
    sgd = case["optimizer"]["name"] == "sgd"
    optimizer = (
        torch.optim.SGD(flat, lr=case["rate"], momentum=case["optimizer"]["momentum"])
        if sgd
        else torch.optim.Adam(flat, lr=case["rate"])
    )
    losses, first = [], None
    for batch in case["batches"]:
        h = [torch.tensor(batch["x"], dtype=dtype)]
        for l, p in enumerate(parameters):
            z = torch.nn.functional.linear(h[l], p["weight"], p["bias"])
            if "scale" in p:
                h.append(h[l + 1 - span] + p["scale"] * z)
            else:
                h.append(z if l == len(parameters) - 1 else f(z))
        if case["loss"] == "mean-square":
            loss = torch.nn.functional.mse_loss(h[-1], torch.tensor(batch["targets"], dtype=dtype))
        else:
            loss = torch.nn.functional.cross_entropy(h[-1], torch.tensor(batch["targets"]))
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        first = first or [{key: tensor.grad.clone().numpy() for key, tensor in p.items()} for p in parameters]
        optimizer.step()
    return losses, first, [{key: tensor.detach().numpy() for key, tensor in p.items()} for p in parameters]


def plain(layers):
    return [{key: np.asarray(value, np.float64).tolist() for key, value in layer.items()} for layer in layers]


def trained(case):
    if LIBRARY == "numpy":
        found = numpy_train(case, np.float64 if PRECISION == "f64" else np.float32)
    else:
        import torch

        found = torch_train(case, torch.float64 if PRECISION == "f64" else torch.float32)
    losses, first, after = found
    return {"losses": losses, "gradients": plain(first), "after": plain(after)}


if PRECISION == "--version":
    print(__import__(LIBRARY).__version__)
else:
    json.dump([trained(case) for case in json.load(sys.stdin)], sys.stdout)
