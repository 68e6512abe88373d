"""Writes the fixtures of tests/inspect/fixtures/onnx: PyTorch models as torch.onnx.export writes them. Run with Python 3 and PyTorch:

    python3 tests/inspect/make_onnx_models.py tests/inspect/fixtures/onnx
"""

import sys
import numpy
import torch
from torch import nn


class Sequence(nn.Module):
    """An embedding, an LSTM, and a linear layer at each step: Gather, LSTM and MatMul."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 12)
        self.lstm = nn.LSTM(12, 10)
        self.head = nn.Linear(10, 6)

    def forward(self, tokens):
        steps, _ = self.lstm(self.embed(tokens))
        return self.head(steps)


def he(model):
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return model


MODELS = {
    "cnn": (
        lambda: he(
            nn.Sequential(
                nn.Conv2d(3, 12, 3, padding=1),
                nn.ReLU(),
                nn.Conv2d(12, 12, 3, stride=2, padding=1, groups=3),
                nn.ReLU(),
                nn.Flatten(),
                nn.Linear(12 * 9, 10),
            )
        ),
        torch.zeros(1, 3, 6, 6),
    ),
    "transposed": (lambda: nn.Sequential(nn.ConvTranspose2d(8, 6, 4, stride=2)), torch.zeros(1, 8, 4, 4)),
    "sequence": (Sequence, torch.zeros(5, 2, dtype=torch.int64)),
}


def main(folder):
    arrays = {}
    for name, (make, example) in MODELS.items():
        torch.manual_seed(0)
        model = make()
        for key, value in model.state_dict().items():
            arrays[f"{name}.{key}"] = value.numpy()
        for folding in (True, False):
            path = f"{folder}/{name}{'' if folding else '-unfolded'}.onnx"
            torch.onnx.export(model, example, path, do_constant_folding=folding)
    numpy.savez(f"{folder}/weights.npz", **arrays)


main(sys.argv[1])
