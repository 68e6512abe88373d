"""Writes the fixtures torch-*.npz of tests/inspect: PyTorch's own defaults, seeds 0 to 2. Run with Python 3, PyTorch and NumPy:

    python3 tests/inspect/make_torch_models.py tests/inspect/fixtures
"""

import sys
import numpy
import torch
from torch import nn

MODELS = {
    "linear": lambda: nn.Sequential(nn.Linear(40, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10)),
    "conv": lambda: nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Conv2d(16, 24, 3)),
    "grouped": lambda: nn.Conv2d(16, 32, 3, groups=4),
    "transposed": lambda: nn.ConvTranspose2d(24, 6, 3),
    "gru": lambda: nn.GRU(20, 24),
    "lstm": lambda: nn.LSTM(20, 16),
    "embedding": lambda: nn.Embedding(100, 24),
}


def kaiming(mode):
    def make():
        model = MODELS["linear"]()
        for layer in model:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, mode=mode, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        return model

    return make


MODELS["kaiming-fan-in"] = kaiming("fan_in")


def main(folder):
    arrays = {}
    for name, make in MODELS.items():
        for seed in range(3):
            torch.manual_seed(seed)
            for key, value in make().state_dict().items():
                arrays[f"{name}.{seed}.{key}"] = value.numpy()
    numpy.savez(f"{folder}/torch.npz", **arrays)


main(sys.argv[1])
