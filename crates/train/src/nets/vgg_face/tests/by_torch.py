"""Writes small_vgg_face.pt, a VGG-16 of few channels as torch.save writes it, and by_torch.json: its features of a picture.

    python by_torch.py        (torch 2.9.0, in this directory)
"""

import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
here = Path(__file__).parent
sys.path.append(str(here.parents[1] / "tests"))
from formula import formula, mixed  # noqa: E402

WIDTHS = [[2, 2], [2, 3], [3, 3, 3], [3, 2, 3], [3, 3, 2]]
BGR_MEAN = [93.59396362304688, 104.76238250732422, 129.186279296875]

weights, channels = {}, 3
for block, widths in enumerate(WIDTHS, 1):
    for index, width in enumerate(widths, 1):
        name = f"conv{block}_{index}"
        weights[name + ".weight"] = formula(name + ".weight", (width, channels, 3, 3))
        weights[name + ".bias"] = formula(name + ".bias", (width,))
        channels = width
for layer, (inputs, units) in enumerate([(channels * 49, 6), (6, 5), (5, 4)], 6):
    weights[f"fc{layer}.weight"] = formula(f"fc{layer}.weight", (inputs, units)).T.contiguous()
    weights[f"fc{layer}.bias"] = formula(f"fc{layer}.bias", (units,))
torch.save({"epoch": 3, "state_dict": weights}, here / "small_vgg_face.pt")

x = formula("x", (2, 3, 96, 96)).requires_grad_()
y = F.interpolate(x, (224, 224), mode="bilinear", align_corners=False)
y = (y.flip(1) + 1) * 127.5 - torch.tensor(BGR_MEAN)[None, :, None, None]
for block, widths in enumerate(WIDTHS, 1):
    for index in range(1, len(widths) + 1):
        name = f"conv{block}_{index}"
        y = F.relu(F.conv2d(y, weights[name + ".weight"], weights[name + ".bias"], padding=1))
    y = F.max_pool2d(y, 2)
y = F.relu(F.linear(y.flatten(1), weights["fc6.weight"], weights["fc6.bias"]))
y = F.linear(y, weights["fc7.weight"], weights["fc7.bias"])
(y * torch.from_numpy(mixed("gradient features", y.numel())).reshape(y.shape)).sum().backward()
gradient = x.grad.flatten().double()
probe = torch.from_numpy(mixed("probe x", gradient.numel())).double()
numbers = {"features": y.flatten().tolist(), "x": [float((gradient * probe).sum()), float(gradient.norm())]}
(here / "by_torch.json").write_text(json.dumps(numbers, indent=1) + "\n")
