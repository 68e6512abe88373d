"""Writes tests/inspect/fixtures/chain: chains of PyTorch as torch.onnx.export and state_dict have them, and the signal in them.

    npm run -s evenkeel -- init 5x4 --init normal:1 --seed 0 --stream probe --out probe.npy
    python3 scripts/inspect-vectors.py probe.npy tests/inspect/fixtures/chain

The batch has 5 samples, value i = 3.4 ((7919 i mod 1009)/1009 - 1/2). Of each layer with weights: the mean square and the mean cosine of
what it hands to the next one, and the mean square of dL/dz, L = sum(probe x z of the last layer). Run with Python 3 and PyTorch 1.13.
"""

import json
import sys
import numpy
import torch
from torch import nn

BATCH = 5


def he(model):
    torch.manual_seed(1)
    for layer in model:
        if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.normal_(layer.bias, std=0.1)
        for name in ("weight", "running_var"):
            if not isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Linear)) and getattr(layer, name, None) is not None:
                nn.init.uniform_(getattr(layer, name), 0.5, 1.5)
        for name in ("bias", "running_mean"):
            if not isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Linear)) and getattr(layer, name, None) is not None:
                nn.init.normal_(getattr(layer, name), std=0.3)
    return model.eval()


MODELS = {
    "pooled": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 8, 3, padding=(2, 0)),
            nn.Tanh(),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.Flatten(),
            nn.Linear(8 * 4 * 2, 12),
            nn.ReLU(),
            nn.Linear(12, 4),
            nn.Softmax(dim=1),
        ),
        [1, 12, 10],
        13,
    ),
    "bordered": (
        lambda: nn.Sequential(
            nn.ZeroPad2d((1, 2, 0, 1)),
            nn.Conv2d(2, 6, (3, 2), stride=(1, 2), dilation=(2, 1), groups=2),
            nn.ELU(),
            nn.AvgPool2d(3, stride=2, padding=1),
            nn.Conv2d(6, 8, 2, padding=1),
            nn.LeakyReLU(0.1),
            nn.AvgPool2d(2, stride=2, padding=0, ceil_mode=True),
            nn.Conv2d(8, 6, 3, padding=1),
            nn.SiLU(),
            nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(6, 4),
        ),
        [2, 11, 12],
        13,
    ),
    "normed": (
        lambda: nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.LeakyReLU(0.2),
            nn.MaxPool2d(2, ceil_mode=True),
            nn.LayerNorm([8, 4, 4]),
            nn.Flatten(),
            nn.Linear(8 * 16, 16),
            nn.LayerNorm(16, eps=1e-3),
            nn.GELU(),
            nn.Linear(16, 12),
            nn.ReLU(),
            nn.BatchNorm1d(12, eps=1e-2),
            nn.Linear(12, 4),
        ),
        [3, 7, 7],
        13,
    ),
    "line": (
        lambda: nn.Sequential(
            nn.Conv1d(3, 6, 5, stride=2, padding=3, dilation=2),
            nn.ReLU(),
            nn.BatchNorm1d(6),
            nn.AvgPool1d(2),
            nn.Conv1d(6, 4, 3, padding=1, bias=True),
            nn.Hardswish(),
            nn.MaxPool1d(2),
            nn.Flatten(),
            nn.Linear(4 * 2, 4),
        ),
        [3, 24],
        17,
    ),
}
MODELS["normed-17"] = (*MODELS["normed"][:2], 17)


def batch_of(size):
    count = BATCH * int(numpy.prod(size))
    values = 3.4 * ((numpy.arange(count) * 7919 % 1009) / 1009 - 0.5)
    return torch.from_numpy(values.astype(numpy.float32).reshape(BATCH, *size))


def mean_cosine(h):
    rows = h.reshape(BATCH, -1)
    rows = rows / rows.norm(dim=1, keepdim=True)
    products = rows @ rows.T
    return ((products.sum() - products.trace()) / (BATCH * (BATCH - 1))).item()


def signal(model, x, probe):
    """In f64, of the weights in f32."""
    model, h = model.double(), x.double()
    weighted = (nn.Conv1d, nn.Conv2d, nn.Linear)
    handed, z = [], []
    for layer in model:
        if isinstance(layer, weighted):
            if z:
                handed.append(h)
            h = layer(h)
            h.retain_grad()
            z.append(h)
        elif not isinstance(layer, nn.Softmax):
            h = layer(h)
    handed.append(h)
    (z[-1] * probe.double()).sum().backward()
    return [
        {"secondMoment": (h * h).mean().item(), "cosine": mean_cosine(h), "gradient": (z.grad**2).mean().item()}
        for h, z in zip(handed, z)
    ]


def main(probe, folder):
    probe = torch.from_numpy(numpy.load(probe))
    found, states = {}, {}
    for name, (make, size, opset) in MODELS.items():
        model, x = he(make()), batch_of(size)
        # a norm that is folded into the convolution before it is none to be read
        kept = any(isinstance(layer, nn.BatchNorm2d) for layer in model)
        mode = torch.onnx.TrainingMode.PRESERVE if kept else torch.onnx.TrainingMode.EVAL
        torch.onnx.export(model, x[:1], f"{folder}/{name}.onnx", opset_version=opset, training=mode)
        states.update({f"{name}/{key}": value.float().numpy() for key, value in model.state_dict().items()})
        found[name] = {"input": size, "layers": signal(model, x, probe)}
    numpy.savez(f"{folder}/states.npz", **states)
    with open(f"{folder}/vectors.json", "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


main(*sys.argv[1:])
