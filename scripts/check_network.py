"""Compares networks that evenkeel exported with PyTorch in float64, layer by layer.

python3 scripts/check_network.py [--tolerance 1e-5] [--vectors FILE.json] NET.safetensors ...

Rebuilds each network from its weights and its description (`layers` in the metadata), sends the batch through, the gradient of
L = sum(probe * output) back by autograd, and prints for every tensor the largest difference over the largest value; for the gradient of
a bias, whose terms may cancel (before batch normalization they do so wholly), over the largest sum of their sizes. Exit code 1 if one is
beyond the tolerance, or without PyTorch. `--vectors` also writes what PyTorch found, seven significant digits of each value.
"""
import argparse
import json
import math
import os
import struct
import sys

import numpy as np

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("check_network.py needs PyTorch")


def read_safetensors(path):
    """Tensors as float64 and the metadata: eight bytes of length, a JSON header, the values, all little-endian."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], dtype="<f4").astype(np.float64)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors, metadata


PLAIN = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "hardswish": F.hardswish,
    "quick-gelu": lambda z: z * torch.sigmoid(1.702 * z),
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "hardsigmoid": F.hardsigmoid,
    "tanh": torch.tanh,
    "hardtanh": F.hardtanh,
    "softsign": F.softsign,
    "erf": torch.erf,
    "sin": torch.sin,
    "abs": torch.abs,
    "relu6": F.relu6,
    "squared-relu": lambda z: torch.relu(z) ** 2,
}
WITH_PARAMETER = {
    "leaky-relu": (0.01, F.leaky_relu),
    "prelu": (0.25, F.leaky_relu),
    "elu": (1.0, F.elu),
}


def activation(name, z):
    family, _, parameter = name.partition(":")
    if family in PLAIN:
        return PLAIN[family](z)
    default, f = WITH_PARAMETER[family]
    # the kernels take a parameter as a float32
    return f(z, float(np.float32(parameter)) if parameter else float(np.float32(default)))


def padded(x, kernel, stride, padding):
    """ceil(size / stride) positions: floor((kernel - 1) / 2) values before the first, as many after as the last needs."""
    if padding == "none":
        return x
    pads = []
    for size, k, s in zip(x.shape[2:], kernel, stride):
        before = (k - 1) // 2
        after = (math.ceil(size / s) - 1) * s + k - before - size
        pads = [before, max(0, after)] + pads
    mode = {"zero": "constant", "circular": "circular", "reflect": "reflect"}[padding]
    return F.pad(x, pads, mode=mode)


def convolve(layer, x, weight, bias):
    kernel = weight.shape[2:]
    f = F.conv1d if len(kernel) == 1 else F.conv2d
    x = padded(x, kernel, layer["stride"], layer["padding"])
    return f(x, weight, bias, stride=tuple(layer["stride"]), groups=layer["groups"])


def through(layer, x, tensors, seen, outputs):
    """One layer. Its input is a node of its own, so that its gradient is what this layer alone sends back."""
    name, kind = layer["name"], layer["kind"]
    x = x.clone()
    x.retain_grad()
    seen[name + ".input_gradient"] = x
    parameters = []
    for part in ("weight", "bias"):
        value = tensors.get(f"{name}.{part}")
        parameters.append(None if value is None else value.clone().requires_grad_())
        if value is not None:
            seen[f"{name}.{part}_gradient"] = parameters[-1]
    if kind == "dense":
        out = F.linear(x.flatten(1), *parameters)
    elif kind == "conv":
        out = convolve(layer, x, *parameters)
    elif kind == "activation":
        out = activation(layer["activation"], x)
    elif kind == "layerNorm":
        out = F.layer_norm(x, x.shape[1:], eps=1e-5)
    elif kind == "rmsNorm":
        axes = tuple(range(1, x.dim()))
        out = x / torch.sqrt((x * x).mean(dim=axes, keepdim=True) + 1e-5)
    elif kind == "batchNorm":
        out = F.batch_norm(x, None, None, training=True, eps=1e-5)
    else:
        branch = x
        for inner in layer["layers"]:
            branch = through(inner, branch, tensors, seen, outputs)
        out = x + layer["scale"] * branch
    seen[name + ".output"] = out.detach()
    if parameters[1] is not None:
        out.retain_grad()
        outputs[name + ".bias_gradient"] = out
    return out


def run(tensors, layers):
    """What PyTorch has for every output and gradient of the file, and the sizes that errors are measured against."""
    seen, outputs = {}, {}
    x = tensors["batch"].clone().requires_grad_()
    for layer in layers:
        x = through(layer, x, tensors, seen, outputs)
    (tensors["probe"] * x).sum().backward()
    found = {name: value.grad if name.endswith("_gradient") else value for name, value in seen.items()}
    sizes = {name: value.abs().max().item() for name, value in found.items()}
    for name, out in outputs.items():
        axes = [axis for axis in range(out.dim()) if axis != 1]
        sizes[name] = out.grad.abs().sum(dim=axes).max().item()
    return found, sizes


def distance(ours, theirs, size):
    difference = (ours - theirs).abs().max().item()
    return difference / size if size > 0 else difference


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    parser.add_argument("--vectors")
    arguments = parser.parse_args()
    failed, vectors = False, {}
    for path in arguments.files:
        tensors, metadata = read_safetensors(path)
        found, sizes = run(tensors, json.loads(metadata["layers"]))
        wanted = {name for name in tensors if name.endswith(("_gradient", ".output"))}
        if wanted != set(found):
            print(f"{path}: {sorted(wanted ^ set(found))} are in one of the two only")
            failed = True
        for name in sorted(wanted & set(found)):
            error = distance(tensors[name], found[name], sizes[name])
            failed |= not error <= arguments.tolerance
            print(f"{path} {name} {error:.2e}{'' if error <= arguments.tolerance else ' FAILED'}")
        name = os.path.splitext(os.path.basename(path))[0]
        vectors[name] = {
            key: {"size": sizes[key], "values": [float(f"{v:.7g}") for v in value.flatten().tolist()]}
            for key, value in sorted(found.items())
        }
    if arguments.vectors:
        with open(arguments.vectors, "w") as file:
            json.dump(vectors, file, separators=(",", ":"))
            file.write("\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
